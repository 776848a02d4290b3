"""Allocation by largest remainder against a slow reference."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.rules.allocation import CENT, MILL, UNITS, allocate
from exchange.rules.amounts import ONE

values = st.one_of(
    st.integers(0, 20_000).map(lambda cents: cents * CENT), st.integers(0, 300), st.integers(0, 10**15), st.just(0)
)
orders = st.lists(
    st.tuples(st.lists(values, min_size=1, max_size=5), st.fractions(0, 1), st.sampled_from([1, MILL, CENT, ONE])),
    max_size=5,
)


def reference(amount: int, lines: list[int], wanted: int) -> list[int]:
    worth = sum(lines)
    steps = [unit for unit in UNITS if unit <= wanted and (unit != MILL or wanted == MILL)]
    for unit in [unit for unit in steps if amount % unit == 0]:
        quotas = [Fraction(amount * value, worth * unit) if worth else Fraction(0) for value in lines]
        parts = [int(quota) for quota in quotas]
        left = amount // unit - sum(parts)
        by_rest = sorted(range(len(lines)), key=lambda at: (parts[at] - quotas[at], at))
        able = [at for at in by_rest if quotas[at] > parts[at] and (parts[at] + 1) * unit <= lines[at]]
        if len(able) >= left:
            for at in able[:left]:
                parts[at] += 1
            return [part * unit for part in parts]
    raise AssertionError("the smallest unit always fits")


@given(orders)
@settings(max_examples=150, deadline=None)
def test_shares_are_those_of_the_reference(made: list[Any]) -> None:
    amounts = []
    for lines, share, step in made:
        amount = int(sum(lines) * share)
        amounts.append(amount - amount % step)
    owner = np.repeat(np.arange(len(made)), [len(lines) for lines, _, _ in made]).astype(np.int64)
    flat = np.array([value for lines, _, _ in made for value in lines], np.int64)
    units = np.array([CENT if step == 1 else step for _, _, step in made], np.int64)
    shares = allocate(np.array(amounts, np.int64), flat, owner, units)
    assert (shares >= 0).all()
    assert (shares <= flat).all()
    for order, (lines, _, _) in enumerate(made):
        own = shares[owner == order].tolist()
        assert sum(own) == amounts[order]
        assert own == reference(amounts[order], lines, int(units[order]))


@pytest.mark.parametrize(
    ("amount", "lines", "expected"),
    [
        (1000, [3333, 3333, 3334], [333, 333, 334]),
        (100, [1000, 1000, 1000], [34, 33, 33]),
        (200, [1000, 1000, 1000], [67, 67, 66]),
        (1, [0, 5000, 5000], [0, 1, 0]),
        (0, [100, 200], [0, 0]),
        (300, [100, 200], [100, 200]),
    ],
)
def test_cents(amount: int, lines: list[int], expected: list[int]) -> None:
    owner = np.zeros(len(lines), np.int64)
    shares = allocate(np.array([amount * CENT]), np.array(lines) * CENT, owner, np.array([CENT]))
    assert (shares // CENT).tolist() == expected
    assert (shares % CENT == 0).all()


def test_yen_are_whole_and_finer_amounts_are_divided_finer() -> None:
    owner = np.zeros(3, np.int64)
    yen = allocate(np.array([100 * ONE]), np.full(3, 500 * ONE), owner, np.array([ONE]))
    assert yen.tolist() == [34 * ONE, 33 * ONE, 33 * ONE]
    dinars = allocate(np.array([ONE // 2]), np.full(3, 500 * ONE), owner, np.array([MILL]))
    assert dinars.tolist() == [167 * MILL, 167 * MILL, 166 * MILL], "0.500 BHD"
    fine = allocate(np.array([50]), np.full(3, 500 * ONE), owner, np.array([CENT]))
    assert fine.tolist() == [17, 17, 16]
