"""`only:`: a pilot lets a part of the orders out; the rest is filtered, counted, and let out once it is widened."""

from __future__ import annotations

import json

from tests.flows.shop import Line, Shop, order

FLOW = "mappings/flows/orders.yaml"
TEA, CUP = Line("TEA-ASSAM", "2"), Line("MUG-BLUE", "1")


def pilot(shop: Shop, only: str) -> None:
    """Write `only:` into the flow, in place of the one before."""
    path = shop.root / FLOW
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("only:")]
    place = next(number for number, line in enumerate(lines) if line.startswith("deliver:"))
    path.write_text(
        "\n".join([*lines[:place], *([f"only: {only}"] if only else []), *lines[place:], ""]), encoding="utf-8"
    )


def test_an_order_with_one_item_outside_stays_outside_whole(shop: Shop) -> None:
    pilot(shop, "{skus: [TEA-ASSAM]}")

    ran = shop.take("day.csv", [order(1001, TEA), order(1002, TEA, CUP), order(1003, CUP)])

    assert ran.exit == 0
    assert ran.documents == {"in": 3, "out": 1, "rejected": 0, "filtered": 2, "held": 0}
    assert ran.row["counts"]["records"] == {"in": 4, "out": 1, "rejected": 0, "filtered": 3, "held": 0}
    assert shop.sent() == ({"1001"}, {"1001"})
    assert "documents outside `only` of the flow: 2, filtered; exported again they are judged anew" in ran.err


def test_what_is_outside_is_never_rejected(shop: Shop) -> None:
    """An item that is not in the tables yet is what a pilot is for; one inside is rejected as ever."""
    pilot(shop, "{skus: [TEA-ASSAM, NOT-SOLD]}")

    ran = shop.take("day.csv", [order(1001), order(1002, Line("NOT-IN-PILOT")), order(1003, Line("NOT-SOLD"))])

    assert ran.exit == 3
    assert ran.documents == {"in": 3, "out": 1, "rejected": 1, "filtered": 1, "held": 0}
    assert ran.row["problems"] == {"LOOKUP_MISS": 1}
    assert [row["document"] for row in shop.open_rejects()] == ["order/shopify/1003"]


def test_trace_and_status_say_so(shop: Shop) -> None:
    pilot(shop, "{skus: [TEA-ASSAM]}")
    shop.take("day.csv", [order(1001), order(1002, CUP), order(1003, CUP)])

    [row] = shop.trace(1002)
    assert (row["disposition"], row["reason"]) == ("filtered", "outside `only`: sku MUG-BLUE")
    assert "order 1002 (shopify): filtered: outside `only`: sku MUG-BLUE" in shop.type("trace", "order", "1002").out
    assert "pilot  2 orders outside `only`" in shop.type("status").out
    assert shop.type("status", "--json").row["outside_documents"] == 2
    assert shop.type("status", "--check").exit == 0, "nobody has to do anything"


def test_by_number_and_by_customer(shop: Shop) -> None:
    pilot(shop, '{orders: ["1001", "1002"], customers: Customer@Example.COM}')

    shop.take("day.csv", [order(1001), order(1002, email="other@example.com"), order(1003)])

    assert shop.sent() == ({"1001"}, {"1001"})
    assert [shop.trace(number)[0]["reason"] for number in (1002, 1003)] == [
        "outside `only`: its customer",
        "outside `only`: its number",
    ], "a customer's address is no matter for the ledger"


def test_by_channel(shop: Shop) -> None:
    shop.edit(FLOW, "from: shopify,", "from: shopify, channel: shopify-de,")
    pilot(shop, "{channels: [shopify-fr]}")
    assert "no pick-up has the channel 'shopify-fr'; did you mean 'shopify-de'?" in shop.type("check").out
    shop.edit(FLOW, "channels: [shopify-fr]", "channels: [shopify-de]")
    shop.take("day.csv", [order(1001)])

    assert shop.sent()[0] == {"1001"}


