"""The shipped suite of steps: all of ours pass it, and it finds what is wrong with one that is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from exchange.mapping.spec import Built, Context, Inputs, Outcome, StepSpec
from exchange.mapping.steps import STEPS
from exchange.testing.steps import StepSuite

FILLING = ("default", "when")


class TestOurs(StepSuite):
    """Every step of ours but those that fill blanks."""

    @pytest.fixture(params=[name for name in STEPS if name not in FILLING])
    def step(self, request: pytest.FixtureRequest) -> StepSpec:
        """Return one of them."""
        return STEPS[request.param]


class TestFilling(StepSuite):
    """Those that make something of nothing."""

    fills_blanks = True

    @pytest.fixture(params=FILLING)
    def step(self, request: pytest.FixtureRequest) -> StepSpec:
        """Return one of them."""
        return STEPS[request.param]


def broken(run: Any) -> StepSpec:
    """Return `upper` with another way of working."""

    def build(_arguments: Mapping[str, Any], _context: Context) -> Built:
        return Built(run, "text")

    return replace(STEPS["upper"], build=build)


def upper(values: pa.Array) -> list[str | None]:
    return [cell and cell.upper() for cell in values.to_pylist()]


def by_count(inputs: Inputs) -> Outcome:
    """A step that looks at the whole batch."""
    cells = upper(inputs.value)
    return Outcome(
        pa.array([cell and cell * min(len(cells), 2) for cell in cells] if cells[1:] else cells, pa.string())
    )


@pytest.mark.parametrize(
    ("run", "test"),
    [
        (lambda inputs: Outcome(inputs.value), "test_its_examples_hold"),
        (
            lambda inputs: Outcome(pa.array(upper(inputs.value)[:1])),
            "test_gives_as_many_values_as_rows_of_the_kind_it_says",
        ),
        (lambda inputs: Outcome(pa.array(["AB"] * inputs.rows)), "test_blank_stays_blank"),
        (by_count, "test_a_batch_comes_to_what_its_rows_come_to"),
    ],
    ids=["does nothing", "loses rows", "fills blanks", "counts the batch"],
)
def test_finds_what_is_wrong(run: Any, test: str) -> None:
    suite, step = StepSuite(), broken(run)

    with pytest.raises((AssertionError, ValueError)):
        getattr(suite, test)(step)


def test_finds_a_step_that_says_nothing_of_itself() -> None:
    upper = STEPS["upper"]
    for poor in (
        replace(upper, summary=""),
        replace(upper, summary="Does."),
        replace(upper, examples=()),
        replace(upper, name="Upper Case"),
    ):
        with pytest.raises(AssertionError):
            StepSuite().test_says_what_it_does(poor)
