"""Which warehouse ships a line, what parts an order has, and which delivery gets them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from tests.flows.shop import MARA, Line, Ran, Shop, order
from tests.flows.test_backorder import wms

TEA, MUG, OAK, KNIFE = Line("TEA-ASSAM", "2"), Line("MUG-BLUE"), Line("BOWL-OAK"), Line("KNIFE-PAR", "3")
"""The first two lie in Hamburg, the others in Lyon."""
FLOW, WMS = (
    "mappings/flows/orders.yaml",
    '{to: wms, folder: orders, mapping: wms/orders, name: "ORD_{claim}_{part:03}.xml"',
)
TO = replace(MARA, country="FR")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "ws")
    if "repeat: problem" in (shop.root / FLOW).read_text():
        shop.edit(FLOW, "repeat: problem", "repeat: change")
    return shop


def rules(shop: Shop, text: str) -> None:
    shop.edit(FLOW, "  split: warehouse\n", text)


def to_3pls(shop: Shop, *names: str, more: str = "") -> None:
    """Let each warehouse be told of by a delivery of its own, to a 3PL of its own."""
    shop.edit("mappings/exchange.yaml", "  erp: ", "  plx: {type: local, path: data/outbox/plx}\n  erp: ")
    own = f"  - {WMS}, documents_per_file: 500}}\n"
    only = [
        f"  - {WMS.replace('to: wms', f'to: {to}')}, only: {{warehouse: [{name}]{more}}}}}\n"
        for to, name in zip(("wms", "plx"), names, strict=True)
    ]
    shop.edit(FLOW, own, "".join(only))


def test_the_first_route_that_fits_ships_the_line(shop: Shop) -> None:
    rules(
        shop,
        "  split: warehouse\n"
        "  route:\n"
        "    - {when: {ship_to.country: [FR], sku: [TEA-ASSAM]}, warehouse: LYO}\n"
        "    - {when: {channel: [shopify], line_weight_g: {over: 5000}}, warehouse: BULK}\n"
        "    - {when: {order_weight_g: {under: 200}}, warehouse: MAIL}\n",
    )
    assert shop.type("check").exit == 0, shop.type("check").err
    ran = shop.take(
        "a.csv",
        [
            order(1, TEA, MUG),
            order(2, TEA, MUG, to=TO),
            order(3, replace(OAK, quantity="6"), TEA),
            order(4, replace(KNIFE, quantity="2")),
        ],
    )
    assert ran.exit == 0, ran.err
    assert [(warehouse, *lines) for _, _, warehouse, lines in wms(shop, ran)] == [
        ("HAM", "TEA-ASSAM", "MUG-BLUE"),
        ("LYO", "TEA-ASSAM"),
        ("HAM", "MUG-BLUE"),
        ("BULK", "BOWL-OAK"),
        ("HAM", "TEA-ASSAM"),
        ("MAIL", "KNIFE-PAR"),
    ]


def test_parts_by_warehouse_and_class_know_their_order(shop: Shop) -> None:
    shop.edit(
        "mappings/shopify/orders.yaml",
        "  description: {from: Lineitem name",
        "  item_class:\n    from: Lineitem sku\n"
        "    steps: [strip, {map_values: {TEA-ASSAM: food, TEA-MINT: food}}]\n"
        "  description: {from: Lineitem name",
    )
    shop.edit("mappings/shopify/orders.yaml", "TEA-MINT: food}}", "TEA-MINT: food, MUG-BLUE: fragile, BOWL-OAK: wood}}")
    rules(shop, "  split: [warehouse, item_class]\n")
    ran = shop.take("a.csv", order(1, TEA, MUG, OAK, Line("TEA-MINT")))
    assert ran.exit == 0, ran.err
    assert wms(shop, ran) == [
        ("new", "1", "HAM", {"TEA-ASSAM": "2", "TEA-MINT": "1"}),
        ("new", "2", "HAM", {"MUG-BLUE": "1"}),
        ("new", "3", "LYO", {"BOWL-OAK": "1"}),
    ]
    assert {each.findtext("OrderNumber") for each in shop.wms(ran)} == {"1"}


def test_each_3pl_gets_its_own_parts_and_all_tell_how_many_there_are(shop: Shop) -> None:
    to_3pls(shop, "HAM", "LYO")
    shop.edit(
        "mappings/wms/orders.yaml",
        "  Channel: {from: channel,",
        "  Company2: {from: parts}\n  Channel: {from: channel,",
    )
    ran = shop.take("a.csv", [order(1, TEA, OAK), order(2, KNIFE)])
    assert ran.exit == 0, ran.err
    assert wms(shop, ran) == [("new", "1", "HAM", {"TEA-ASSAM": "2"})]
    assert [(e.get("part"), e.findtext("OrderNumber")) for e in _at(shop, "plx", ran)] == [("2", "1"), ("1", "2")]
    moved = shop.take("b.csv", order(1, TEA, OAK, MUG))
    assert (len(shop.wms(moved)), len(_at(shop, "plx", moved))) == (1, 0)
    gone = shop.take("c.csv", order(1, TEA, OAK, MUG, status="refunded"))
    assert [(e.get("action"), e.get("part")) for e in _at(shop, "plx", gone)] == [("cancel", "2")]
    assert [each[:2] for each in wms(shop, gone)] == [("cancel", "1")]


def _at(shop: Shop, endpoint: str, ran: Ran) -> list[etree._Element]:
    paths = [out["path"] for row in ran.rows for out in row["outputs"] if out["endpoint"] == endpoint]
    return [each for path in paths for each in etree.parse(shop.root / path).getroot()]


def test_a_part_that_no_delivery_takes_is_a_problem_of_its_order(shop: Shop) -> None:
    to_3pls(shop, "HAM", "PAR")
    ran = shop.take("a.csv", [order(1, TEA, OAK), order(2, MUG)])
    [problem] = shop.problems(ran)
    assert (ran.exit, problem["document"], problem["code"], problem["line"]) == (3, "1", "PART_GOES_NOWHERE", 3)
    assert "'LYO'" in problem["message"]
    assert shop.sent(ran) == ({"2"}, {"2"})
    shop.edit(FLOW, "[PAR]", "[PAR, LYO]")
    fixed = shop.take("fixed.csv", shop.reject_file(ran).read_text())
    assert (fixed.exit, fixed.documents["out"]) == (0, 1)


def test_a_delivery_that_is_told_of_returns_alone_takes_no_part_of_a_new_order(shop: Shop) -> None:
    to_3pls(shop, "HAM", "LYO")
    shop.edit(FLOW, "only: {warehouse: [LYO]}}", "only: {warehouse: [LYO]}, actions: [return]}")
    ran = shop.take("a.csv", [order(1, TEA, OAK), order(2, MUG)])
    [problem] = shop.problems(ran)
    assert (ran.exit, problem["document"], problem["code"]) == (3, "1", "PART_GOES_NOWHERE")
    assert (wms(shop, ran), _at(shop, "plx", ran)) == ([("new", "1", "HAM", {"MUG-BLUE": "1"})], [])


def test_a_delivery_may_choose_documents(shop: Shop) -> None:
    shop.edit(FLOW, 'name: "SO_{claim}.csv"}', 'name: "SO_{claim}.csv", only: {ship_to.country: [FR]}}')
    ran = shop.take("a.csv", [order(1, TEA), order(2, TEA, to=TO)])
    assert (ran.exit, shop.sent(ran)) == (0, ({"1", "2"}, {"2"}))
