"""`as_of`: what an older file says never undoes what a newer one said, whatever order they come in."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from tests.flows.shop import Line, Order, Shop, export, order
from tests.samples.shopify import COLUMNS

FLOW = "mappings/flows/orders.yaml"
TEA = Line("TEA-ASSAM", "2")
BY_NAME = 'as_of: {name: "orders_%Y%m%d%H%M.csv"}'
BY_COLUMN = 'as_of: {column: "Updated at", format: "%Y-%m-%d %H:%M:%S %z"}'


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop whose exports may say when an order was updated."""
    shop = Shop(tmp_path / "ws")
    schema = shop.root / "mappings/schemas/shopify_orders.yaml"
    schema.write_text(schema.read_text(encoding="utf-8") + "  - {name: Updated at, optional: true}\n", encoding="utf-8")
    return shop


def ages(shop: Shop, how: str) -> None:
    """Let the pick-up say how old its files are."""
    shop.edit(FLOW, "settle: 10s", f"settle: 10s, {how}")


def quantity(number: str, at: str = "", **changes: str) -> Order:
    """Return order 1 with so many teas, updated at a time of 2 March 2026."""
    cells = {"Updated at": f"2026-03-02 {at} +0000"} if at else {}
    return order(1, replace(TEA, quantity=number), cells={**cells, **changes})


def rows(*orders: Order) -> str:
    """Return an export with the column `Updated at`, taken from the orders' cells."""
    return export(*orders, columns=[*COLUMNS, "Updated at"])


def test_by_name_the_clock_of_the_file_system_counts_for_nothing(shop: Shop) -> None:
    ages(shop, BY_NAME)
    shop.take("orders_202603020900.csv", quantity("5"), day=1)
    ran = shop.take("orders_202603020800.csv", quantity("2"), day=9)
    newer, older = shop.trace(1)
    assert (ran.exit, ran.row["outputs"]) == (0, [])
    assert (older["disposition"], older["reason"]) == (
        "filtered",
        f"superseded: claim {newer['claim']} has a newer version",
    )


def test_by_name_files_of_one_run_are_taken_in_the_order_of_their_names_moments(shop: Shop) -> None:
    ages(shop, 'as_of: {name: "*_%d.%m.%Y.csv"}')
    shop.drop("a_03.03.2026.csv", quantity("5"), day=1)
    shop.drop("b_02.03.2026.csv", quantity("2"), day=2)
    ran = shop.type("run", "orders", "--json")
    assert [row["file"] for row in ran.rows] == ["b_02.03.2026.csv", "a_03.03.2026.csv"]
    assert [row["action"] for row in shop.trace(1)] == ["new", "change"]


def test_by_name_of_a_file_in_an_archive(shop: Shop) -> None:
    ages(shop, BY_NAME)
    shop.take("orders_202603020900.csv", quantity("5"))
    ran = shop.take("orders_202603020800.csv.gz", gzip.compress(export(quantity("2")).encode()))
    assert ran.exit == 0
    assert shop.trace(1)[-1]["reason"].startswith("superseded")


def test_by_name_a_tie_counts_as_newer(shop: Shop) -> None:
    ages(shop, 'as_of: {name: "*_%Y%m%d.csv"}')
    shop.take("a_20260302.csv", quantity("2"), day=5)
    ran = shop.take("b_20260302.csv", quantity("3"), day=4)
    assert (ran.exit, shop.trace(1)[-1]["action"]) == (0, "change")


def test_name_without_a_moment_is_refused_whole_and_can_be_replayed(shop: Shop) -> None:
    ages(shop, BY_NAME)
    ran = shop.take("monday.csv", quantity("2"), day=3)
    assert (ran.exit, ran.row["state"], ran.row["problems"]) == (3, "rejected", {"AS_OF_NOT_IN_NAME": 1})
    assert "orders_%Y%m%d%H%M.csv" in shop.problems(ran)[0]["message"]
    again = shop.type("replay", ran.row["claim"], "--reason", "it is monday's", "--json")
    assert (again.exit, again.documents["out"]) == (0, 1)
    assert shop.open_rejects() == []


