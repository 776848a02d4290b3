"""Compiles the fields of one level of a mapping: names, inputs, addresses, and the kind each field must have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exchange.config import models
from exchange.config.suggest import suggest
from exchange.config.values import Names
from exchange.kernel.table import Table
from exchange.mapping.binding import Scope
from exchange.mapping.chain import READERS, Path, PlanMistake, StepPlan, compile_chain
from exchange.mapping.kinds import Kind
from exchange.mapping.steps import address

_TYPES = "TYPE_MISMATCH"
_KEEP_AMOUNTS = frozenset({"sum", "coalesce", "default"})
"""Steps that make amounts of money of amounts of money."""
_COMBINERS = "join, coalesce, sum, multiply, or lookup with one key column for each"


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field is filled."""

    name: str
    inputs: tuple[tuple[str, Kind], ...]
    """Input columns with their kinds."""
    steps: tuple[StepPlan, ...]
    kind: Kind
    """Kind of the finished field, before an outbound one is written as text."""
    required: bool
    max_length: int | None
    path: Path = ()
    """Where the mapping fills it: keys from the top of the YAML file."""
    is_amount: bool = False
    """Whether it is an amount of money that is written without a form of its own."""


@dataclass(frozen=True, slots=True)
class LevelPlan:
    """The fields of the header or of the lines, in the order they are filled."""

    fields: tuple[FieldPlan, ...]
    writes: bool
    """True for an outbound mapping: every field is written as text."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the input columns that are read, each once."""
        named = [name for field in self.fields for name, _ in field.inputs]
        beside = [
            side.name for field in self.fields for step in field.steps for side in step.sides if not side.is_field
        ]
        return tuple(dict.fromkeys([*named, *beside]))

    @property
    def outputs(self) -> dict[str, Kind]:
        """Return the kind of each field."""
        return {field.name: "text" if self.writes else field.kind for field in self.fields}

    @property
    def sources(self) -> dict[str, str]:
        """Return the first input column of each field that has one."""
        return {field.name: field.inputs[0][0] for field in self.fields if field.inputs}


@dataclass(frozen=True, slots=True)
class Level:
    """What the fields of one level are compiled with."""

    targets: Mapping[str, Kind] | None
    """Fields an inbound mapping may fill, with their kinds; None for an outbound one, which names its own."""
    advice: Mapping[str, str]
    """Names that do not belong on this level, and what to do about each."""
    scope: Scope
    tables: Mapping[str, Table]
    mistakes: list[PlanMistake]
    amounts: frozenset[str] = frozenset()
    """Columns that are amounts of money."""

    def wrong(self, path: Path, what: str, instead: str = "", code: str = "STEP_ARGUMENT") -> None:
        """Note a mistake."""
        self.mistakes.append(PlanMistake(path, what, instead, code))


@dataclass(frozen=True, slots=True)
class _Part:
    """One field to compile; an address is taken apart into several."""

    name: str
    path: Path
    columns: tuple[str, ...]
    column_path: Path
    calls: tuple[tuple[models.StepCall, Path], ...]
    made: models.FieldMap


def compile_level(block: str, fields: Mapping[str, models.FieldMap], level: Level) -> LevelPlan:
    """Compile the fields below the YAML key `block`; mistakes are noted on the level."""
    plans = []
    for name, field in fields.items():
        for part in _parts(name, field, (block, name), level):
            plan = _compile_field(part, level)
            level.scope.fields[part.name] = plan.kind
            plans.append(plan)
    return LevelPlan(tuple(plans), writes=level.targets is None)


def _parts(name: str, field: models.FieldMap, path: Path, level: Level) -> Iterator[_Part]:
    if field.address is None:
        calls = tuple((call, (*path, "steps", place)) for place, call in enumerate(field.steps))
        yield _Part(name, path, field.from_, (*path, "from"), calls, field)
        return
    if level.targets is None:
        level.wrong(
            (*path, "address"), "an address block fills a document", f"write {name}.Name: {{from: ...}} and so on"
        )
        return
    if field.from_ or field.steps or field.required or field.max_length:
        level.wrong(path, "an address block stands alone", "write from, steps, required and max_length at its parts")
    for part, given in field.address.items():
        yield _address_part(name, part, given, (*path, "address", part))


