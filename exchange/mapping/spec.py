"""What a step is: its declaration (summary, parameters, examples) and the shape of the function it builds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.table import Table
from exchange.mapping.kinds import Kind

ParameterType = Literal["text", "texts", "integer", "number", "flag", "scalar", "map", "table", "column", "unit"]
"""texts: one text or a list. number: exact, as text or a whole number. scalar: text, whole number or true/false.
map: text -> text. table: a table's name. column: an input column or earlier field. unit: a column or a literal."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a step; the first one declared takes the bare argument."""

    name: str
    type: ParameterType
    description: str
    required: bool = False
    default: object = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A step at work on one row: it is documentation, and a test runs it."""

    argument: object
    """What stands behind the step's name in YAML; None for nothing."""
    given: tuple[object, ...]
    """Input values, one for each input column: str, int, Decimal, datetime, bool or None."""
    expected: object = None
    """The value that comes out, where no problem does."""
    problem: str = ""
    """Code of the problem that comes out instead of a value."""
    beside: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    """Other columns of the row that the step reads."""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A column that a step reads beside its inputs."""

    name: str
    is_field: bool
    """True for a field filled earlier on this level, False for an input column."""
    kind: Kind


@dataclass(frozen=True, slots=True)
class Literally:
    """A fixed text where a column could have stood."""

    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a step may know while it is built."""

    kinds: tuple[Kind, ...]
    """Kinds of the incoming values, one for each input."""
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows that a step could not do, and why."""

    rows: Mask
    code: str
    detail: Mapping[str, object] = dataclasses.field(default_factory=dict)
    """What the catalogue's message needs, the same for all rows."""
    per_row: Mapping[str, pa.Array] = dataclasses.field(default_factory=dict)
    """What differs by row."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a built step gets for a batch of rows."""

    values: tuple[pa.Array, ...]
    """One array for each input; exactly one for a step that takes one."""
    rows: int
    sides: Mapping[Side, pa.Array]
    memo: dict[Hashable, Any]
    """Lives as long as the batch: steps that compute the same intermediate share it here."""

    @property
    def value(self) -> pa.Array:
        """The only array of a step that takes one."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a built step gives back: as many values as rows, and the rows it refused (their values do not matter)."""

    values: pa.Array
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRead:
    """Which lines of a table a step reads for a batch of rows."""

    table: str
    wanted: Mapping[str, pa.Array]
    """Column of the table -> what each row looks for in it."""
    line: Ints
    """Line of the table for each row, from 0; -1 where there is none."""
    value: str
    """The column that is taken."""


Run = Callable[[Inputs], Outcome]
Reads = Callable[[Inputs], Sequence[TableRead]]


@dataclass(frozen=True, slots=True)
class Built:
    """A step compiled for its parameters: works by column, keeps no state between batches."""

    run: Run
    returns: Kind
    reads: Reads | None = None
    """Says what `run` reads in tables, for people; None where it reads none. Never called in a run."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake in a step's parameters."""

    parameter: str | None
    what: str
    instead: str = ""
    code: str = dataclasses.field(default="STEP_ARGUMENT", compare=False)
    """Of the catalogue's findings of `exchange check`."""


class ArgumentError(Exception):
    """The parameters of a step do not make sense; raised by `build` and turned into mistakes of the plan."""

    def __init__(self, *wrongs: Wrong) -> None:
        self.wrongs = wrongs
        super().__init__("; ".join(wrong.what for wrong in wrongs))


@dataclass(frozen=True, slots=True)
class StepSpec:
    """The declaration of one step."""

    name: str
    summary: str
    build: Callable[[Mapping[str, Any], Context], Built]
    """(parameters by name, context) -> compiled step; raises ArgumentError."""
    accepts: frozenset[Kind] = frozenset({"text"})
    returns: Kind | Literal["same", "depends"] = "text"
    """For people; the built step knows exactly."""
    parameters: tuple[Parameter, ...] = ()
    takes: Literal["one", "many", "none"] = "one"
    """one: works on each input by itself; many: makes one value of all inputs; none: needs no input."""
    examples: tuple[Example, ...] = ()
