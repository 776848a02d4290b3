"""Steps on numbers, past their examples."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from exchange.kernel.chunk import CellFailure

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


def test_whole_numbers_in_every_way_they_are_written(run_steps: RunSteps) -> None:
    texts = ["7", "-7", "+7", "007", "-0", "9" * 18, "0" * 30 + "5", "9" * 19, " 7", "7 ", "1,000", "\u0663", None]
    values, failures = run_steps(["integer"], texts)
    assert values == [7, -7, 7, 7, 0, 10**18 - 1, 5, None, None, None, None, None, None]
    assert [one.row for one in failures] == [7, 8, 9, 10, 11]
    assert {one.code for one in failures} == {"NOT_AN_INTEGER"}


def test_round_takes_what_four_places_do_not_hold(run_steps: RunSteps) -> None:
    values, failures = run_steps(["decimal", {"round": 2}], ["1.2345678", "-1.005", "0.30000", "1.12345678901"])
    assert values == [Decimal("1.23"), Decimal("-1.01"), Decimal("0.3"), None]
    assert [(one.row, one.code) for one in failures] == [(3, "NOT_EXACT")]


def test_sum_and_multiply_by_row(run_steps: RunSteps) -> None:
    assert run_steps(["sum"], [1, None, None], [2, 5, None])[0] == [3, 5, None]
    assert run_steps(["multiply"], [3, None], [4, 5])[0] == [12, None]
    values, failures = run_steps(["multiply"], [10**12, 2], [10**12, 3])
    assert values == [None, 6]
    assert [(one.row, one.code) for one in failures] == [(0, "OUT_OF_RANGE")]


def test_a_failed_input_fails_the_row_once(run_steps: RunSteps) -> None:
    values, failures = run_steps(["decimal", "sum", {"default": "9"}], ["x", "1", None], ["y", "2", None])
    assert values == [None, Decimal(3), Decimal(9)]
    assert [(one.row, one.column, one.value) for one in failures] == [(0, "input0", "x")]
