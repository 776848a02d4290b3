"""What the ledger keeps of documents: how they are told to it, and what it knows of each business key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from exchange.kernel.model import Disposition


class DocumentRow(NamedTuple):
    """One document of one claim."""

    number: str
    disposition: Disposition
    reason: str
    """Why it is held, filtered or rejected: a short stable word or a problem code; empty for out."""
    action: str
    """new, change, cancel ...; empty where nothing is sent."""
    content_hash: int | None
    """64 bits, signed, over what makes a repeated document a changed one; None where it could not be computed."""
    file_line: int
    """1-based physical line of its first record."""
    first_record: int
    """0-based ordinal of its first record: in the source, or in the held artifact for held ones."""
    records: int
    as_of: datetime
    """The age of its content."""
    outputs: str = ""
    """Where it went: `label:artifact number`, joined by commas, for example `wms:1,erp:2` or `held:3`."""
    sent: bool = False
    """Whether it counts as sent from now on (a baseline counts without an output)."""


class Outcome(NamedTuple):
    """What many documents of a claim share."""

    reason: str
    action: str
    as_of: datetime
    outputs: str
    sent: bool


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """Documents of one claim by columns of equal length, as they are added; the fields are those of `DocumentRow`."""

    number: list[str]
    disposition: list[str]
    content_hash: list[int | None]
    file_line: list[int]
    first_record: list[int]
    records: list[int]
    outcome: list[int]
    """Place of each document's outcome in `outcomes`."""
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, rows: Sequence[DocumentRow]) -> DocumentBlock:
        """Return the block of a few documents."""
        places: dict[Outcome, int] = {}
        outcomes = [Outcome(row.reason, row.action, row.as_of, row.outputs, row.sent) for row in rows]
        return cls(
            [row.number for row in rows],
            [row.disposition.value for row in rows],
            [row.content_hash for row in rows],
            [row.file_line for row in rows],
            [row.first_record for row in rows],
            [row.records for row in rows],
            [places.setdefault(outcome, len(places)) for outcome in outcomes],
            tuple(places),
        )


class Shipped(NamedTuple):
    """The business key of a document that a shipment reports as shipped."""

    kind: str
    channel: str
    number: str


class KnownDocument(NamedTuple):
    """What the sealed claims know of one business key."""

    number: str
    sent_claim: str | None
    """The latest claim that sent it."""
    sent_hash: int | None
    """Content hash of what was sent last."""
    sent_at: datetime | None
    """When that claim was sealed."""
    newest_as_of: datetime
    """The age of the newest content seen, whatever became of it."""
    newest_claim: str
    held_claim: str | None
    """The claim that holds it, where its latest appearance is held."""
    open_rejects: tuple[str, ...] = ()
    """Ids of its open rejects; a later good version closes or supersedes them."""
    sent_action: str = ""
    """What its targets were told last: new, change, cancel or return; blank where nothing was sent, or a baseline."""
    shipped: bool = False
    """Whether a shipment of it was reported."""
