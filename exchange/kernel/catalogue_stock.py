"""The problems of files of stock: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry, of_workspace

ASKED = frozenset({"STOCK_ITEM_MISSING"})
"""Problems of documents that no file holds: a person is asked, and no record is rejected."""
STOCK_ENTRIES = (
    of_workspace(
        "STOCK_RULE_INVALID",
        "A line of the table of stock rules cannot be read",
        "{value}",
        "correct the cell; `exchange check` names the line",
        why="A safety stock or a share that is read wrongly sells what is not there, or sells nothing at all.",
    ),
    of_workspace(
        "SHARES_OVER_WHOLE",
        "Channels get more of one stock than there is",
        "the shares in one stock come to {all}",
        "lower one of the shares, or the last piece is sold twice",
        "warning",
        why="What one channel sells is subtracted for the others with the next run only. Channels that all offer "
        "everything (no share is written) are left alone: that is chosen, and one `buffer` covers it.",
    ),
    of_workspace(
        "ZERO_NOT_DELIVERED",
        "Items that disappear are set to nothing, but not delivered",
        "an item that a snapshot lacks gets no row in this flow's deliveries of its own rows",
        "have `computed: {availability: ...}` tell those who sell",
        "note",
        why="`missing: zero` sets the figures in the ledger, and what is computed from them. What a flow delivers of "
        "the rows it read holds these rows only: who sells by that file alone keeps the old figure.",
    ),
    Entry(
        "STOCK_PARTLY_OLDER",
        "document",
        "Older than what is known of some of its warehouses",
        "item {value}: a newer file of {location} took effect already (claim {claim}), not of its other warehouses",
        "ask for a new file; or let the sender write one file for each warehouse",
        why="Figures of one warehouse are never replaced by older ones. An item whose lines are of several warehouses "
        "goes whole or not at all, so an item that is older in one of them only cannot go on.",
    ),
    Entry(
        "STOCK_UNITS_MIXED",
        "document",
        "Several units at one warehouse",
        "item {value} is counted in {units} at {location}",
        "let the mapping turn them into one unit (step `to_unit`), or correct the unit",
        why="Cases and pieces cannot be added up; which of them is meant only the sender knows.",
    ),
    Entry(
        "STOCK_SEQUENCE_BEHIND",
        "file",
        "A file of changes whose turn is over",
        "this is file {number} of the changes of {source}; {last} took effect already (claim {claim})",
        "if it is a correction, send it with the next number; if it came late, ask for a full snapshot",
        why="Changes add up. One that is added twice, or behind its turn, makes a stock that nobody has.",
    ),
    Entry(
        "STOCK_SEQUENCE_UNREADABLE",
        "file",
        "The number of a file of changes cannot be read",
        "the file has no number: {place} {reason}",
        "correct the name or the column, or `sequence:` of the pick-up",
    ),
    Entry(
        "STOCK_ITEM_MISSING",
        "document",
        "An item is not in the snapshot any more",
        "item {value} had {on_hand} {unit} at {location} ({since}); this snapshot does not name it",
        "send its figure, or waive this where the item is gone for good; it keeps its figure meanwhile",
        why="A snapshot that lacks an item can mean that there is none left, or that the file is cut off. The pick-up "
        "says `missing: problem`, so a person decides. The item's next figure settles it.",
    ),
    of_workspace(
        "STOCK_NOT_SUBTRACTED",
        "Orders that are not subtracted from stock",
        "a flow tells what can be sold, and this one hands over orders without `reserve`",
        "write `reserve: true` below `rules:`; `reserve: {to: [wms]}` names the deliveries that tell the warehouses",
        "warning",
        why="Between two snapshots the shop goes on selling. What is handed over meanwhile has to be subtracted, or "
        "the last piece is sold twice.",
    ),
)
