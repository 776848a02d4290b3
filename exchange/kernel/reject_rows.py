"""What the ledger keeps of what is set aside: problems and rejects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from exchange.kernel.miss import Miss
from exchange.kernel.returned import CellChange


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem as it is kept; the words are final."""

    code: str
    severity: str
    message: str
    remedy: str = ""
    file_line: int | None = None
    record: int | None = None
    field: str | None = None
    value: str | None = None
    number: str = ""
    """Document it belongs to; empty for the file as a whole."""
    reject_id: str | None = None
    lacks: Miss | None = None
    """The line of a table that was looked up in vain; None for every other problem."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An open reject that only waits for tables to have what they lack."""

    reject: RejectRow
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class RejectRow:
    """One document (or whole file) set aside."""

    reject_id: str
    claim: str
    flow: str
    kind: str
    channel: str
    number: str
    """Empty where a record's document is not known, or the whole file was rejected."""
    codes: tuple[str, ...]
    file: str
    """Where a person finds it: the reject file, workspace-relative."""
    file_line: int
    """Physical line in the source file; 0 for a file rejected whole."""
    opened_at: datetime
    as_of: datetime
    """The age of the rejected content; a correction is run with it."""
    state: str = "open"
    """open, closed, superseded or waived."""
    closed_by: str | None = None
    """The claim that closed it; None while open, and for a waiver."""
    closed_at: datetime | None = None
    assigned_to: str = ""
    """Who looks after it; blank for nobody in particular."""

    @property
    def document(self) -> str:
        """The business key as people write it: kind/channel/number."""
        return f"{self.kind}/{self.channel}/{self.number}"


@dataclass(frozen=True, slots=True)
class RejectClosing:
    """A reject that a claim ends."""

    reject_id: str
    state: str = "closed"
    """closed (its own correction), superseded (a newer version of the document) or waived (nobody needs it)."""
    who: str = ""
    """The person who waives it, kept with the reason among what people did by hand."""
    reason: str = ""


class RejectLedger(Protocol):
    """Documents set aside."""

    def get(self, reject_id: str) -> RejectRow | None:
        """Return one reject."""

    def find(self, flow: str | None = None, state: str | None = "open") -> list[RejectRow]:
        """Return rejects in the order they were opened; None means any."""

    def of_files(self, flow: str) -> list[RejectRow]:
        """Return the open rejects of files that were rejected whole, in the order they were opened."""

    def problems(self, reject_id: str) -> list[ProblemRow]:
        """Return the problems kept for one reject."""

    def changes(self, reject_id: str) -> list[tuple[str, CellChange]]:
        """Return what people changed in its rows, in the order in which it came, each with the claim it came in."""

    def parked(self, flow: str | None = None, opened_until: datetime | None = None) -> list[Parked]:
        """Return the open rejects that wait for tables alone, in the order they were opened; None means any."""

    def waive(self, reject_id: str, at: datetime) -> bool:
        """End an open reject without a correction, durably; False where it is not open."""

    def assign(self, reject_id: str, name: str) -> bool:
        """Say who looks after an open reject, durably; False where it is not open."""