def test_corrections_keep_the_age_of_their_origin_under_any_name(shop: Shop) -> None:
    ages(shop, BY_NAME)
    bad = shop.take("orders_202603020800.csv", order(1, Line("NOPE")))
    fixed = shop.reject_file(bad).read_text().replace(",NOPE,", ",TEA-MINT,")
    assert shop.take("fixed.csv", fixed, day=300).exit == 0
    ran = shop.take("orders_202603020900.csv", order(1, Line("TEA-MINT", "7")), day=2)
    assert (ran.exit, shop.trace(1)[-1]["action"]) == (0, "change")


def test_by_column_documents_of_one_file_have_their_own_ages(shop: Shop) -> None:
    ages(shop, BY_COLUMN)
    shop.take(
        "a.csv", rows(quantity("5", "09:00:00"), order(2, TEA, cells={"Updated at": "2026-03-02 07:00:00 +0000"}))
    )
    second = order(2, replace(TEA, quantity="4"), cells={"Updated at": "2026-03-02 09:30:00 +0100"})
    ran = shop.take("b.csv", rows(quantity("2", "08:00:00"), second))
    assert (ran.exit, ran.documents["out"], ran.documents["filtered"]) == (0, 1, 1)
    assert shop.trace(1)[-1]["reason"] == f"superseded: claim {shop.trace(1)[0]['claim']} has a newer version"
    assert shop.trace(2)[-1]["action"] == "change"


def test_by_column_the_newest_line_counts_and_the_file_is_as_old_as_its_newest_document(shop: Shop) -> None:
    ages(shop, BY_COLUMN)
    late = replace(TEA, cells={"Updated at": "2026-03-02 10:00:00 +0000"})
    shop.take("a.csv", rows(order(1, TEA, late, cells={"Updated at": "2026-03-02 06:00:00 +0000"})), day=200)
    older = order(1, replace(TEA, quantity="9"), cells={"Updated at": "2026-03-02 09:59:59 +0000"})
    assert shop.take("b.csv", rows(older), day=300).documents["filtered"] == 1
    shop.edit(FLOW, f", {BY_COLUMN}", "")
    # The first file was dropped on 20 July; it is as old as its newest document, 2 March.
    ran = shop.take("c.csv", order(1, replace(TEA, quantity="9")), day=100)
    assert (ran.exit, shop.trace(1)[-1]["action"]) == (0, "change")


def test_by_column_what_is_blank_or_unreadable_is_a_problem_of_that_document_alone(shop: Shop) -> None:
    ages(shop, BY_COLUMN)
    odd = order(3, TEA, cells={"Updated at": "yesterday"})
    ran = shop.take("a.csv", rows(quantity("2", "09:00:00"), order(2, TEA), odd))
    assert (ran.exit, ran.row["problems"]) == (3, {"AS_OF_MISSING": 1, "AS_OF_UNREADABLE": 1})
    assert [(row["document"], row["field"], row["value"]) for row in shop.problems(ran)] == [
        ("2", "Updated at", None),
        ("3", "Updated at", "yesterday"),
    ]
    fixed = shop.reject_file(ran).read_text().replace("yesterday", "2026-03-01 10:00:00 +0000")
    back = shop.take("fixed.csv", fixed)
    assert (back.documents["out"], back.row["problems"]) == (1, {"AS_OF_MISSING": 1})
    older = order(3, replace(TEA, quantity="3"), cells={"Updated at": "2026-03-01 09:00:00 +0000"})
    assert shop.take("b.csv", rows(older)).documents["filtered"] == 1


def test_by_column_held_orders_are_released_with_their_age(shop: Shop) -> None:
    ages(shop, BY_COLUMN)
    pending = replace(quantity("2", "09:00:00"), status="pending")
    shop.take("a.csv", rows(pending, order(2, TEA, cells={"Updated at": "2026-03-02 11:00:00 +0000"})))
    assert shop.type("release", "order", "1", "--json").exit == 0
    assert shop.take("b.csv", rows(quantity("3", "08:59:59"))).documents["filtered"] == 1
    assert shop.take("c.csv", rows(quantity("3", "09:00:01"))).documents["out"] == 1


