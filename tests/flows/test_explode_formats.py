"""Columns of packed lines that only the file can number (`item_*`), in the formats that are not CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.flows.shop import Shop

INBOUND = "mappings/packed/orders.yaml"
MAPPING = """
reads: order
format: {format}
group: {{key: number}}
explode:
  items: {{columns: "item_*", pairs: "|", equals: ":"}}
fields:
  order_number: {{from: number, steps: [strip]}}
  ordered_at: {{from: date, steps: [strip, {{parse_date: "%Y-%m-%d"}}]}}
  payment_status: {{steps: [{{constant: paid}}]}}
  currency: {{steps: [{{constant: EUR}}]}}
  total: {{from: total, steps: [strip, decimal]}}
  ship_to: {{address: {{name: name, line1: street, city: city, postcode: postcode, country: country}}}}
lines:
  sku: {{from: items.sku, steps: [strip]}}
  item_number: {{from: items.sku, steps: [strip, {{lookup: {{table: items, key: sku, value: item_number}}}}]}}
  warehouse: {{from: items.sku, steps: [strip, {{lookup: {{table: items, key: sku, value: warehouse}}}}]}}
  description: {{from: items.sku, steps: [strip]}}
  quantity: {{from: items.qty, steps: [strip, integer]}}
  unit: {{steps: [{{constant: EA}}]}}
  unit_price: {{steps: [{{constant: "1.00"}}, decimal]}}
"""
FORMATS = {
    "xlsx": "{type: xlsx}",
    "jsonl": "{type: jsonl}",
    "xml": "{type: xml, record: /Orders/Order}",
    "fixed": """
  type: fixed
  records:
    - name: order
      code: O
      role: document
      fields:
        - {name: type, length: 1}
        - {name: number, length: 4}
        - {name: date, length: 10}
        - {name: total, length: 6}
        - {name: name, length: 30}
        - {name: street, length: 30}
        - {name: city, length: 30}
        - {name: postcode, length: 30}
        - {name: country, length: 30}
        - {name: item_1, length: 30}
        - {name: item_2, length: 30}
""",
}
SHIP = {"name": "Mara", "street": "Kai 7", "city": "Hamburg", "postcode": "20457", "country": "DE"}
HEAD = ("number", "date", "total")


def cells(number: str, skus: Sequence[str]) -> dict[str, str]:
    items = {f"item_{at}": f"sku:{sku}|qty:{at}" for at, sku in enumerate(skus, 1)}
    return dict(zip(HEAD, (number, "2026-03-02", f"{sum(range(len(skus) + 1))}.00"), strict=True)) | SHIP | items


def write(kind: str, path: Path, orders: list[dict[str, str]]) -> None:
    """Write orders to a file."""
    if kind == "jsonl":
        path.write_text("".join(json.dumps(order) + "\n" for order in orders))
    elif kind == "xml":
        elements = ["".join(f"<{name}>{text}</{name}>" for name, text in order.items()) for order in orders]
        path.write_text(f"<Orders>{''.join(f'<Order>{each}</Order>' for each in elements)}</Orders>")
    elif kind == "fixed":
        places = {"number": 4, "date": 10, "total": 6, **dict.fromkeys((*SHIP, "item_1", "item_2"), 30)}
        path.write_text("".join("O" + "".join(o.get(n, "").ljust(w) for n, w in places.items()) + "\n" for o in orders))
    else:
        names = list(dict.fromkeys(name for order in orders for name in order))
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet()
            for row, values in enumerate([names, *([order.get(name, "") for name in names] for order in orders)]):
                page.write_row(row, 0, values)


def begin(shop: Shop, kind: str) -> Shop:
    """Let the shop read packed orders of this kind."""
    (shop.root / "mappings/packed").mkdir()
    (shop.root / INBOUND).write_text(MAPPING.format(format=FORMATS[kind]), encoding="utf-8")
    shop.edit("mappings/flows/orders.yaml", "mapping: shopify/orders", "mapping: packed/orders")
    shop.edit("mappings/flows/orders.yaml", 'match: "*.csv"', f'match: "*.{kind}"')
    return shop


@pytest.mark.parametrize("kind", FORMATS)
def test_all_packed_columns_of_a_file_are_lines(shop: Shop, kind: str) -> None:
    """The first record does not have all of them."""
    checked = begin(shop, kind).type("check")
    assert checked.exit == 0, checked.out
    path = shop.root / f"data/inbox/shopify/orders/day.{kind}"
    write(kind, path, [cells("1", ["TEA-MINT"]), cells("2", ["MUG-BLUE", "BOWL-OAK"]), cells("3", ["MUG-BLUE", "NO"])])
    shop.age(path, 1)
    ran = shop.type("run", "orders", "--json")

    assert ran.documents == {"in": 3, "out": 2, "rejected": 1, "filtered": 0, "held": 0}, ran.out + ran.err
    assert [(row["OrderNumber"], row["Quantity"]) for row in shop.erp()] == [("1", "1"), ("2", "1"), ("2", "2")]
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["field"], problem["value"]) == ("LOOKUP_MISS", "item_2.sku", "NO")


def test_numbered_columns_come_in_the_order_of_their_numbers(shop: Shop) -> None:
    begin(shop, "jsonl")
    order = cells("1", ["MUG-BLUE"] * 11)
    path = shop.root / "data/inbox/shopify/orders/day.jsonl"
    write("jsonl", path, [dict(reversed(order.items()))])
    shop.age(path, 1)
    shop.type("run", "orders", "--json")

    assert [row["Quantity"] for row in shop.erp()] == [str(number) for number in range(1, 12)]


@pytest.mark.parametrize("kind", ["jsonl", "xml"])
def test_a_file_without_any_is_refused(shop: Shop, kind: str) -> None:
    begin(shop, kind)
    path = shop.root / f"data/inbox/shopify/orders/day.{kind}"
    write(kind, path, [cells("1", [])])
    shop.age(path, 1)
    ran = shop.type("run", "orders", "--json")

    assert (ran.exit, ran.row["problems"]) == (3, {"MISSING_COLUMN": 1})


def test_a_pattern_that_is_no_path_is_told_by_check(shop: Shop) -> None:
    begin(shop, "xml")
    shop.edit(INBOUND, '"item_*"', '"*/x:item_*"')
    told = shop.type("check")
    assert told.exit == 5
    assert f"{INBOUND}:6:20: " in told.out
