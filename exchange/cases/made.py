"""What one case gave: documents, rows, the file, problems; all as text, so that it can be compared and written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Cells = Mapping[str, str]
"""Field or column -> text; blank where there is no value."""


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """One document: its own fields and those of each line."""

    fields: Cells
    lines: tuple[Cells, ...]


@dataclass(frozen=True, slots=True)
class MadeProblem:
    """One problem that was found."""

    code: str
    field: str
    row: int | None
    """Which given row or document, from 1; None where it is of the file, or the case was given a file."""
    line: int | None
    """Line of the given file; None where the case was given rows or documents."""
    value: str
    message: str
    """In words, with what to do."""

    def __str__(self) -> str:
        """Return it in one line, for people."""
        place = f"row {self.row}" if self.row else f"line {self.line}" if self.line else "the file"
        return f"{self.code} of {self.field or place} ({place}): {self.message}"


@dataclass(frozen=True, slots=True)
class Made:
    """What one case gave."""

    documents: tuple[MadeDocument, ...] = ()
    """Those without an error; outbound, as the mapping fills them."""
    rows: tuple[Cells, ...] = ()
    """Outbound: the documents as rows, the fields repeated on each line."""
    content: bytes | None = None
    """Outbound: the file; None where nothing goes out."""
    problems: tuple[MadeProblem, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Inbound: field -> kind of its values (`lines.<name>` for those of lines): numbers are compared as numbers."""