def test_a_long_list_is_kept_in_a_table(shop: Shop) -> None:
    table = shop.root / "mappings/tables/pilot.csv"
    table.write_text("sku,since\nTEA-ASSAM,2026-01-01\n,\n", encoding="utf-8")
    pilot(shop, "{skus: {file: tables/pilot.csv, column: sku}}")
    assert shop.type("check").exit == 0

    shop.take("day.csv", [order(1001), order(1002, CUP)])
    table.write_text("sku,since\nTEA-ASSAM,2026-01-01\nMUG-BLUE,2026-02-01\n", encoding="utf-8")
    shop.take("day2.csv", [order(1001), order(1002, CUP), order(1003, CUP)])

    assert shop.sent()[0] == {"1001", "1002", "1003"}, "a longer table widens it, without an edit of the flow"


def test_widened_it_lets_out_what_is_exported_again(shop: Shop) -> None:
    pilot(shop, "{skus: [TEA-ASSAM]}")
    day = [order(1001), order(1002, CUP), order(1003, TEA, CUP)]
    shop.take("day.csv", day)
    pilot(shop, "{skus: [TEA-ASSAM, MUG-BLUE]}")

    ran = shop.take("day2.csv", [*day, order(1004)])

    assert ran.documents == {"in": 4, "out": 3, "rejected": 0, "filtered": 1, "held": 0}, "1001 was sent before"
    assert shop.sent()[0] == {"1001", "1002", "1003", "1004"}
    assert "pilot" not in shop.type("status").out
    assert len(shop.wms()) == 4, "each once"


def test_widened_it_lets_out_what_is_replayed(shop: Shop) -> None:
    """The same bytes dropped again are a duplicate; `replay` runs them once more."""
    pilot(shop, "{skus: [TEA-ASSAM]}")
    first = shop.take("day.csv", [order(1002, CUP)])
    pilot(shop, "")

    assert shop.take("day.csv", [order(1002, CUP)]).row["state"] == "duplicate"
    ran = shop.type("replay", first.row["claim"], "--reason", "the pilot is over", "--json")

    assert ran.exit == 0, ran.err
    assert shop.sent()[0] == {"1002"}


def test_an_order_that_was_sent_stays_within(shop: Shop) -> None:
    """What became of it since must be seen, whatever the pilot is now."""
    shop.take("day.csv", [order(1001), order(1002)])
    pilot(shop, '{orders: ["9999"]}')

    ran = shop.take("day2.csv", [order(1001), order(1002, TEA, CUP), order(1003)])

    assert ran.documents["in"] == 3
    assert "outside" not in json.dumps([shop.trace(1001)[-1]["reason"], shop.trace(1002)[-1]["reason"]])
    assert shop.trace(1002)[-1]["disposition"] != "filtered"
    assert shop.trace(1003)[-1]["reason"] == "outside `only`: its number"


def test_baseline_records_what_is_outside_as_sent_too(shop: Shop) -> None:
    """What the system before has done is done: a pilot that is widened later does not send it again."""
    pilot(shop, "{skus: [TEA-ASSAM]}")
    shop.drop("old.csv", [order(1001), order(1002, CUP)])
    assert shop.type("run", "orders", "--baseline").exit == 0
    pilot(shop, "")

    ran = shop.take("day.csv", [order(1001), order(1002, CUP), order(1003, CUP)])

    assert shop.sent(ran)[0] == {"1003"}


def test_a_held_order_outside_is_not_released_by_hand(shop: Shop) -> None:
    shop.take("day.csv", [order(1001, CUP, status="pending")])
    pilot(shop, "{skus: [TEA-ASSAM]}")

    shop.type("release", "order", "1001", "--reason", "paid in cash")

    assert shop.sent()[0] == set()
    assert shop.trace(1001)[-1]["reason"] == "outside `only`: sku MUG-BLUE"


def test_dry_run_counts_the_same(shop: Shop) -> None:
    pilot(shop, "{skus: [TEA-ASSAM]}")
    shop.drop("day.csv", [order(1001), order(1002, CUP)])

    ran = shop.type("run", "orders", "--dry-run")

    assert "1 out, 1 filtered" in ran.out
    assert "documents outside `only` of the flow: 1, filtered" in ran.out
