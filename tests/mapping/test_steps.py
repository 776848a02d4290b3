"""Runs every example that a step declares: they are its documentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange.config.models import StepCall
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.chunk import CellFailure
from exchange.kernel.plural import filled as told
from exchange.mapping.spec import Example, StepSpec
from exchange.mapping.steps import STEPS

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]
CASES = [
    pytest.param(spec, example, id=f"{spec.name}-{place}")
    for spec in STEPS.values()
    for place, example in enumerate(spec.examples)
]


@pytest.mark.parametrize(("spec", "example"), CASES)
def test_example(spec: StepSpec, example: Example, run_steps: RunSteps) -> None:
    known = next((value for value in example.given if value is not None), "")
    given = [[value, known] for value in example.given]  # the second row tells the kind of a blank cell
    rows = len(given[0]) if given else 1
    call = StepCall(name=spec.name, argument=example.argument)
    beside = {name: [text] * rows for name, text in example.beside.items()}
    values, failures = run_steps([call], *given, beside=beside, tables=example.tables)
    first = [failure for failure in failures if failure.row == 0]
    assert [failure.code for failure in first] == ([example.problem] if example.problem else [])
    assert values[0] == (None if example.problem else example.expected)
    for failure in first:
        entry = CATALOGUE[failure.code]
        filled = {"field": failure.field, "value": failure.value, **failure.detail}
        assert told(entry.message, filled)
        assert told(entry.remedy, filled)


def test_every_step_says_what_it_does() -> None:
    for name, spec in STEPS.items():
        assert spec.name == name
        assert spec.summary
        assert spec.examples
        assert all(parameter.description for parameter in spec.parameters)
