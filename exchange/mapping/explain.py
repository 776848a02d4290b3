"""Runs one level of a compiled mapping step by step and tells every value on its way; the very plan that a run runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from exchange.kernel.chunk import CellFailure
from exchange.mapping.chain import Path, StepPlan
from exchange.mapping.decimals import WIDE
from exchange.mapping.level import FieldPlan, LevelPlan
from exchange.mapping.mapper import Batch, State, advance, filled, handed
from exchange.mapping.render import as_text
from exchange.mapping.spec import TableRead


@dataclass(frozen=True, slots=True)
class Read:
    """One look into a table."""

    table: str
    wanted: Mapping[str, str]
    """Column of the table -> what was looked for."""
    line: int
    """Line of the table, from 0; -1 where it has none."""
    value: str
    """The column that is taken."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step at work on one row."""

    name: str
    argument: object
    """As it stands in YAML; None for nothing."""
    path: Path
    """Where the mapping says so."""
    beside: Mapping[str, str | None]
    """What it reads beside its values: columns and earlier fields of the row."""
    values: tuple[str | None, ...]
    """What comes out, as text: one for each input until a step joins them; None is blank."""
    reads: tuple[Read, ...]
    code: str
    """The problem that arises here; blank where none does."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How one field of one row came to be."""

    name: str
    row: int
    path: Path
    """Where the mapping fills it."""
    inputs: tuple[tuple[str, str | None], ...]
    """Column -> its text; None is blank."""
    stages: tuple[Stage, ...]
    value: str | None
    """What leaves the mapping, as text; None is blank."""
    failures: tuple[CellFailure, ...]


def explain(level: LevelPlan, columns: Mapping[str, pa.Array], rows: int) -> tuple[Filled, ...]:
    """Return how each field of each row came to be: fields in the order they are filled, rows in theirs.

    It takes what `mapper.apply` takes and comes to the same values and failures.
    """
    batch = Batch(columns, rows)
    return tuple(made for plan in level.fields for made in _field(plan, batch, writes=level.writes))


def _field(plan: FieldPlan, batch: Batch, *, writes: bool) -> Iterator[Filled]:
    names = tuple(name for name, _ in plan.inputs)
    state = State(tuple(batch.column(name, kind) for name, kind in plan.inputs))
    given = _texts(state.values)
    told: list[list[Stage]] = [[] for _ in range(batch.rows)]
    for step in plan.steps:
        before, state = state, advance(state, step, batch)
        for row, stage in enumerate(_stages(step, before, state, batch)):
            told[row].append(stage)
    values, failures = filled(plan, state, batch, writes=writes)
    for row, value in enumerate(as_text(values).to_pylist()):
        inputs = tuple(zip(names, (texts[row] for texts in given), strict=True))
        own = tuple(failure for failure in failures if failure.row == row)
        yield Filled(plan.name, row, plan.path, inputs, tuple(told[row]), value, own)


def _stages(step: StepPlan, before: State, after: State, batch: Batch) -> Iterator[Stage]:
    """Yield what a step does to each row."""
    beside = {side.name: as_text(batch.side(side)).to_pylist() for side in step.sides}
    made = _texts(after.values)
    reads = [
        found
        for inputs, look in zip(handed(before, step, batch), step.reads, strict=True)
        if look is not None
        for found in look(inputs)
    ]
    code_of = {
        int(row): failed.code for failed in after.failures[len(before.failures) :] for row in failed.rows.tolist()
    }
    for row in range(batch.rows):
        yield Stage(
            step.name,
            step.argument,
            step.path,
            {name: texts[row] for name, texts in beside.items()},
            tuple(texts[row] for texts in made),
            tuple(_reads(reads, row)),
            code_of.get(row, ""),
        )


def _reads(reads: list[TableRead], row: int) -> Iterator[Read]:
    """Yield what a row looks for in tables; a blank is looked for nowhere."""
    for read in reads:
        wanted = {column: cells[row].as_py() for column, cells in read.wanted.items()}
        if None not in wanted.values():
            yield Read(read.table, wanted, int(read.line[row]), read.value)


def _texts(values: tuple[pa.Array, ...]) -> list[list[str | None]]:
    return [_plain(array) if array.type == WIDE else as_text(array).to_pylist() for array in values]


def _plain(values: pa.Array) -> list[str | None]:
    """Return amounts between two steps, which have more places than any that leaves a mapping."""
    return [None if value is None else f"{value.normalize():f}" for value in values.to_pylist()]
