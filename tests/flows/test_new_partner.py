"""A partner nobody here wrote for: infer, correct, check, show, cases, dry run, run, as mappings/README.md tells it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.flows.shop import EPOCH, Shop, read_csv
from tests.samples.shared import shared

PURCHASES = """\
Order Date,Order Reference,Supplier,Destination,Pricelist,Order Lines / Product,Order Lines / Quantity
2012-12-15,PO00008,Nordlicht,Stock,Default,LAMP-S,20
,,,,,LAMP-M,30
,,,,,LAMP-L,40
2012-12-15,PO00009,Holm,Stock,Default,CUP,5
,,,,,SAUCER,15
"""
SOURCES = """\
source_code,sku,status,quantity
eu-1,MUG-1,1,6.8800
eu-2,MUG-1,1,5.0000
us-1,MUG-2,1,15
eu-1,MUG-2,1,33
"""


@pytest.fixture(params=["own", "shared"])
def given(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """The two files: our own ones in the same shape, and those of the collections where they lie beside the project."""
    found = (shared("odoo") / "o2m_purchase_order_lines.csv", shared("magento") / "stock_sources.csv")
    if request.param == "own":
        found = (tmp_path / found[0].name, tmp_path / found[1].name)
        for path, text in zip(found, (PURCHASES, SOURCES), strict=True):
            path.write_text(text, encoding="utf-8")
    elif not all(path.exists() for path in found):
        pytest.skip("the shared collection is not beside the project")
    return found


def put(shop: Shop, file: Path, inbox: str) -> None:
    target = shop.root / inbox / file.name
    target.write_bytes(file.read_bytes())
    os.utime(target, (EPOCH, EPOCH))


def fine(shop: Shop, *words: str) -> str:
    ran = shop.type(*words)
    assert ran.exit == 0, ran.out + ran.err
    return ran.out


def test_two_partners_in_minutes(shop: Shop, given: tuple[Path, Path]) -> None:
    """Issue 5: a new partner with infer, edits, show, test and run; beside the flows of the starter."""
    drafted_and_tested(shop, given[0])
    into_the_erp(shop, given[0])
    stock(shop, given[1])
    assert shop.open_rejects() == []


def drafted_and_tested(shop: Shop, purchases: Path) -> None:
    """Purchase orders, whose number stands on the first row only."""
    first = read_csv(purchases.read_text())[0]

    drafted = shop.type("infer", str(purchases), "--name", "odoo/purchases", "--write", "--flow", "odoo")
    assert drafted.exit == 0
    assert "made up, because no column tells it: payment_status, currency, total, unit_price" in drafted.err
    fine(shop, "schema", "export")
    assert "does not name its schema" not in shop.type("schema", "export").out, "the draft names its own"
    fine(shop, "check")
    shown = fine(shop, "show", "odoo/purchases", "--file", str(purchases), "--record", first["Order Reference"])
    assert f'= sku                   "{first["Order Lines / Product"]}"' in shown
    assert "purchases.csv:3, column 6" in shown.replace(purchases.name, "purchases.csv")

    cases = shop.root / "mappings/odoo/purchases_test.yaml"
    cases.write_text(
        """\
defaults:
  first_row: {Order Date: "2012-12-15", Order Reference: PO1}
  every_row: {Order Lines / Quantity: 20}
cases:
  - case: rows without a number belong to the order above them
    given:
      rows:
        - {Order Lines / Product: LAMP-S}
        - {Order Lines / Product: LAMP-M, Order Lines / Quantity: 30}
        - {Order Lines / Product: CUP, Order Reference: PO2}
        - {Order Lines / Product: SAUCER}
""",
        encoding="utf-8",
    )
    missing = shop.type("test", "odoo")
    assert missing.exit == 3
    assert "expect says nothing; `--update` writes what came" in missing.out
    assert "+        order_number: PO2" in missing.out, "what would be written is shown"
    fine(shop, "test", "odoo", "--update")
    assert fine(shop, "test", "odoo").endswith("1 case passed\n")
    written = cases.read_text(encoding="utf-8")
    assert written.count("order_number:") == 2
    assert '{sku: LAMP-M, quantity: "30", unit_price: "0.00"}' in written


def into_the_erp(shop: Shop, purchases: Path) -> None:
    """`check` names what the ERP's file needs and the draft does not fill."""
    first, second = read_csv(purchases.read_text())[:2]
    shop.edit(
        "mappings/flows/odoo.yaml",
        "deliver:\n",
        'deliver:\n  - {to: erp, folder: purchases, mapping: erp/orders, name: "PO_{claim}.csv"}\n',
    )
    needed = shop.type("check")
    assert needed.exit == 5
    assert "fills no description; fill description in mappings/odoo/purchases.yaml" in needed.out
    shop.edit(
        "mappings/odoo/purchases.yaml",
        "lines:\n",
        "lines:\n  description: {from: Order Lines / Product, steps: [strip]}\n  unit: {steps: [{constant: EA}]}\n",
    )
    fine(shop, "check")
    put(shop, purchases, "data/inbox/odoo")
    assert f"| new,{first['Order Reference']},odoo,1" in fine(shop, "run", "odoo", "--dry-run")
    fine(shop, "run", "odoo")
    [out] = shop.files("data/outbox/erp/purchases")
    rows = read_csv(out.read_text(encoding="utf-8"))
    assert [row["OrderNumber"] for row in rows[:2]] == [first["Order Reference"]] * 2
    assert [row["Sku"] for row in rows[:2]] == [first["Order Lines / Product"], second["Order Lines / Product"]]
    assert len(rows) == len(read_csv(purchases.read_text()))


def stock(shop: Shop, sources: Path) -> None:
    """One row for each item and source."""
    fine(shop, "infer", str(sources), "--name", "magento/stock", "--write", "--flow", "magento")
    assert "mapping: erp/stock" in (shop.root / "mappings/flows/magento.yaml").read_text(encoding="utf-8")
    fine(shop, "check")
    put(shop, sources, "data/inbox/magento")
    fine(shop, "run", "magento")
    [out] = shop.files("data/outbox/magento_review")
    got = [(row["item_number"], row["warehouse"], row["quantity"]) for row in read_csv(out.read_text())]
    read = read_csv(sources.read_text())
    assert got == [(row["sku"], row["source_code"], f"{float(row['quantity']):.2f}") for row in read]
