"""What the header of a source file told: the same for every span of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from exchange.kernel.problems import Problem

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
    """The byte order mark the file came with."""
    reject_ids: Mapping[int, str] = field(default_factory=dict)
    """For a returned reject file: record ordinal -> reject id; `path` is then a copy without the reject columns."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The first look at a file: its layout, or why there is none."""

    layout: Layout | None
    problems: tuple[Problem, ...] = ()
    """File-scope problems; with an error among them the file is rejected whole."""

    @property
    def refused(self) -> bool:
        """Whether the file is rejected whole."""
        return self.layout is None or any(problem.severity == "error" for problem in self.problems)
