"""What came back of rejects in one file, as a value: what a person changed, and what is not taken."""

from __future__ import annotations

from dataclasses import dataclass

REJECTS, META = "Rejects", "_meta"
"""The sheets by which a workbook of rejects is known: its rows, and what they are of."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that a person changed."""

    reject_id: str
    file_line: int
    """In the file that came back."""
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A reject that nobody needs any more."""

    reject_id: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a returned file says beyond the rows that are taken."""

    changes: tuple[CellChange, ...] = ()
    waived: tuple[Waiver, ...] = ()
    notes: tuple[str, ...] = ()
    rows: int = 0
    """Rows that are not taken: unchanged ones, those of another time, those that are settled."""
    documents: int = 0
    """Rejects of which no row is taken."""
