"""How the ledger keeps what a table lacks."""

from __future__ import annotations

import pytest

from exchange.kernel.miss import Miss, kept_miss


@pytest.mark.parametrize(
    "miss",
    [
        Miss("items", ("sku",), ("AB 1, {x}",)),
        Miss("prices", ("item, no", "list"), ("100", '"A", where')),
    ],
)
def test_what_is_kept_is_read_back(miss: Miss) -> None:
    assert kept_miss(miss.table, miss.kept, "another cell") == miss


@pytest.mark.parametrize("kept", ["item", "item, list", "item, where list is 'A'"])
def test_of_older_ledgers_the_first_column_is_known(kept: str) -> None:
    assert kept_miss("prices", kept, "100") == Miss("prices", ("item",), ("100",))
