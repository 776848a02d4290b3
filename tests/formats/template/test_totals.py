"""Sums are exact, keep their decimals, and what cannot be summed is a failure of its record."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.formats.template.totals import added, no_numbers, totals_of

HEADER = {"Total": pa.array(["10.50", None, " 2 "]), "Name": pa.array(["a", "b", "c"])}
LINES = {"Quantity": pa.array(["1", "2.50", "", "-4"])}
OWNER = np.array([0, 0, 1, 2], np.int64)


def test_fields_count_once_and_lines_add_up() -> None:
    made = totals_of(HEADER, LINES, OWNER, ("Total", "Quantity"), 3)
    assert made.lines.tolist() == [2, 1, 1]
    assert {name: [str(value) for value in values] for name, values in made.values.items()} == {
        "Total": ["10.50", "0", "2"],
        "Quantity": ["3.50", "0", "-4"],
    }
    assert made.of(np.array([2, 0])).values["Quantity"] == [Decimal(-4), Decimal("3.50")]


@given(st.lists(st.decimals(min_value=-(10**20), max_value=10**20, places=6), max_size=30))
def test_no_sum_is_rounded(values: list[Decimal]) -> None:
    scaled = sum(int(value.scaleb(6)) for value in values)
    assert int(added(values).scaleb(6)) == scaled


@pytest.mark.parametrize("text", ["1,5", "1.", ".5", "1e3", "NaN", "ten", "1 000", "٣"])
def test_only_plain_numbers_are_summed(text: str) -> None:
    lines = {"Quantity": pa.array(["1", text, None, ""])}
    [failure] = no_numbers(HEADER, lines, OWNER, ("Quantity",))
    assert (failure.row, failure.field, failure.value, failure.code) == (0, "Quantity", text, "NOT_SUMMABLE")


def test_a_record_without_lines_adds_nothing() -> None:
    made = totals_of({}, {"Quantity": pa.array(["5"])}, np.array([1], np.int64), ("Quantity",), 2)
    assert made.values == {"Quantity": [Decimal(0), Decimal(5)]}
