"""Stock and shipments go through the house as orders do: mapped, checked, set aside one by one, corrected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.depot import SHIPMENTS_IN, STOCK_IN, Depot
from tests.flows.shop import read_csv
from tests.samples import shipments, stock

SAMPLES = Path(__file__).parents[2] / "samples"
STOCK_OUT = """
writes: stock
format: {type: csv}
fields:
  Item: {from: item_number}
  Counted: {from: counted_at}
lines:
  Line: {from: line_number}
  Warehouse: {from: warehouse}
  Quantity: {from: quantity}
  Unit: {from: unit}
"""
SHIPMENTS_OUT = """
writes: shipment
format: {type: csv}
fields:
  Shipment: {from: shipment_number}
  Weight: {from: weight_g}
lines:
  Order: {from: order_number}
  Sku: {from: sku}
  Quantity: {from: quantity}
  Parcel: {from: package}
"""


@pytest.fixture
def depot(tmp_path: Path) -> Depot:
    """A depot that reports its stock."""
    return Depot(tmp_path / "ws", STOCK_IN, STOCK_OUT)


def codes(shows: str) -> set[str]:
    """Return the problem codes that a sample says it shows."""
    return {word.strip(":;,") for word in shows.split() if word.strip(":;,").replace("_", "").isupper()} & {
        *("NOT_A_NUMBER", "NOT_ALLOWED", "SPREADSHEET_DAMAGE", "PATTERN_MISMATCH"),
        *("UNKNOWN_COUNTRY", "REQUIRED_MISSING", "NOT_A_DATE"),
    }


def test_stock_goes_item_by_item_wherever_its_rows_lie(depot: Depot) -> None:
    ran = depot.bring("stock.csv", (SAMPLES / "stock/01_stock.csv").read_bytes())

    assert ran.exit == 3
    assert ran.row["counts"]["documents"] == {"in": 9, "out": 5, "rejected": 4, "filtered": 0, "held": 0}
    [out] = depot.out(ran)
    rows = read_csv(out.read_text(encoding="utf-8"))
    assert [(row["Item"], row["Line"], row["Warehouse"], row["Quantity"], row["Unit"]) for row in rows] == [
        ("100010", "1", "HAM", "120.00", "EA"),
        ("100010", "2", "HAM", "48.00", "EA"),
        ("100010", "3", "LYO", "30.00", "EA"),
        ("100020", "1", "HAM", "0.00", "EA"),
        ("200010", "1", "HAM", "-2.00", "EA"),
        ("200020", "1", "HAM", "17.00", "EA"),
        ("200020", "2", "HAM", "1.00", "EA"),
        ("400010", "1", "HAM", "12.50", "M"),
    ]
    assert {row["Counted"] for row in rows} == {"2026-03-02T05:00:00Z"}
    assert {(found["document"], found["code"]) for found in depot.problems(ran)} == {
        (item.number, code) for item in stock.STOCK for code in codes(item.shows)
    }


def test_an_item_comes_back_corrected_and_is_traced(depot: Depot) -> None:
    ran = depot.bring("stock.csv", (SAMPLES / "stock/01_stock.csv").read_bytes())
    rejected = depot.reject_file(ran).read_text(encoding="utf-8")

    again = depot.bring("again.csv", rejected.replace("many", "4").replace("lost", "blocked"))

    assert again.row["counts"]["documents"]["out"] == 2
    said = depot.type("trace", "stock", "300010").out
    assert said.startswith("stock 300010 (depot): sent to ")


def test_shipments_with_several_parcels_and_orders(tmp_path: Path) -> None:
    depot = Depot(tmp_path / "ws", SHIPMENTS_IN, SHIPMENTS_OUT)

    ran = depot.bring("shipped.csv", (SAMPLES / "shipments/01_shipments.csv").read_bytes())

    assert ran.row["counts"]["documents"] == {"in": 8, "out": 4, "rejected": 4, "filtered": 0, "held": 0}
    [out] = depot.out(ran)
    rows = read_csv(out.read_text(encoding="utf-8"))
    assert [(row["Shipment"], row["Order"], row["Quantity"]) for row in rows] == [
        ("S-7001", "1001", "2.00"),
        ("S-7001", "1001", "1.00"),
        ("S-7002", "1002", "6.00"),
        ("S-7002", "1002", "1.00"),
        ("S-7003", "1004", "1.00"),
        ("S-7003", "1005", "1.00"),
        ("S-7004", "1006", "2.50"),
    ]
    assert {row["Weight"] for row in rows} == {"1350.00", "5900.00"}
    assert rows[3]["Parcel"] == "340123450000000038"
    assert {(found["document"], found["code"]) for found in depot.problems(ran)} == {
        (made.number, code) for made in shipments.SHIPMENTS for code in codes(made.shows)
    }


def test_stock_of_a_shop_with_a_text_in_place_of_a_quantity(depot: Depot) -> None:
    """Shopify writes `not stocked` where an item is not kept: the mapping says what that means."""
    depot.write(
        "mappings/depot/in.yaml",
        """
reads: stock
format: {type: csv}
group: {key: SKU}
fields: {item_number: {from: SKU}}
lines:
  warehouse: {from: Location}
  quantity: {from: On hand (current), steps: [strip, lower, {replace: {text: not stocked, with: "0"}}, decimal]}
""",
    )
    text = "Handle,SKU,Location,On hand (current)\ntea,T-1,Kiel,not stocked\ntea,T-1,Lyon,-3\nmug,M-1,Kiel,7\n"

    ran = depot.bring("inventory.csv", text)

    assert ran.exit == 0, ran.err
    rows = read_csv(depot.out(ran)[0].read_text(encoding="utf-8"))
    assert [(row["Item"], row["Warehouse"], row["Quantity"]) for row in rows] == [
        ("T-1", "Kiel", "0.00"),
        ("T-1", "Lyon", "-3.00"),
        ("M-1", "Kiel", "7.00"),
    ]


def test_magento_attributes_become_fields_and_associated_items_become_lines(depot: Depot) -> None:
    depot.write(
        "mappings/depot/in.yaml",
        """
reads: stock
format: {type: csv}
explode:
  attributes: {columns: additional_attributes, pairs: ",", equals: "=", keys: [barcode, note]}
  parts: {columns: associated_skus, lines: ",", pairs: "=", keys: [sku, quantity]}
fields:
  item_number: {from: sku}
  barcode: {from: attributes.barcode}
  description: {from: attributes.note}
lines:
  location: {from: parts.sku}
  quantity: {from: parts.quantity, steps: [decimal]}
""",
    )
    depot.write(
        "mappings/depot/out.yaml",
        """
writes: stock
format: {type: csv}
fields: {Item: {from: item_number}, Barcode: {from: barcode}, Text: {from: description}}
lines: {Part: {from: location}, Quantity: {from: quantity}}
""",
    )
    text = (
        "sku,additional_attributes,associated_skus\n"
        'SET-1,"barcode=4006381333931,note=Soft, warm","A-1=1.0000,B-2=2.0000"\n'
        "SET-2,note=x,C-3=1\n"
    )

    ran = depot.bring("products.csv", text)

    assert ran.exit == 0, ran.err
    assert [tuple(row.values()) for row in read_csv(depot.out(ran)[0].read_text(encoding="utf-8"))] == [
        ("SET-1", "4006381333931", "Soft, warm", "A-1", "1.00"),
        ("SET-1", "4006381333931", "Soft, warm", "B-2", "2.00"),
        ("SET-2", "", "x", "C-3", "1.00"),
    ]
