"""What the header of a source file told: the same for every span of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from exchange.kernel.problems import Problem
from exchange.kernel.returned import TakenBack

REJECT_COLUMNS = ("_reject_id", "_line", "_field", "_value", "_code", "_message", "_remedy")
"""What a reject file adds behind the source's own columns; a file that ends with them is a returned one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one source file is written; picklable."""

    path: Path
    """The file that is scanned and whose byte offsets count: the claimed copy, or a normalised copy beside it."""
    columns: tuple[str, ...]
    """The source's own column names, trimmed, in file order."""
    header: bytes
    """The header line's own bytes, without byte order mark and line end."""
    data_start: int
    """Byte offset of the first record."""
    first_line: int
    """1-based physical line of the first record."""
    encoding: str
    """Encoding of the bytes at `path`."""
    source_encoding: str
    """Encoding of the file as it came (differs where a normalised copy was made)."""
    delimiter: str
    newline: bytes
    bom: bytes = b""
    """The byte order mark the file came with, and what stands before its header."""
    data_end: int | None = None
    """Byte offset behind the last record, where a footer follows; None: the end of the file."""
    reject_ids: Mapping[int, str] = field(default_factory=dict)
    """For a returned reject file: record ordinal -> reject id; `path` is then a copy without the reject columns."""
    lines: Sequence[int] | None = None
    """For a flat copy of another format: record ordinal -> physical line (sheet row) in the file as it came; None: the
    lines of `path` itself. An `array("q")`, so that a million records take 8 MB."""
    records: Sequence[int] | None = None
    """For a flat copy in which a record of the file as it came has several rows: row -> ordinal of that record,
    ascending; None: each row is a record."""
    found: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    """Record ordinal -> what was found wrong with the record while the flat copy was made."""
    broken: Mapping[int, str | None] = field(default_factory=dict)
    """Records that could not become a row: ordinal -> key of the document they belong to. They are in `found`, and in
    the copy one cell holds them as they came."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The first look at a file: its layout, or why there is none."""

    layout: Layout | None
    problems: tuple[Problem, ...] = ()
    """File-scope problems; with an error among them the file is rejected whole."""
    back: TakenBack | None = None
    """Of a file of rejects that came back."""

    @property
    def refused(self) -> bool:
        """Whether the file is rejected whole."""
        return self.layout is None or any(problem.severity == "error" for problem in self.problems)


def columns_named(columns: Iterable[str], wanted: Iterable[str]) -> Iterator[str]:
    """Yield the columns that are meant, each once: `line_item_*` means all that begin so, in the order of the file."""
    listed, done = tuple(columns), set[str]()
    for name in wanted:
        glob = name.replace("[", "[[]").replace("?", "[?]")
        for column in listed:
            if column not in done and (column == name or fnmatchcase(column, glob)):
                done.add(column)
                yield column
