"""Bundles at the front door: a set is sold, its components are shipped, and not a cent or a piece is lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.flows.shop import Line, Ran, Shop, order, read_csv

FLOW, TABLE, ITEMS = "mappings/flows/orders.yaml", "mappings/tables/bundles.csv", "mappings/tables/items.csv"
BUNDLES = """\
bundle,component,quantity,price_share
SET-TEA,TEA-ASSAM,2,3
SET-TEA,MUG-BLUE,1,1
SET-GIFT,SET-TEA,2,80
SET-GIFT,BOWL-OAK,1,20
SET-LOST,TEA-NONE,1,1
"""
SET = Line("SET-GIFT", "3", name="The big gift set", price="99.95")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that sells sets."""
    shop = Shop(tmp_path / "ws")
    shop.edit(FLOW, "  split: warehouse\n", "  split: warehouse\n  bundles: {table: bundles}\n")
    (shop.root / TABLE).write_text(BUNDLES, encoding="utf-8")
    with (shop.root / ITEMS).open("a", encoding="utf-8") as items:
        items.writelines(
            f"{sku},9000{n},,{sku},EA,1,HAM\n" for n, sku in enumerate(("SET-TEA", "SET-GIFT", "SET-LOST"))
        )
    return shop


def shipped(shop: Shop, ran: Ran) -> dict[str, tuple[str, str]]:
    """Return SKU -> (warehouse, quantity) of all that the WMS was told."""
    return {
        line.findtext("Sku") or "": (each.findtext("Warehouse") or "", line.findtext("Quantity") or "")
        for each in shop.wms(ran)
        for line in each.iter("Line")
    }


def total(shop: Shop, ran: Ran) -> Decimal:
    return sum((Decimal(row["LineTotal"]) for row in shop.erp(ran)), Decimal(0))


def test_a_bundle_of_bundles_is_shipped_as_its_components_each_from_its_own_warehouse(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, SET, Line("MUG-SAND")))
    assert ran.exit == 0, ran.err
    assert shipped(shop, ran) == {
        "TEA-ASSAM": ("HAM", "12"),
        "MUG-BLUE": ("HAM", "6"),
        "BOWL-OAK": ("LYO", "3"),
        "MUG-SAND": ("HAM", "1"),
    }
    assert ran.row["counts"]["records"] == {"in": 2, "out": 2, "rejected": 0, "filtered": 0, "held": 0}
    assert [row["LineNumber"] for row in shop.erp(ran)] == [str(n + 1) for n in range(len(shop.erp(ran)))]


def test_price_and_discount_are_shared_out_to_the_cent(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, SET, discount="10.01"))
    rows = shop.erp(ran)
    assert ran.exit == 0, ran.err
    assert total(shop, ran) == 3 * Decimal("99.95") - Decimal("10.01")
    assert sum(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) for row in rows) == 3 * Decimal("99.95")
    for row in rows:
        worth = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) - Decimal(row["LineDiscount"])
        assert Decimal(row["LineTotal"]) == worth
        assert Decimal(row["UnitPrice"]).as_tuple().exponent == -2
    share = {row["Sku"]: Decimal(row["LineTotal"]) / total(shop, ran) for row in rows if row["Sku"] == "BOWL-OAK"}
    assert abs(share["BOWL-OAK"] - Decimal("0.2")) < Decimal("0.001")


def test_the_erp_can_be_told_what_was_sold(shop: Shop) -> None:
    shop.edit("mappings/erp/orders.yaml", "  - Warehouse\n", "  - Warehouse\n  - Bundle\n  - BundleLine\n")
    shop.edit(
        "mappings/erp/orders.yaml",
        "  Warehouse: {from: warehouse}",
        "  Warehouse: {from: warehouse}\n  Bundle: {from: bundle}\n  BundleLine: {from: bundle_line}",
    )
    ran = shop.take("a.csv", order(1, Line("MUG-SAND"), Line("SET-TEA", name="Set", price="20")))
    assert [(row["Sku"], row["Bundle"], row["BundleLine"]) for row in shop.erp(ran)] == [
        ("MUG-SAND", "", ""),
        ("TEA-ASSAM", "SET-TEA", "2"),
        ("MUG-BLUE", "SET-TEA", "2"),
    ]
    without = shop.take("b.csv", order(2, Line("MUG-SAND")))
    assert [(row["Sku"], row["Bundle"]) for row in shop.erp(without)] == [("MUG-SAND", "")]


def test_a_bundle_that_comes_again_is_unchanged_whatever_lies_beside_it_and_a_change_reaches_its_part(
    shop: Shop,
) -> None:
    shop.take("a.csv", order(1, SET))
    again = shop.take("b.csv", [order(1, SET), order(2, Line("MUG-SAND"))])
    assert shop.sent(again) == ({"2"}, {"2"})
    shop.edit(TABLE, "SET-TEA,MUG-BLUE,1,1", "SET-TEA,MUG-SAND,1,1")  # what was agreed stays agreed
    assert shop.take("c.csv", [order(1, SET), order(3, Line("MUG-SAND"))]).documents["filtered"] == 1
    ran = shop.take("d.csv", order(1, replace(SET, quantity="1")))
    assert [(each.get("action"), each.findtext("Warehouse")) for each in shop.wms(ran)] == [
        ("change", "HAM"),
        ("change", "LYO"),
    ]


