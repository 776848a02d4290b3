"""Runs every example that a step declares: they are its documentation."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from exchange.config.models import StepCall
from exchange.kernel.catalogue import CATALOGUE
from exchange.mapping.binding import Scope
from exchange.mapping.chain import PlanMistake, compile_chain
from exchange.mapping.kinds import ARROW, Kind
from exchange.mapping.level import FieldPlan, LevelPlan
from exchange.mapping.mapper import apply
from exchange.mapping.spec import Example, StepSpec
from exchange.mapping.steps import STEPS

CASES = [
    pytest.param(spec, example, id=f"{spec.name}-{place}")
    for spec in STEPS.values()
    for place, example in enumerate(spec.examples)
]
KINDS: dict[type, Kind] = {bool: "boolean", int: "integer", Decimal: "decimal", datetime: "datetime", str: "text"}


def kind_of(values: tuple[object, ...], spec: StepSpec) -> list[Kind]:
    """Return the kind of each example input; a blank one is like the others, or what the step accepts."""
    known = next((KINDS[type(value)] for value in values if value is not None), None)
    fallback = known or ("text" if "text" in spec.accepts else min(spec.accepts))
    return [KINDS[type(value)] if value is not None else fallback for value in values]


@pytest.mark.parametrize(("spec", "example"), CASES)
def test_example(spec: StepSpec, example: Example) -> None:
    kinds = kind_of(example.given, spec)
    inputs = tuple((f"input{place}", kind) for place, kind in enumerate(kinds))
    scope = Scope({**dict(inputs), **dict.fromkeys(example.beside, "text")}, is_open=False)
    mistakes: list[PlanMistake] = []
    call = StepCall(name=spec.name, argument=example.argument)
    tables = {table.name: table for table in example.tables}
    chain = compile_chain([(call, ("steps", 0))], inputs, scope, tables, mistakes)
    assert mistakes == []
    assert chain.kinds is not None
    assert len(chain.kinds) == 1
    level = LevelPlan(
        (FieldPlan("field", inputs, chain.steps, chain.kinds[0], required=False, max_length=None),), writes=False
    )
    columns = {name: pa.array([value], ARROW[kind]) for (name, kind), value in zip(inputs, example.given, strict=True)}
    beside = {name: pa.array([value]) for name, value in example.beside.items()}
    out, failures = apply(level, {**columns, **beside}, 1)
    assert [failure.code for failure in failures] == ([example.problem] if example.problem else [])
    assert out["field"].to_pylist() == [None if example.problem else example.expected]
    assert out["field"].type == ARROW[chain.kinds[0]]
    for failure in failures:
        entry = CATALOGUE[failure.code]
        filled = {"field": failure.field, "value": failure.value, **failure.detail}
        assert entry.message.format_map(filled)
        assert entry.remedy.format_map(filled)


def test_every_step_says_what_it_does() -> None:
    for name, spec in STEPS.items():
        assert spec.name == name
        assert spec.summary
        assert spec.examples
        assert all(parameter.description for parameter in spec.parameters)
