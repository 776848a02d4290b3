"""Coins by ISO 4217."""

from __future__ import annotations

import pyarrow as pa

from exchange.rules.currency import coins


def test_coins_of_each_currency() -> None:
    header = {"currency": pa.array(["EUR", "JPY", "BHD", "CLF", None, "???"])}
    assert coins(header, 6).tolist() == [100, 10_000, 10, 1, 100, 100]
    assert coins({}, 2).tolist() == [100, 100]