def test_a_component_that_no_table_knows_rejects_the_order_and_adding_it_lets_it_through(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, Line("SET-LOST", name="Lost", price="1")))
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["field"], problem["value"]) == ("LOOKUP_MISS", "Lineitem sku", "TEA-NONE")
    with (shop.root / ITEMS).open("a", encoding="utf-8") as items:
        items.write("TEA-NONE,777,,Lost tea,EA,1,HAM\n")
    back = shop.root / "data/inbox/shopify/orders/back.csv"
    back.write_bytes(shop.reject_file(ran).read_bytes())
    shop.age(back, 9)
    assert shipped(shop, shop.type("run", "orders", "--json")) == {"TEA-NONE": ("HAM", "1")}
    assert shop.open_rejects() == []


def test_a_bundle_by_the_case_is_a_question_for_a_person(shop: Shop) -> None:
    with (shop.root / "mappings/tables/sales_units.csv").open("a", encoding="utf-8") as units:
        units.write("SET-TEA,CS\n")
    ran = shop.take("a.csv", order(1, Line("SET-TEA", name="Set", price="20")))
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["value"]) == ("BUNDLE_UNIT", "CS")
    assert "SET-TEA" in problem["message"]


def test_check_finds_circles_and_lines_that_cannot_be_used_and_no_run_starts(shop: Shop) -> None:
    shop.edit(TABLE, "SET-LOST,TEA-NONE,1,1", "SET-TEA,SET-GIFT,1,1\nSET-X,MUG-BLUE,0.5,1\nSET-Y,,1,1")
    said = shop.type("check")
    assert said.exit == 5
    text = said.out + said.err
    assert f"{TABLE}:4:1: the bundle holds itself: SET-TEA > SET-GIFT > SET-TEA" in text
    assert f"{TABLE}:7:1: the quantity '0.5' is not a whole number" in text
    assert f"{TABLE}:8:1: the line has no component" in text
    shop.drop("a.csv", order(1, SET))
    ran = shop.type("run", "orders")
    assert ran.exit == 5
    assert "the bundle holds itself" in ran.err
    assert shop.type("explain", "BUNDLE_CIRCLE").exit == 0


def test_check_names_components_and_tables_that_are_not_there(shop: Shop) -> None:
    said = shop.type("check")
    assert said.exit == 0
    assert (
        f"{TABLE}:6:1: warning: the component TEA-NONE is not in the column sku of table items" in said.out + said.err
    )
    shop.edit(FLOW, "bundles: {table: bundles}", "bundles: {table: bundels}")
    said = shop.type("check")
    assert said.exit == 5
    assert "unknown table 'bundels'" in said.out + said.err


def test_a_held_order_with_a_bundle_is_released_as_components(shop: Shop) -> None:
    shop.take("a.csv", order(1, SET, status="pending"))
    assert shop.type("release", "order", "1", "--reason", "paid by phone").exit == 0
    assert {line.findtext("Sku") for each in shop.wms() for line in each.iter("Line")} == {
        "TEA-ASSAM",
        "MUG-BLUE",
        "BOWL-OAK",
    }


def test_an_order_that_a_target_refuses_comes_back_as_it_was_exported(shop: Shop) -> None:
    shop.edit(ITEMS, '"Stoneware Mug, blue"', "Mug " + "blue " * 30)
    ran = shop.take("a.csv", order(1, SET, Line("MUG-SAND")))
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["line"]) == ("TOO_LONG", 2)
    rows = read_csv(shop.reject_file(ran).read_text(encoding="utf-8"))
    assert [row["Lineitem sku"] for row in rows] == ["SET-GIFT", "MUG-SAND"]
    assert ran.row["counts"]["records"] == {"in": 2, "out": 0, "rejected": 2, "filtered": 0, "held": 0}


def test_a_cell_of_a_component_is_traced_to_the_line_that_sold_its_bundle(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, Line("MUG-SAND"), SET, Line("TEA-MINT")))
    [path] = [out["path"] for out in ran.row["outputs"] if out["endpoint"] == "erp"]
    rows = shop.erp(ran)
    last = len(rows) + 1
    for line, sku, sold in ((2, "MUG-SAND", "MUG-SAND"), (3, "TEA-ASSAM", "SET-GIFT"), (last, "TEA-MINT", "TEA-MINT")):
        said = shop.type("trace", "cell", f"{path}:{line}:Sku")
        assert said.exit == 0, said.err
        assert f'"{sku}"' in said.out
        assert f'Lineitem sku  "{sold}"' in said.out
