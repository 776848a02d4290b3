"""What is told of one field on its way from a cell to a result: the values that `show` and `trace cell` print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class TableLine:
    """One look into a table."""

    table: str
    file: str
    line: int
    """Physical line of the table's file; 0 where it has none such."""
    wanted: Mapping[str, str]
    """Column -> what was looked for."""
    column: str
    """The column that is taken."""
    found: str | None
    """What it holds; None is blank, or nothing where there is no line."""

    @property
    def said(self) -> str:
        """The look for people."""
        looked = ", ".join(f"{column} {value}" for column, value in self.wanted.items())
        if not self.line:
            return f"{self.file}: no line with {looked}"
        return f"{self.file}:{self.line}: {looked}, {self.column} {self.found or '(blank)'}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step at work."""

    name: str
    argument: object
    """As it stands in YAML; None for nothing."""
    at: str
    """Where the mapping says so: `file:line`."""
    beside: Mapping[str, str | None]
    """What it reads beside its values."""
    values: tuple[str | None, ...]
    """What comes out; one for each input until a step joins them."""
    tables: tuple[TableLine, ...]
    code: str
    """The problem that arises here; blank where none does."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a field starts from: a cell of the partner's file, or a field of the document."""

    name: str
    """The column (or its place in a packed cell), or the document's field."""
    text: str | None
    file: str = ""
    """The partner's file; blank for a field of the document."""
    line: int = 0
    """Physical line on which the record starts."""
    number: int = 0
    """Which column of the file it is, from 1; 0 where a file has no such numbers."""
    note: str = ""
    """What the product did on the way, or where it has the value from."""
    came: Shown | None = None
    """How the field of the document came to be."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How one field came to be."""

    mapping: str
    block: str
    """`fields` or `lines`."""
    row: int
    """Which line of the document (in `lines`), or which of its parts, from 1."""
    field: str
    at: str
    """Where the mapping fills it: `file:line`."""
    line: int
    """Physical line of the partner's file that it comes from."""
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]
    value: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A whole document on its way."""

    document: str
    """Its number, or what its records share where the number cannot be read."""
    kind: str
    file: str
    lines: tuple[int, ...]
    """Physical lines of the partner's file that its records start on."""
    decision: str
    """What the rules of the flow say: out, rejected, held or filtered, and why; blank where no flow was asked."""
    fields: tuple[Shown, ...]
    """Of the mapping that is shown: the document's own, then those of its lines."""
    problems: tuple[Problem, ...] = ()
    """All that is wrong with the document, in the order of the file."""
    rendered: str = ""
    """Outbound: what is written for it."""
