"""What purchasing is told, and where the figures of several systems differ: over several runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.shelf import Shelf
from tests.flows.shop import Line, order

REORDER_IN = """
reads: reorder
format: {type: csv}
group: {key: Item}
fields:
  item_number: {from: Item}
  told_for: {from: Told for}
lines:
  warehouse: {from: Warehouse}
  free: {from: Free, steps: [decimal]}
  velocity: {from: Velocity, steps: [decimal]}
  reorder_point: {from: Reorder point, steps: [decimal]}
  quantity: {from: Quantity, steps: [integer]}
"""
REORDER_OUT = """
writes: reorder
format: {type: csv}
fields:
  Item: {from: item_number}
lines:
  Where: {from: warehouse}
  Free: {from: free}
  Velocity: {from: velocity}
  Quantity: {from: quantity}
"""
DIFFERENCES_IN = """
reads: reconciliation
format: {type: csv}
group: {key: Item}
fields:
  item_number: {from: Item}
  told_for: {from: Told for}
lines:
  warehouse: {from: Warehouse}
  system: {from: System}
  expected: {from: Expected, steps: [decimal]}
  found: {from: Found, steps: [decimal]}
  quantity: {from: Difference, steps: [decimal]}
"""
ADJUSTMENTS_OUT = """
writes: reconciliation
format: {type: csv}
fields:
  Item: {from: item_number}
lines:
  Where: {from: warehouse}
  System: {from: system}
  Found: {from: found}
  Add: {from: quantity}
"""
OUT = '  - {to: erp, folder: buying, mapping: yard/told, name: "T_{claim}.csv"}\n'


@pytest.fixture
def buying(tmp_path: Path) -> Shelf:
    """A yard whose flow tells purchasing what runs short: tea at 10 a day lasts 5 days of delivery."""
    shelf = Shelf(tmp_path / "ws")
    shelf.write("mappings/yard/computed.yaml", REORDER_IN)
    shelf.write("mappings/yard/told.yaml", REORDER_OUT)
    keys = "{units: sales_units, window: 10d, lead_time: 5d, lasts: 10d}"
    shelf.flow(f"  - {{computed: {{reorder: {keys}}}, channel: buying, mapping: yard/computed}}\n", OUT)
    return shelf


def test_an_item_that_sells_fast_is_bought_before_it_is_gone(buying: Shelf) -> None:
    """100 pieces sold in a window of ten days: 10 a day, a delivery takes 5 days, so at 50 it is time."""
    first = buying.count("mon.csv", "100010,HAM,,300", "200020,HAM,,5", day=1)
    assert len(first.rows) == 1, "nothing runs short, and nobody waits for that news"

    buying.drop("orders.csv", order(1, Line("TEA-ASSAM", "4"), Line("TEA-ASSAM-CASE", "8")))
    sale = buying.type("run", "--json")
    assert [row["flow"] for row in sale.rows] == ["orders"], "200 are left of 300"
    short = buying.count("tue.csv", "100010,HAM,,150", "200020,HAM,,5", day=2)

    assert buying.erp_stock(buying.only(short, "stock")) == ["100010,HAM,50.00,10.00,100"]
    assert "1 to be bought: 100010 at HAM (50 free, buy 100)" in short.err, "a recorded warning"
    assert buying.type("run", "stock", "--json").rows == [], "told once a day"
    [notice] = next(row for row in buying.type("status", "--json").rows if row["flow"] == "stock")["notices"]
    assert (notice["kind"], notice["text"]) == ("reorder", "1 to be bought: 100010 at HAM (50 free, buy 100)")
    assert notice["claim"] == buying.only(short, "stock").rows[-1]["claim"]
    assert "UTC: 1 to be bought: 100010 at HAM (50 free, buy 100)\n" in buying.type("status").out
    assert "10.00 a day, reorder point 50, 50 free -> buy 100" in buying.type("trace", "stock", "TEA-ASSAM").out


def test_figures_of_three_systems_are_compared_and_adjusted(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    shelf.write("mappings/yard/computed.yaml", DIFFERENCES_IN)
    shelf.write("mappings/yard/told.yaml", ADJUSTMENTS_OUT)
    keys = "{items: goods, authority: wms, against: [books, web], tolerance: 1, tolerance_share: 10%}"
    compare = "stock: {mode: snapshot, use: compare}"
    shelf.flow(
        "".join(
            f'  - {{from: yard, match: "{name}*.csv", mapping: yard/stock, channel: {name}, settle: 1s, {compare}}}\n'
            for name in ("books", "web")
        )
        + f"  - {{computed: {{reconciliation: {keys}}}, channel: control, mapping: yard/computed}}\n",
        OUT,
    )
    shelf.edit("mappings/flows/stock.yaml", 'match: "*.csv"', 'match: "wms*.csv"')
    assert shelf.type("check").exit == 0, shelf.type("check").out

    shelf.lay("books_1.csv", "100,HAM,,9", "100,LYO,,4", "200,HAM,,2", day=1)
    shelf.lay("web_1.csv", "100,SHOP,,14", "200,SHOP,,25", day=1)
    first = shelf.count("wms_1.csv", "100,HAM,,10", "100,LYO,,4", "200,HAM,,25", "300,HAM,,3", day=1)

    assert shelf.erp_stock(shelf.only(first, "stock")) == [
        "200,HAM,books,2.00,23.00",
        "300,,web,,3.00",
        "300,HAM,books,,3.00",
    ]
    assert "compared 7 figures, 3 differ by more than they may" in first.err

    shelf.lay("books_2.csv", "100,HAM,,9", "100,LYO,,4", "200,HAM,,25", "300,HAM,,5", day=2)
    second = shelf.type("run", "stock", "--json")
    assert shelf.erp_stock(second) == ["300,,web,,3.00", "300,HAM,books,5.00,-2.00"]
    history = shelf.type("trace", "reconciliation", "300", "--json").rows
    assert [row["disposition"] for row in history] == ["out", "out"]
    assert "books 5 -> differs by -2" in shelf.type("trace", "stock", "BOOK").out
