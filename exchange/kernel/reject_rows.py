"""What the ledger keeps of what is set aside: problems and rejects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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

    @property
    def document(self) -> str:
        """The business key as people write it: kind/channel/number."""
        return f"{self.kind}/{self.channel}/{self.number}"


@dataclass(frozen=True, slots=True)
class RejectClosing:
    """A reject that a claim ends."""

    reject_id: str
    state: str = "closed"
    """closed (its own correction) or superseded (a newer version of the document)."""
