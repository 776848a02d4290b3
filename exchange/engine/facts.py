"""Every decision of one claim, as the stages after it see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from exchange.engine.moves import Moves
from exchange.engine.pieces import Pieces
from exchange.kernel.backorder_rows import Backorder, Want
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.model import Claim, Disposition
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import RejectRow
from exchange.kernel.stock_rows import StockStream

CODES = (Disposition.OUT, Disposition.REJECTED, Disposition.FILTERED, Disposition.HELD)
OUT, REJECTED, FILTERED, HELD = range(4)
VOID = 4
"""The document was put together again elsewhere; this place of it counts for nothing."""
BASELINE = "baseline"
SUPERSEDED = "superseded: "
"""Begins the reason of what is older than what took effect already."""
NO_AGE = frozenset({"AS_OF_MISSING", "AS_OF_UNREADABLE"})
"""What was rejected for these had no age to be corrected with."""


@dataclass(slots=True)
class SpanFacts:
    """What was decided on the documents of one span: one entry per document."""

    disposition: Ints
    reason: list[str]
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    sent: Mask | None = None
    """Documents a baseline records as sent; None outside of baselines."""
    outside: tuple[int, ...] = ()
    """Documents that a pilot kept outside when they were looked at first."""
    moves: Moves | None = None
    """What was decided of documents that were sent before; None where all that goes out is new."""
    pieces: Pieces | None = None
    """How lines are shipped, where not each whole and at once."""
    waits: dict[int, tuple[Want, ...]] = field(default_factory=dict)
    """What of which documents waits for stock."""


NO_VERSION = datetime(1970, 1, 1, tzinfo=UTC)
"""The age of what is no version of its document."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Every decision of one claim."""

    version: int
    """The ledger's version when it was read; checked at the seal."""
    spans: tuple[SpanFacts, ...]
    known: Mapping[str, KnownDocument]
    returned: Mapping[str, RejectRow]
    """Document number -> the reject it was corrected from."""
    outdated: frozenset[str] = frozenset()
    """Numbers of documents of which a newer version is known; what they say closes nothing, replayed or not."""
    late: frozenset[str] = frozenset()
    """Numbers of documents that correct a reject which is settled: no version of anything."""
    waited: Mapping[str, Backorder] = field(default_factory=dict)
    """Document number -> what of it waited for stock before."""
    streams: Mapping[str, StockStream] = field(default_factory=dict)
    """How far the sender of stock had come, by location."""


def refuse(facts: SpanFacts, row: int, problem: Problem) -> None:
    """Reject a document for one reason more."""
    facts.disposition[row] = REJECTED
    facts.problems.setdefault(row, []).append(problem)
    if facts.sent is not None:
        facts.sent[row] = False


def as_of_document(facts: Facts, number: str, claim: Claim, own: datetime | None = None) -> datetime:
    """Return the age of a document's content: that of its origin for a correction, else its `own`, else the claim's.

    What corrects a settled reject is older than everything: neither what is held nor an export to come gives way to it.
    """
    reject = facts.returned.get(number)
    if reject is None and number in facts.late:
        return NO_VERSION
    if reject is None or (own is not None and NO_AGE.intersection(reject.codes)):
        return own or claim.as_of
    return reject.as_of