def test_by_column_on_the_clock_of_the_flow(shop: Shop) -> None:
    ages(shop, 'as_of: {column: "Updated at", format: "%d.%m.%Y %H:%M"}')
    shop.edit(FLOW, "schedule:", "timezone: Europe/Berlin\nschedule:")
    shop.take("a.csv", rows(order(1, TEA, cells={"Updated at": "28.03.2026 10:00"})))
    never = order(1, replace(TEA, quantity="3"), cells={"Updated at": "29.03.2026 02:30"})
    ran = shop.take("b.csv", rows(never))
    assert ran.row["problems"] == {"AS_OF_UNREADABLE": 1}, "a clock time that never was"


def test_column_is_needed_in_the_file(shop: Shop) -> None:
    ages(shop, BY_COLUMN)
    shop.edit("mappings/schemas/shopify_orders.yaml", "{name: Updated at, optional: true}", "{name: Updated at}")
    ran = shop.take("a.csv", order(1))
    assert (ran.exit, ran.row["problems"]) == (3, {"MISSING_COLUMN": 1})


def test_what_an_older_file_says_settles_no_reject_of_a_newer_one(shop: Shop) -> None:
    ages(shop, BY_NAME)
    shop.take("orders_202603020900.csv", order(1, Line("NOPE")))
    ran = shop.take("orders_202603020800.csv", order(1, TEA))
    assert (ran.documents["filtered"], [row["codes"] for row in shop.open_rejects()]) == (1, [["LOOKUP_MISS"]])


@pytest.mark.parametrize("newer", [TEA, Line("NOPE")])
def test_what_is_wrong_in_an_older_file_is_nobodys_business(shop: Shop, newer: Line) -> None:
    """Whoever corrected it would be told that a newer version is known."""
    ages(shop, BY_NAME)
    shop.take("orders_202603020900.csv", order(1, newer))
    before = shop.open_rejects()
    wrong = order(1, Line("TEA-ASSAM", cells={"Lineitem quantity": "two"}))

    ran = shop.take("orders_202603020800.csv", [wrong, order(2, Line("NOPE"))])

    assert (ran.exit, ran.documents) == (3, {"in": 2, "out": 0, "rejected": 1, "filtered": 1, "held": 0})
    assert (ran.row["problems"], len(shop.problems(ran))) == ({"LOOKUP_MISS": 1}, 1)
    assert shop.trace(1)[-1]["reason"] == f"superseded: claim {shop.trace(1)[0]['claim']} has a newer version"
    [other] = [row for row in shop.open_rejects() if row not in before]
    assert (other["document"], len(shop.open_rejects())) == ("order/shopify/2", len(before) + 1)


def test_an_older_order_of_which_a_row_cannot_be_read_is_looked_at(shop: Shop) -> None:
    ages(shop, BY_NAME)
    shop.take("orders_202603020900.csv", order(1))
    header, first, second = export(order(1, TEA, Line("MUG-BLUE"))).splitlines()

    ran = shop.take("orders_202603020800.csv", f"{header}\n{first}\n{second},x\n")

    assert (ran.exit, ran.row["problems"]) == (3, {"ROW_TOO_LONG": 1})
    assert ran.row["counts"]["records"]["rejected"] == 2


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("{}", "write either"),
        ('{name: "a_%Y%m%d.csv", column: Tags, format: "%Y-%m-%d"}', "write either"),
        ("{column: Tags}", "belong together"),
        ('{name: "orders_%H%M.csv"}', "year, month and day"),
        ('{name: "orders_%Y%m%d_%Q.csv"}', "%Q is not offered"),
        ("yesterday", "as_of"),
        ('{column: Updatd, format: "%Y-%m-%d"}', "no column 'Updatd'"),
    ],
)
def test_mistakes_are_found_by_check(shop: Shop, said: str, wrong: str) -> None:
    ages(shop, f"as_of: {said}")
    ran = shop.type("check")
    assert ran.exit == 5
    assert wrong in ran.out + ran.err
