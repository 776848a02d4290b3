"""The problems of documents that were sent before: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry

LIFE_ENTRIES = (
    Entry(
        "CHANGED_AFTER_SHIPPED",
        "document",
        "Changed or cancelled after it was shipped",
        "document {value} was sent before ({claim}) and has been shipped; it is {status} now",
        "nothing can be changed any more: agree with the customer, and expect a return where it was cancelled",
        why="What has left the warehouse cannot be changed by a file; a warehouse that is told to would ship it twice.",
    ),
    Entry(
        "AS_OF_NOT_IN_NAME",
        "file",
        "The file's name does not say how old it is",
        "the name {value} has no moment in the form {form}, which `as_of` of the pick-up asks for",
        "rename the file and drop it again, or correct `as_of`; `exchange replay CLAIM` takes it with its modification "
        "time",
        why="What an older file says must never undo what a newer one said. Without its age nobody can tell which is "
        "which, so nothing of the file is used.",
    ),
    Entry(
        "AS_OF_MISSING",
        "document",
        "It does not say how old it is",
        "column {field!r} is blank in every row of it, so nobody knows how old it is",
        "fill in when it was changed last, or write another `as_of` for the pick-up",
        why="What an older file says must never undo what a newer one said; see `as_of` of the pick-up.",
    ),
    Entry(
        "AS_OF_UNREADABLE",
        "document",
        "Its age cannot be read",
        "{value!r} in column {field!r} is no moment in the form {format}",
        "write it in that form, or correct `as_of` of the pick-up",
        why="What an older file says must never undo what a newer one said; see `as_of` of the pick-up.",
    ),
    Entry(
        "HELD_TOO_LONG",
        "document",
        "Held for longer than it may be",
        "document {value} is held since {since} ({reason}), which is longer than {limit}",
        "find out what it waits for: `exchange release {kind} {value}` sends it all the same, a later file may release "
        "it or take it back, and `exchange rejects waive ID --reason ...` says that it may wait",
        why="`held_limit` of the flow's release rule says how long a document may wait. It stays held, told once.",
    ),
    Entry(
        "SHIPPED_UNKNOWN",
        "document",
        "A shipment of an order that was never sent",
        "order {value!r} of channel {channel}, which this shipment names, was never sent by this exchange",
        "see that the shipment names the right order, and `channel` of its pick-up, or `order_channel`, the right shop",
        "warning",
        why="The shipment is passed on. But what it ships is marked as shipped under a number that nobody sent: a "
        "later change of the real order would not be refused.",
    ),
    Entry(
        "REOPENED",
        "document",
        "Cancelled before, and open again",
        "document {value} was cancelled or taken back before ({claim}), and this file has it open again",
        "if the customer really wants it, enter it in the shop as a new order",
        why="Its targets were told to stop. Whether they did, and whether it shall go out after all, only people know.",
    ),
)