def _address_part(name: str, part: str, given: Names | models.FieldMap, path: Path) -> _Part:
    is_field = isinstance(given, models.FieldMap)
    made = given if isinstance(given, models.FieldMap) else models.FieldMap.model_validate({"from": given})
    own = tuple((call, (*path, "steps", place)) for place, call in enumerate(made.steps))
    before = [(call, path) for call in address.before(part)]
    after = [(call, path) for call in address.after(part, inputs=len(made.from_), own=len(own))]
    calls = (*before, *own, *after) if made.from_ else (*own, *after)
    return _Part(f"{name}.{part}", path, made.from_, (*path, "from") if is_field else path, calls, made)


def _compile_field(part: _Part, level: Level) -> FieldPlan:
    wanted = _wanted(part, level)
    inputs = _inputs(part, level)
    if not part.columns and not part.calls:
        instead = "write `from`, or the step `constant`"
        level.wrong(part.path, f"{part.name} is filled from nothing", instead, "NOT_FILLED")
    known = len(inputs) == len(part.columns)
    before = len(level.mistakes)
    chain = compile_chain(part.calls, inputs if known else (), level.scope, level.tables, level.mistakes)
    if not known:  # kinds that follow from a column nobody knows would only be noise
        level.mistakes[before:] = [found for found in level.mistakes[before:] if "needs a column" not in found.what]
    kind = _finished(part, chain.kinds if known else None, wanted, level)
    money = kind == "decimal" and _is_amount(part, level)
    return FieldPlan(part.name, inputs, chain.steps, kind, part.made.required, part.made.max_length, part.path, money)


def _is_amount(part: _Part, level: Level) -> bool:
    """Tell whether a field is an amount of money, and no step says how many digits it has."""
    keeps = all(call.name in _KEEP_AMOUNTS for call, _ in part.calls)
    return bool(part.columns) and keeps and level.amounts.issuperset(part.columns)


def _wanted(part: _Part, level: Level) -> Kind | None:
    """Return the kind a field must have; None where any will do."""
    if level.targets is None or part.name in level.targets:
        return (level.targets or {}).get(part.name)
    if part.name in level.advice:
        level.wrong(part.path, f"{part.name} cannot be filled here", level.advice[part.name], "UNKNOWN_FIELD")
    else:
        advice = suggest(part.name, level.targets)
        level.wrong(part.path, f"the document has no field {part.name}", advice, "UNKNOWN_FIELD")
    return None


def _inputs(part: _Part, level: Level) -> tuple[tuple[str, Kind], ...]:
    found: list[tuple[str, Kind]] = []
    for place, column in enumerate(part.columns):
        if column in level.scope.inputs:
            found.append((column, level.scope.inputs[column]))
            continue
        path = part.column_path if len(part.columns) == 1 else (*part.column_path, place)
        instead = level.advice.get(column) if level.targets is None else None
        known = level.scope.inputs
        level.wrong(path, f"there is no column {column}", instead or suggest(column, known), "UNKNOWN_COLUMN")
    return tuple(found)


def _finished(part: _Part, kinds: tuple[Kind, ...] | None, wanted: Kind | None, level: Level) -> Kind:
    """Return the kind of a finished field after checking that it is one value of the wanted kind."""
    if kinds is None or not kinds:
        return wanted or "text"
    if len(kinds) > 1:
        level.wrong(part.path, f"{part.name} has {len(kinds)} columns and needs one value", f"add {_COMBINERS}", _TYPES)
        return wanted or kinds[0]
    got = kinds[0]
    if wanted is None or got == wanted or (got, wanted) == ("integer", "decimal"):
        return wanted or got
    step = "format_datetime" if (got, wanted) == ("datetime", "text") else READERS[wanted]
    instead = f"add the step {step}" if "text" in {got, wanted} else f"end with a step that makes {wanted}"
    level.wrong(part.path, f"{part.name} is {wanted} in the document, and its steps make {got}", instead, _TYPES)
    return wanted
