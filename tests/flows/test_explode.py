"""Orders whose lines are packed into cells, as WooCommerce and BigCommerce export them, through the front door."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.desk import claim_of, cut, desk_in
from tests.flows.shop import Shop, read_csv

INBOUND = "mappings/shopify/orders.yaml"
WOO = """
reads: order
format: {type: csv}
explode:
  line_items: {columns: line_item_*, pairs: "|", equals: ":"}
  coupon: {columns: coupon_items, pairs: "|", equals: ":"}
fields:
  order_number: {from: order_number, steps: [strip]}
  ordered_at: {from: order_date, steps: [strip, {parse_datetime: {format: "%d-%m-%Y %H:%M:%S", timezone: UTC}}]}
  payment_status: {from: status, steps: [{map_values: {wc-processing: paid, wc-on-hold: pending}}]}
  currency: {from: order_currency}
  subtotal: {from: subtotal, steps: [decimal]}
  total: {from: order_total, steps: [decimal]}
  discount: {from: coupon.amount, steps: [decimal]}
  discount_code: {from: coupon.code}
  ship_to:
    address: {name: shipping_name, line1: shipping_address_1, city: shipping_city, postcode: shipping_postcode,
              country: shipping_country}
lines:
  sku: {from: line_items.sku, steps: [strip, upper]}
  item_number: {from: line_items.sku, steps: [strip, upper, {lookup: {table: items, key: sku, value: item_number}}]}
  warehouse: {from: line_items.sku, steps: [strip, upper, {lookup: {table: items, key: sku, value: warehouse}}]}
  description: {from: line_items.name}
  quantity: {from: line_items.quantity, steps: [integer]}
  unit: {steps: [{constant: EA}]}
  unit_price: {from: line_items.price, steps: [decimal]}
"""
COLUMNS = (
    *("order_number", "order_date", "status", "order_currency", "subtotal", "order_total", "shipping_name"),
    *("shipping_address_1", "shipping_city", "shipping_postcode", "shipping_country", "coupon_items"),
)


def item(sku: str, quantity: str = "1", name: str = "A thing", price: str = "5.00") -> str:
    return f"name:{name}|product_id:13|sku:{sku}|quantity:{quantity}|price:{price}|_variation_id:0"


def woo(*orders: tuple[str, ...], status: str = "wc-processing") -> str:
    """Return an export: each order is its number, then its packed lines; 10.00 in all, 2.00 of them off by a coupon."""
    widest = max(len(order) for order in orders) - 1
    rows = [",".join((*COLUMNS, *(f"line_item_{number + 1}" for number in range(widest))))]
    for number, *items in orders:
        head = (number, "02-03-2026 07:32:06", status, "EUR", "8.00", "8.00", "Mara Lind", "Kaistrasse 7", "Hamburg")
        cells = (*head, "20457", "DE", "code:flat2|amount:2.00", *items, *[""] * (widest - len(items)))
        rows.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(rows) + "\n"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that exports as WooCommerce does."""
    made = Shop(tmp_path / "ws")
    (made.root / INBOUND).write_text(WOO, encoding="utf-8")
    for cases in made.root.glob("mappings/*/orders_test.yaml"):  # of the mapping that was there
        cases.unlink()
    return made


TWO = ("1001", item("TEA-ASSAM", name="Tea: Assam"), item("MUG-BLUE"))


def test_lines_packed_into_columns_become_order_lines(shop: Shop) -> None:
    checked = shop.type("check")
    assert checked.exit == 0, checked.out + checked.err

    ran = shop.take("woo.csv", woo(TWO, ("1002", item("TEA-ASSAM", "2"))))

    assert (ran.exit, ran.row["problems"]) == (0, {})
    assert ran.row["counts"]["records"] == {"in": 2, "out": 2, "rejected": 0, "filtered": 0, "held": 0}
    assert [(row["OrderNumber"], row["Sku"], row["Quantity"], row["LineTotal"]) for row in shop.erp()] == [
        ("1001", "TEA-ASSAM", "1", "4.00"),
        ("1001", "MUG-BLUE", "1", "4.00"),
        ("1002", "TEA-ASSAM", "2", "8.00"),
    ]
    assert "Tea: Assam" in shop.files("data/outbox/wms/orders")[0].read_text(encoding="utf-8")


def test_a_mistake_in_a_packed_line_is_told_with_its_cell_and_costs_its_order_alone(shop: Shop) -> None:
    bad = ("1002", item("TEA-ASSAM"), item("MUG-BLUE", "two"), item("NOT-SOLD"))

    ran = shop.take("woo.csv", woo(TWO, bad, ("1003", item("MUG-BLUE", "2"))))

    assert ran.exit == 3
    assert ran.row["counts"]["records"] == {"in": 3, "out": 2, "rejected": 1, "filtered": 0, "held": 0}
    assert {(found["line"], found["field"], found["value"], found["code"]) for found in shop.problems(ran)} == {
        (3, "line_item_2.quantity", "two", "NOT_AN_INTEGER"),
        (3, "line_item_3.sku", "NOT-SOLD", "LOOKUP_MISS"),
    }
    [rejected] = read_csv(shop.reject_file(ran).read_text(encoding="utf-8"))
    assert (rejected["order_number"], rejected["line_item_3"]) == ("1002", item("NOT-SOLD"))
    assert shop.sent() == ({"1001", "1003"}, {"1001", "1003"})


