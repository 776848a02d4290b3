"""The flow of stock that comes with the samples: copied into a fresh workspace it checks, runs, and tells how."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.flows.shop import Shop

SAMPLES = Path(__file__).parents[2] / "samples/stock"


def test_the_flow_of_the_samples_runs_as_it_is(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    shutil.copytree(shop.root / "samples/stock/starter", shop.root, dirs_exist_ok=True)
    shop.edit("mappings/flows/orders.yaml", "  split: warehouse\n", "  split: warehouse\n  reserve: true\n")
    checked = shop.type("check")
    assert (checked.exit, "warning" in checked.out) == (0, False), checked.out
    inbox = shop.root / "data/outbox/wms/stock"
    inbox.mkdir(parents=True)
    shutil.copyfile(SAMPLES / "01_stock.csv", inbox / "01_stock.csv")
    shop.age(inbox / "01_stock.csv", 1)

    ran = shop.type("run", "stock", "--json")

    assert ran.exit == 3, "the sample holds rows with mistakes"
    assert [row["file"] for row in ran.rows] == ["01_stock.csv", "availability.shopify.csv", "reorder.purchasing.csv"]
    [inventory] = [out["path"] for out in ran.rows[1]["outputs"]]
    told = (shop.root / inventory).read_text().splitlines()
    assert told[0] == "SKU,Available,State,Available from"
    assert {"TEA-ASSAM,166,active,", "TEA-ASSAM-CASE,13,active,", "POT-CAST,0,active,", "MUG-BLUE,16,active,"} <= set(
        told
    )
    assert "TWINE-M,11,discontinued," in told
    [reorder] = [out["path"] for out in ran.rows[2]["outputs"]]
    assert (shop.root / reorder).read_text().splitlines() == [
        "ItemNumber,Sku,Warehouse,Free,SoldPerDay,ReorderPoint,Quantity",
        "100010,TEA-ASSAM,LYO,30.00,0.00,60.00,36",
        "200010,POT-CAST,HAM,-2.00,0.00,0.00,2",
        "200020,MUG-BLUE,HAM,17.00,0.00,40.00,23",
    ]
    assert "to be bought: 100010 at LYO (30 free, buy 36)" in ran.err
    assert shop.type("run", "stock", "--json").rows == []
    assert "reorder point 60, 30 free -> buy 36" in shop.type("trace", "stock", "100010").out
