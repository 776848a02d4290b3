"""The workbook of rejects as a value: what stands in it and what came back, without any file format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from exchange.kernel.layout import Layout
from exchange.kernel.problems import Problem

ACTION, REASON, PROBLEMS = "_action", "_reason", "_problems"
"""Columns that only the workbook has: what a person wants and why, and what is wrong in plain words."""
ACTIONS = ("fix", "skip", "waive")
"""fix: the row is corrected; skip: it stays open, another time; waive: nobody needs it any more."""


@dataclass(frozen=True, slots=True)
class BookRow:
    """One row of a rejected document."""

    reject_id: str
    line: int
    """Physical line in the source file."""
    place: tuple[int, int]
    """(byte offset in `layout.path`, length) of the record."""
    problems: str = ""
    bad: Mapping[str, str] = field(default_factory=dict)
    """Column -> what is wrong with its cell, and what would be right."""
    first: bool = True
    """Whether a document begins here."""
    together: int = 1
    """Rows of the document that begins here."""


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One problem code of the file."""

    code: str
    count: int
    rule: str
    hint: str
    lines: str
    """The first lines of the source file, for people."""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook of rejects."""

    rows: Iterable[BookRow]
    summary: Sequence[SummaryLine]
    meta: Mapping[str, str]
    """What no person needs to see: claim, source, versions of the mapping."""


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row of a file that came back."""

    line: int
    """Physical line, or row of the sheet."""
    cells: tuple[str, ...]
    """In the order of the columns; more of them where the row is longer than the header."""


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file of rejects as it came back, or as it was written."""

    columns: tuple[str, ...]
    rows: Sequence[ReturnedRow]
    before: str = ""
    """What stands before the header."""
    workbook: bool = False
    meta: Mapping[str, str] = field(default_factory=dict)
    unreadable: str = ""
    """Why not all of it can be read; the rows that can be show whose file it is, and are good for nothing else."""


class Books(Protocol):
    """Writes and reads the rejects of one mapping as people handle them."""

    @property
    def most(self) -> int | None:
        """Rows of a workbook; None: as many as it holds; 0: there is none."""
        ...

    def write(self, target: Path, layout: Layout, book: Book) -> tuple[str, ...]:
        """Write the workbook and return what does not stand in it, for people."""
        ...

    def read(self, path: Path) -> ReturnedFile | Problem | None:
        """Return the rows of a file that says `_reject_id`; None where it is another file, or cannot be read so."""
        ...

    def put(self, path: Path, rows: ReturnedFile) -> None:
        """Write rows as a file that the mapping's own reader takes."""
        ...

    def unwritable(self, text: str) -> str:
        """Return the first character that the encoding of the mapping's files lacks; blank where all is well."""
        ...
