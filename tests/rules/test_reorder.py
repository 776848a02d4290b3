"""When an item is bought again, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from exchange.rules.reorder import Need, Proposal, propose

WEEK = timedelta(days=7)
NEED = Need(Decimal(100), Decimal(56), 4 * WEEK, 2 * WEEK, 4 * WEEK, Decimal(5))
"""2 a day are sold, a delivery takes 14 days: 28 and a safety stock of 5."""


@pytest.mark.parametrize(("free", "quantity"), [("100", 0), ("34", 0), ("33", 56), ("32.5", 57), ("0", 89), ("-7", 96)])
def test_what_lasts_no_longer_than_the_delivery_takes_is_bought(free: str, quantity: int) -> None:
    assert propose(replace(NEED, free=Decimal(free))) == Proposal(Decimal("2.00"), Decimal(33), quantity)


def test_a_point_that_is_told_counts_and_lots_are_whole() -> None:
    made = propose(replace(NEED, free=Decimal(40), point=Decimal(50), order_in=24))
    assert (made.point, made.quantity) == (Decimal(50), 72)


def test_what_nobody_buys_and_nobody_has_is_left() -> None:
    none = replace(NEED, sold=Decimal(0), safety=Decimal(0), free=Decimal(0))
    assert propose(none).quantity == 0
    assert propose(replace(none, sold=Decimal(-4), free=Decimal(3))).quantity == 0
    assert propose(replace(none, free=Decimal(-2))).quantity == 2
