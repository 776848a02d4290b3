"""A shop of which one order was sent, one is held and one was rejected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.shop import Line, Shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A fresh workspace."""
    return Shop(tmp_path / "ws")


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """The same after a first export."""
    ran = shop.take("day.csv", [order(1001), order(1002, status="pending"), order(1003, Line("NOT-SOLD"))])
    assert ran.exit == 3
    return shop