def test_a_torn_cell_is_one_problem_and_comes_back_corrected(shop: Shop) -> None:
    ran = shop.take("woo.csv", woo(("1002", item("TEA-ASSAM"), "name:Tea|loose|sku:MUG-BLUE|quantity:1|price:5.00")))

    [found] = shop.problems(ran)
    assert (found["code"], found["field"], found["line"]) == ("PACKED_CELL", "line_item_2", 2)
    assert "no ':'" in found["message"]
    text = shop.reject_file(ran).read_text(encoding="utf-8")
    again = shop.take("fixed.csv", text.replace("Tea|loose", "Tea-loose"))
    assert again.exit == 0, again.out
    assert [row["Sku"] for row in shop.erp()] == ["TEA-ASSAM", "MUG-BLUE"]
    assert shop.open_rejects() == []


def test_the_same_order_in_two_rows_is_not_one_order_of_twice_the_lines(shop: Shop) -> None:
    ran = shop.take("woo.csv", woo(TWO, ("1003", item("MUG-BLUE", "2")), TWO))

    assert ran.row["problems"] == {"DUPLICATE_IN_FILE": 1}
    assert ran.row["counts"]["records"]["rejected"] == 2
    assert shop.sent() == ({"1003"}, {"1003"})


def test_held_rows_are_kept_and_released_whole(shop: Shop) -> None:
    held = shop.take("woo.csv", woo(TWO, ("1002", item("TEA-ASSAM"), item("MUG-BLUE")), status="wc-on-hold"))
    assert held.row["counts"]["records"]["held"] == 2

    released = shop.type("release", "order", "1002", "--reason", "paid by phone")

    assert released.exit == 0, released.out + released.err
    assert [row["OrderNumber"] for row in shop.erp()] == ["1002", "1002"]


def test_a_file_without_any_packed_column_is_refused(shop: Shop) -> None:
    ran = shop.take("woo.csv", woo(("1001",)))

    assert (ran.exit, ran.row["problems"]) == (3, {"MISSING_COLUMN": 1})
    assert shop.problems(ran)[0]["field"] == "line_item_*"


def test_an_order_without_lines_is_not_sent(shop: Shop) -> None:
    ran = shop.take("woo.csv", woo(TWO, ("1002",)))

    assert {found["code"] for found in shop.problems(ran)} == {"REQUIRED_MISSING"}
    assert shop.sent() == ({"1001"}, {"1001"})


def test_a_target_that_refuses_a_packed_value_names_its_cell(shop: Shop) -> None:
    ran = shop.take("woo.csv", woo(("1001", item("TEA-ASSAM"), item("MUG-BLUE", name="x" * 130))))

    assert [(found["code"], found["field"]) for found in shop.problems(ran)] == [("TOO_LONG", "line_item_2.name")]


def test_lines_in_one_cell_with_names_that_hold_the_separators(shop: Shop) -> None:
    shop.edit(
        INBOUND,
        'line_items: {columns: line_item_*, pairs: "|", equals: ":"}',
        'line_items: {columns: line_item_1, lines: "|", pairs: ",", equals: ":", '
        "keys: [Product Qty, Product SKU, Product Name, Product Unit Price]}",
    )
    for key, name in {"sku": "SKU", "quantity": "Qty", "name": "Name", "price": "Unit Price"}.items():
        text = (shop.root / INBOUND).read_text(encoding="utf-8")
        text = text.replace(f"from: line_items.{key}", f'from: "line_items.Product {name}"')
        (shop.root / INBOUND).write_text(text, encoding="utf-8")
    shop.edit(INBOUND, "steps: [integer]", "steps: [strip, integer]")
    shop.edit(INBOUND, 'Unit Price", steps: [decimal]', 'Unit Price", steps: [strip, decimal]')
    line = "Product Qty: 1, Product SKU: {}, Product Name: {}, Product Unit Price: 5.00"
    packed = "|".join([line.format("TEA-ASSAM", "Tea, black | 250 g: loose"), line.format("MUG-BLUE", "Mug")])

    ran = shop.take("big.csv", woo(("1001", packed)))

    assert (ran.exit, ran.row["problems"]) == (0, {})
    assert [row["Sku"] for row in shop.erp()] == ["TEA-ASSAM", "MUG-BLUE"]
    assert "Tea, black | 250 g: loose" in shop.files("data/outbox/wms/orders")[0].read_text(encoding="utf-8")


def test_rows_of_an_order_that_lie_apart_are_gathered_with_all_their_lines(shop: Shop, tmp_path: Path) -> None:
    shop.edit(INBOUND, "explode:", "group: {key: order_number}\nexplode:")
    rows = woo(TWO, ("1002", item("TEA-ASSAM", "2")), ("1001", item("JAR-CLIP"), item("POT-CAST")))

    with desk_in(shop.root, tmp_path) as desk:
        layout = desk.layout(rows)
        whole = desk.prepared(rows)
        spool, void = desk.spooled(layout, cut(layout, desk.plan, [1, 2]), claim_of())

    gathered = spool.get(len(spool) - 1)
    assert void == {(0, 0), (2, 0)}
    for made, document in ((whole, 0), (gathered, 0)):
        own = [line for line in made.lines.to_pylist() if line["_owner"] == document]
        assert [line["sku"] for line in own] == ["TEA-ASSAM", "MUG-BLUE", "JAR-CLIP", "POT-CAST"]
        assert [line["_record"] for line in own] == [0, 0, 2, 2]
        assert made.header.column("_rows")[document].as_py() == 2


def test_mistakes_in_the_mapping_are_told_with_their_places(shop: Shop) -> None:
    shop.edit(INBOUND, "line_items: {", "line_items: {keys: [name, sku, quantity, prize], ")

    checked = shop.type("check")

    assert checked.exit == 5
    assert "there is no price among the keys of explode.line_items" in checked.out + checked.err
    assert "did you mean 'prize'" in checked.out + checked.err
