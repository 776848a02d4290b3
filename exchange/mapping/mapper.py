"""Runs a compiled level over columns: values out, and what was refused cell by cell."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import PLACES, CellFailure, Ints, Mask
from exchange.mapping.chain import StepPlan
from exchange.mapping.decimals import narrowed
from exchange.mapping.kinds import ARROW, UTC, Kind, blank_to_null, mask_of, without
from exchange.mapping.level import FieldPlan, LevelPlan
from exchange.mapping.render import as_text, in_coins
from exchange.mapping.spec import Inputs, Outcome, Refused, Side


@dataclass(frozen=True, slots=True)
class Failed:
    """Rows that failed for one reason."""

    rows: Ints
    code: str
    details: tuple[Mapping[str, object], ...]
    """One for each row."""
    place: int
    """Which input is at fault."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a field stands between two steps."""

    values: tuple[pa.Array, ...]
    failed: Mask | None = None
    """Rows that failed so far; their values are null. None where there are none."""
    failures: tuple[Failed, ...] = ()


@dataclass(slots=True)
class Batch:
    """The rows one call works on."""

    columns: Mapping[str, pa.Array]
    rows: int
    fields: dict[str, pa.Array] = field(default_factory=dict)
    """Finished fields, for later ones that read them."""
    states: dict[Hashable, State] = field(default_factory=dict)
    memo: dict[Hashable, Any] = field(default_factory=dict)

    def column(self, name: str, kind: Kind) -> pa.Array:
        """Return an input column; one that is absent is all blank."""
        if name not in self.columns:
            return pa.nulls(self.rows, ARROW[kind])
        values = self.columns[name]
        fitting = values if values.type == ARROW[kind] else pc.cast(values, ARROW[kind])
        return blank_to_null(fitting) if kind == "text" else fitting

    def side(self, side: Side) -> pa.Array:
        """Return a column that a step reads beside its inputs."""
        return self.fields[side.name] if side.is_field else self.column(side.name, side.kind)


def apply(
    level: LevelPlan, columns: Mapping[str, pa.Array], rows: int
) -> tuple[dict[str, pa.Array], list[CellFailure]]:
    """Fill every field of a level from input columns of `rows` rows.

    Inbound fields have their document's Arrow type, outbound ones are text. A cell that fails is null and fails
    once; the failure names the input column at fault and that cell's own text.
    """
    batch = Batch(columns, rows)
    out: dict[str, pa.Array] = {}
    failures: list[CellFailure] = []
    for plan in level.fields:
        out[plan.name], found = filled(plan, run_steps(plan.steps, plan.inputs, batch), batch, writes=level.writes)
        failures += found
    return out, failures


def filled(plan: FieldPlan, state: State, batch: Batch, *, writes: bool) -> tuple[pa.Array, list[CellFailure]]:
    """Return a field's values as they leave the mapping, and its failures, once its steps are done."""
    state = _finish(plan, state)
    values = state.values[0]
    batch.fields[plan.name] = values
    if writes:
        values = as_text(values)
        if plan.is_amount and PLACES in batch.columns:
            values = in_coins(values, batch.columns[PLACES])
    state = _limits(plan, state, values)
    return values if state.failed is None else without(values, state.failed), _cells(plan, state, batch)


def run_steps(steps: tuple[StepPlan, ...], inputs: tuple[tuple[str, Kind], ...], batch: Batch) -> State:
    """Run the steps of one field; a beginning that another field had too is not computed again."""
    names = tuple(name for name, _ in inputs)
    if names not in batch.states:
        batch.states[names] = State(tuple(batch.column(name, kind) for name, kind in inputs))
    state = batch.states[names]
    for step in steps:
        if step.share is not None and step.share in batch.states:
            state = batch.states[step.share]
            continue
        state = advance(state, step, batch)
        if step.share is not None:
            batch.states[step.share] = state
    return state


def advance(state: State, step: StepPlan, batch: Batch) -> State:
    """Return where a field stands behind one more step."""
    given = handed(state, step, batch)
    return _after(state, [run(inputs) for run, inputs in zip(step.runs, given, strict=True)])


def handed(state: State, step: StepPlan, batch: Batch) -> list[Inputs]:
    """Return what each run of a step gets."""
    sides = {side: batch.side(side) for side in step.sides}
    groups = [(values,) for values in state.values] if step.each else [state.values]
    return [Inputs(group, batch.rows, sides, batch.memo) for group in groups]


def _after(state: State, outcomes: list[Outcome]) -> State:
    """Add what a step refused; rows that failed before or now become null in every value."""
    failed, failures = state.failed, list(state.failures)
    for place, outcome in enumerate(outcomes):
        for refused in outcome.refused:
            fresh = refused.rows if failed is None else refused.rows & ~failed
            if fresh.any():
                failures.append(_failed(fresh, refused, place))
                failed = fresh if failed is None else failed | fresh
    values = tuple(outcome.values for outcome in outcomes)
    if failed is not None:
        values = tuple(without(array, failed) for array in values)
    return State(values, failed, tuple(failures))


def _failed(fresh: Mask, refused: Refused, place: int) -> Failed:
    rows = np.flatnonzero(fresh)
    if not refused.per_row:
        return Failed(rows, refused.code, (refused.detail,) * len(rows), place)
    taken = {name: values.take(pa.array(rows)).to_pylist() for name, values in refused.per_row.items()}
    details = tuple(
        {**refused.detail, **dict(zip(taken, cells, strict=True))} for cells in zip(*taken.values(), strict=True)
    )
    return Failed(rows, refused.code, details, place)


def _finish(plan: FieldPlan, state: State) -> State:
    """Bring a field to the type that leaves the mapping."""
    values = state.values[0]
    if plan.kind == "decimal":
        return _after(state, [narrowed(values)])
    return State((values.cast(UTC),), state.failed, state.failures) if plan.kind == "datetime" else state


def _limits(plan: FieldPlan, state: State, values: pa.Array) -> State:
    refused = []
    if plan.required and values.null_count:
        refused.append(Refused(mask_of(values.is_null()), "REQUIRED_MISSING"))
    if plan.max_length is not None:
        length = pc.utf8_length(as_text(values))
        too_long = mask_of(pc.greater(length, plan.max_length))
        refused.append(Refused(too_long, "TOO_LONG", {"limit": plan.max_length}, {"length": length}))
    return _after(state, [Outcome(state.values[0], tuple(refused))]) if refused else state


def _cells(plan: FieldPlan, state: State, batch: Batch) -> list[CellFailure]:
    """Return the failures of a field with the source's own text."""
    made: list[CellFailure] = []
    for failed in state.failures:
        column, texts = _source(plan, failed, batch)
        made += [
            CellFailure(int(row), plan.name, column, text, failed.code, detail)
            for row, text, detail in zip(failed.rows, texts, failed.details, strict=True)
        ]
    return made


def _source(plan: FieldPlan, failed: Failed, batch: Batch) -> tuple[str | None, list[str | None]]:
    if not plan.inputs:
        return None, [None] * len(failed.rows)
    column, kind = plan.inputs[failed.place]
    cells = batch.column(column, kind).take(pa.array(failed.rows))
    return column, as_text(cells).to_pylist()
