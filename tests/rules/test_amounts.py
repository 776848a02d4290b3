"""Amounts survive the way through integers exactly."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.rules.amounts import AMOUNT, LARGEST, to_decimals, to_ints, to_text

amounts = st.lists(st.one_of(st.none(), st.integers(-LARGEST, LARGEST)), max_size=20)


@given(amounts, st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_there_and_back(made: list[int | None], start: int) -> None:
    column = pa.array([None if value is None else Decimal(value).scaleb(-4) for value in made], AMOUNT).slice(start)
    integers = to_ints(column)
    assert integers.tolist() == [value or 0 for value in made[start:]]
    assert to_decimals(integers).to_pylist() == [Decimal(value or 0).scaleb(-4) for value in made[start:]]


def test_other_decimals_are_taken_too() -> None:
    assert to_ints(pa.array([Decimal("1.5")], pa.decimal128(9, 2))).tolist() == [15000]
    assert to_decimals(np.array([-1])).to_pylist() == [Decimal("-0.0001")]


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0.00"), (125000, "12.50"), (123456, "12.3456"), (-1, "-0.0001"), (-15000, "-1.50"), (10, "0.001")],
)
def test_text(amount: int, text: str) -> None:
    assert to_text(amount) == text
