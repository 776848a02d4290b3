"""`exchange check` finds guards that could hold nothing, and totals that nobody can sum up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.depot import FLOW as DEPOT
from tests.flows.depot import STOCK_IN, Depot
from tests.flows.shop import Shop

FLOW = "mappings/flows/orders.yaml"


@pytest.mark.parametrize(
    ("guards", "said"),
    [
        ("{hundredfold: price, vanish: 20%, totals: [{like: 'T;{records};{quantity};{total}'}]}", ""),
        (
            "{totals: [{like: 'T;{quantty}'}]}",
            "no document of this flow has a number 'quantty' to sum up",
        ),
        ("{totals: [{like: 'T;{sku}'}]}", "no document of this flow has a number 'sku' to sum up"),
        ("{totals: [{like: 'T;12'}]}", "expected a line such as TRAILER;{records};{quantity}"),
        ("{vanish: many}", "expected a percentage such as 20%"),
        ("{row_cuont: {min: 0.5}}", "did you mean 'row_count'?"),
    ],
)
def test_guards_of_orders(tmp_path: Path, guards: str, said: str) -> None:
    shop = Shop(tmp_path / "ws")
    path = shop.root / FLOW
    path.write_text(path.read_text().split("\nguards:")[0] + f"\nguards: {guards}\n")

    checked = shop.type("check")

    assert (checked.exit == 0) is (not said), checked.out + checked.err
    assert said in checked.out + checked.err


def test_prices_of_a_flow_that_reads_none(tmp_path: Path) -> None:
    depot = Depot(
        tmp_path / "ws", STOCK_IN, "writes: stock\nformat: {type: csv}\nfields: {Item: {from: item_number}}\n"
    )
    depot.write("mappings/flows/depot.yaml", f"{DEPOT}guards: {{hundredfold: price, vanish: 20%}}\n")

    checked = depot.type("check")

    assert "no mapping of this flow fills unit_price of a line, so `hundredfold` never holds a file" in checked.out
    assert "`vanish` never" not in checked.out
