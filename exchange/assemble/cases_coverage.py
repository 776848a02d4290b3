"""Finds what cases of a mapping should reach, and records in its compiled levels what they do reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from exchange.assemble.sources import Sources
from exchange.cases.coverage import Coverage, Point, field_name
from exchange.config import models
from exchange.documents.loader import document
from exchange.kernel.chunk import CellFailure
from exchange.kernel.pipeline import Columns, Machine
from exchange.kernel.table import Table
from exchange.mapping.chain import StepPlan
from exchange.mapping.crosswalk import joined
from exchange.mapping.level import FieldPlan, LevelPlan
from exchange.mapping.library import step as spec_of
from exchange.mapping.mapper import apply
from exchange.mapping.plan import compile_mapping
from exchange.mapping.spec import Inputs, Outcome, Run

Apply = Callable[[Columns, int], tuple[dict[str, pa.Array], list[CellFailure]]]
LOOKUP = "lookup"


class Recorder:
    """Puts recorders into the machines of one mapping; all its cases share the coverage."""

    def __init__(self, name: str, mapping: models.Mapping, coverage: Coverage) -> None:
        self._name, self._mapping, self._coverage = name, mapping, coverage

    def __call__(self, machine: Machine, sources: Sources) -> Machine:
        """Return the machine with recorders where it runs the mapping."""
        inbound = self._mapping.reads is not None
        kind = document(self._mapping.reads or self._mapping.writes or "")
        columns = [field.name for field in sources.schema.fields] if sources.schema and inbound else None
        plan = compile_mapping(self._mapping, kind, sources.tables, self._name, columns)
        self._coverage.add(point for level in (plan.header, plan.lines) for point in _points(level))
        header, lines = self._recording(plan.header, sources), self._recording(plan.lines, sources)
        if inbound:
            return replace(machine, map_header=header, map_lines=lines)
        targets = tuple(replace(target, map_header=header, map_lines=lines) for target in machine.targets)
        return replace(machine, targets=targets)

    def _recording(self, level: LevelPlan, sources: Sources) -> Apply:
        reached = self._coverage.reached
        fields = tuple(
            # Without `share` no step is left out because another field has computed the same.
            replace(field, steps=tuple(self._step(field, step, sources.tables) for step in field.steps))
            for field in level.fields
        )
        recording = replace(level, fields=fields)

        def run(columns: Columns, rows: int) -> tuple[dict[str, pa.Array], list[CellFailure]]:
            made, failures = apply(recording, columns, rows)
            told = {(failure.field, failure.code) for failure in failures}
            for field in fields:
                if made[field.name].null_count < rows:
                    reached.add(_field_point(field))
                reached.update(point for point, code in _limits(field) if (field.name, code) in told)
            return made, failures

        return run

    def _step(self, field: FieldPlan, step: StepPlan, tables: Mapping[str, Table]) -> StepPlan:
        if not _is_written(step):
            return replace(step, share=None)
        runs = tuple(_recorded(run, field, step, (tables, self._coverage.reached)) for run in step.runs)
        return replace(step, runs=runs, share=None)


def _points(level: LevelPlan) -> Iterator[Point]:
    for field in level.fields:
        yield _field_point(field)
        for step in filter(_is_written, field.steps):
            yield _step_point(field, step)
            if step.name == LOOKUP:
                yield _miss_point(field, step)
            else:
                yield from (_code_point(field, step, code) for code in _codes(step))
        yield from (point for point, _ in _limits(field))


def _is_written(step: StepPlan) -> bool:
    """Tell whether a step stands in the YAML: address blocks have some that nobody wrote."""
    return step.path[-2:-1] == ("steps",)


def _field_point(field: FieldPlan) -> Point:
    return Point("field", field.path, field_name(field.path))


def _step_point(field: FieldPlan, step: StepPlan) -> Point:
    return Point("step", step.path, field_name(field.path), step.name)


def _miss_point(field: FieldPlan, step: StepPlan) -> Point:
    table = step.argument.get("table") if isinstance(step.argument, Mapping) else step.argument
    return Point("miss", step.path, field_name(field.path), str(table))


def _code_point(field: FieldPlan, step: StepPlan, code: str) -> Point:
    return Point("code", step.path, field_name(field.path), code)


def _limits(field: FieldPlan) -> Iterator[tuple[Point, str]]:
    """Yield the problems that the field itself can have."""
    name = field_name(field.path)
    if field.required:
        yield Point("code", (*field.path, "required"), name, "REQUIRED_MISSING"), "REQUIRED_MISSING"
    if field.max_length is not None:
        yield Point("code", (*field.path, "max_length"), name, "TOO_LONG"), "TOO_LONG"


def _codes(step: StepPlan) -> list[str]:
    """Return the problems that a step can find, as its examples declare them."""
    spec = spec_of(step.name)
    return sorted({example.problem for example in spec.examples if example.problem}) if spec else []


def _recorded(run: Run, field: FieldPlan, step: StepPlan, known: tuple[Mapping[str, Table], set[Point]]) -> Run:
    tables, reached = known

    def recorded(inputs: Inputs) -> Outcome:
        outcome = run(inputs)
        filled = (values.null_count < len(values) for values in (*inputs.values, outcome.values))
        if any(filled):
            reached.add(_step_point(field, step))
        if step.name != LOOKUP:
            reached.update(_code_point(field, step, refused.code) for refused in outcome.refused if refused.rows.any())
        elif _misses(step, inputs, tables):
            reached.add(_miss_point(field, step))
        return outcome

    return recorded


def _misses(step: StepPlan, inputs: Inputs, tables: Mapping[str, Table]) -> bool:
    """Tell whether any value is not in the table, whatever the step makes of it."""
    argument = step.argument if isinstance(step.argument, Mapping) else {}
    table, key = tables[str(argument["table"])], argument["key"]
    known = joined([table.rows[name] for name in ([key] if isinstance(key, str) else key)])
    wanted = joined(inputs.values)
    missing = pc.and_(wanted.is_valid(), pc.invert(pc.is_in(wanted, value_set=known)))
    return bool(pc.any(missing).as_py())
