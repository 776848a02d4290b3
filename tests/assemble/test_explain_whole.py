"""A file that cannot be made once more is not guessed at: what has changed is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.explain_cell import cell
from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_works import Place
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from tests.flows.shop import Shop, order


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "mappings/flows/orders.yaml",
            '"SO_{claim}.csv"',
            '"NEW_{claim}.csv"',
            "the flow and mappings of today make no file like SO_",
        ),
        (
            "mappings/shopify/orders.yaml",
            'delimiter: ","',
            'delimiter: ";"',
            "cannot be read by the mapping of today: ",
        ),
    ],
)
def test_what_today_makes_no_more(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    shop = Shop(tmp_path / "ws")
    shop.take("day.csv", [order(1001), order(1002)])
    [path] = shop.files("data/outbox/erp/orders")
    shop.edit(file, old, new)

    with ledger_of(load_flows(shop.root)) as ledger, pytest.raises(NotShown, match=said):
        cell(shop.root, ledger, Place(path, 2, "1"))
