"""Numbers in file names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.config.rules import Rules
from exchange.config.stock import Reserve, Sequence


@pytest.mark.parametrize(
    ("pattern", "name", "number"),
    [
        ("stock_{sequence}.csv", "stock_7.csv", 7),
        ("stock_{sequence}.csv", "STOCK_0007.CSV", 7),
        ("stock_{sequence}.csv", "stock_.csv", None),
        ("stock_{sequence}.csv", "stock_7.csv.bak", None),
        ("stock_{sequence}.csv", "stock_-7.csv", None),
        ("*_{sequence}_*.csv", "HAM_12_20260302.csv", 12),
        ("a+b({sequence}).csv", "a+b(3).csv", 3),
    ],
)
def test_number_in_a_name(pattern: str, name: str, number: int | None) -> None:
    assert Sequence(name=pattern).number_in(name) == number


@given(st.integers(0, 10**18 - 1), st.integers(0, 3))
def test_a_number_is_read_as_it_was_written(number: int, zeros: int) -> None:
    text = f"{number}".zfill(min(18, len(f"{number}") + zeros))
    assert Sequence(name="d_{sequence}.csv").number_in(f"d_{text}.csv") == number


def test_reserve_is_a_switch_or_settings() -> None:
    assert Rules().reserved is None
    assert Rules(reserve=True).reserved == Reserve()
    assert Rules(reserve=Reserve(location="HAM")).reserved == Reserve(location="HAM")
