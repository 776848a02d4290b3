"""What is released, held, filtered or refused, by the rules of the flow and by what was sent before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.flows.shop import MARA, Line, Order, Ran, Shop, export, order

GIFT_CARD = Line("", name="Gift Card", price="25.00", cells={"Lineitem requires shipping": "false"})


def disposition(ran: Ran) -> str:
    """Return where the only document of the only file went."""
    [where] = [name for name, number in ran.documents.items() if name != "in" and number]
    return where


@pytest.mark.parametrize(
    ("changes", "where", "reason"),
    [
        ({"status": "paid"}, "out", None),
        ({"status": "pending"}, "held", "payment_status is pending"),
        ({"status": "authorized"}, "held", "payment_status is authorized"),
        ({"status": "partially_paid"}, "held", "payment_status is partially_paid"),
        ({"status": "partially_refunded"}, "held", "payment_status is partially_refunded"),
        ({"status": "refunded"}, "filtered", "payment_status is refunded"),
        ({"status": "voided"}, "filtered", "payment_status is voided"),
        ({"fulfilment": "fulfilled"}, "filtered", "fulfilment_status is fulfilled"),
        ({"cells": {"Cancelled at": "2026-03-02 12:00:00 +0100"}}, "filtered", "cancelled before it was sent"),
        (
            {"status": "pending", "cells": {"Cancelled at": "2026-03-02 12:00:00 +0100"}},
            "filtered",
            "cancelled before it was sent",
        ),
    ],
)
def test_payment_and_fulfilment_decide(shop: Shop, changes: dict[str, object], where: str, reason: str | None) -> None:
    ran = shop.take("a.csv", order(1, **changes))
    assert ran.exit == 0
    assert disposition(ran) == where
    assert shop.trace(1)[0]["reason"] == reason
    assert bool(shop.files("data/outbox")) == (where == "out")


def test_held_order_is_released_by_a_later_export(shop: Shop) -> None:
    shop.take("a.csv", order(1, status="pending"))
    assert shop.files("data/outbox") == []
    ran = shop.take("b.csv", order(1, status="paid"))
    assert disposition(ran) == "out"
    assert shop.sent() == ({"1"}, {"1"})
    assert [(row["file"], row["disposition"]) for row in shop.trace(1)] == [("a.csv", "held"), ("b.csv", "out")]
    assert shop.type("status", "--json").row["held_documents"] == 0
    assert shop.type("release", "order", "1").exit == 2


@pytest.mark.parametrize("neighbours", [0, 2])
def test_release_sends_a_held_order_in_a_batch_of_its_own(shop: Shop, neighbours: int) -> None:
    others = [order(number, status="pending") for number in range(10, 10 + neighbours)]
    first = shop.take("a.csv", [*others, order(1, Line("MUG-BLUE"), Line("BOWL-OAK"), status="authorized")])
    shop.drop("unrelated.csv", order(7))
    ran = shop.type("release", "order", "#1", "--reason", "the bank called", "--as", "mira", "--json")
    assert ran.exit == 0
    assert ran.row["claim"] != first.row["claim"]
    assert ran.row["counts"]["records"] == {"in": 2, "out": 2, "rejected": 0, "filtered": 0, "held": 0}
    assert shop.sent(ran) == ({"1"}, {"1"}) == shop.sent()
    assert [row["Sku"] for row in shop.erp()] == ["MUG-BLUE", "BOWL-OAK"]
    held, out = shop.trace(1)
    assert (held["disposition"], held["claim"]) == ("held", first.row["claim"])
    assert (out["disposition"], out["origin"], out["claim"]) == ("out", "release", ran.row["claim"])
    [action] = shop.ledger_actions()
    assert (action.who, action.what, action.subject, action.reason) == (
        "mira",
        "release",
        "order/shopify/1",
        "the bank called",
    )
    assert shop.type("status", "--json").row["held_documents"] == neighbours
    again = shop.type("release", "order", "1")
    assert again.exit == 2
    assert "exchange trace order 1" in again.err


def test_a_released_order_that_is_exported_as_paid_later_is_not_sent_twice(shop: Shop) -> None:
    shop.take("a.csv", order(1, status="pending"))
    shop.type("release", "order", "1")
    ran = shop.take("b.csv", order(1, status="paid"))
    assert disposition(ran) == "filtered"
    assert len(shop.wms()) == 1


def test_release_runs_the_same_checks(shop: Shop) -> None:
    shop.take("a.csv", order(1, status="pending", to=replace(MARA, name="N" * 61)))
    ran = shop.type("release", "order", "1", "--json")
    assert (ran.exit, ran.row["problems"]) == (3, {"TOO_LONG": 1})
    assert shop.files("data/outbox") == []
    [reject] = shop.open_rejects()
    fixed = (
        shop.reject_file(ran).read_text(encoding="utf-8").replace("N" * 61, "N" * 60).replace(",pending,", ",paid,", 1)
    )
    assert shop.take("fixed.csv", fixed).exit == 0
    assert shop.open_rejects() == []
    assert reject["document"] == "order/shopify/1"


def test_release_changes_nothing_when_dry(shop: Shop) -> None:
    shop.take("a.csv", order(1, status="pending"))
    before = shop.content()
    ran = shop.type("release", "order", "1", "--dry-run")
    assert ran.exit == 0
    assert "would release order 1" in ran.out
    assert shop.content() == before


@pytest.mark.parametrize("number", ["2", "99"])
def test_release_refuses_what_is_not_held(shop: Shop, number: str) -> None:
    shop.take("a.csv", [order(1, status="pending"), order(2)])
    ran = shop.type("release", "order", number)
    assert ran.exit == 2
    assert f"no order {number} is held" in ran.err


def ask_a_person(shop: Shop) -> None:
    """Let a person decide on what changed after it was sent."""
    shop.edit("mappings/flows/orders.yaml", "repeat: change", "repeat: problem")


def test_sent_before_and_unchanged_is_filtered(shop: Shop) -> None:
    shop.take("a.csv", order(1))
    ran = shop.take("b.csv", [order(1, cells={"Tags": "vip", "Risk Level": "Medium"}), order(2)])
    assert ran.documents == {"in": 2, "out": 1, "rejected": 0, "filtered": 1, "held": 0}
    assert shop.sent(ran) == ({"2"}, {"2"})
    assert shop.trace(1)[-1]["reason"] == "sent before, unchanged"


@pytest.mark.parametrize(
    "changed",
    [
        order(1, Line("TEA-ASSAM", "3")),
        order(1, Line("TEA-ASSAM", "2"), Line("MUG-BLUE")),
        order(1, to=replace(MARA, line1="Kaistrasse 8")),
        order(1, cells={"Notes": "ring"}),
    ],
)
def test_sent_before_and_changed_is_a_problem(shop: Shop, changed: Order) -> None:
    ask_a_person(shop)
    first = shop.take("a.csv", order(1))
    ran = shop.take("b.csv", [changed, order(2)])
    assert (ran.exit, ran.row["problems"]) == (3, {"REPEAT_CHANGED": 1})
    assert shop.sent(ran) == ({"2"}, {"2"})
    assert first.row["claim"] in shop.problems(ran)[0]["message"]


@pytest.mark.parametrize(
    "taken_back",
    [
        order(1, status="refunded"),
        order(1, status="voided"),
        order(1, cells={"Cancelled at": "2026-03-03 08:00:00 +0100"}),
    ],
)
def test_taken_back_after_it_was_sent_is_a_problem(shop: Shop, taken_back: Order) -> None:
    ask_a_person(shop)
    shop.take("a.csv", order(1))
    ran = shop.take("b.csv", taken_back)
    assert (ran.exit, ran.row["problems"]) == (3, {"CHANGED_AFTER_SENT": 1})
    assert len(shop.wms()) == 1


def test_shipped_by_the_shop_after_it_was_sent_is_as_it_should_be(shop: Shop) -> None:
    shop.take("a.csv", order(1))
    ran = shop.take("b.csv", order(1, fulfilment="fulfilled"))
    assert (ran.exit, disposition(ran)) == (0, "filtered")


def test_held_order_that_is_refunded_later_is_filtered(shop: Shop) -> None:
    shop.take("a.csv", order(1, status="pending"))
    ran = shop.take("b.csv", order(1, status="voided"))
    assert (ran.exit, disposition(ran)) == (0, "filtered")
    assert shop.type("release", "order", "1").exit == 2


def test_baseline_records_as_sent_without_delivering(shop: Shop) -> None:
    ask_a_person(shop)
    history = [order(1), order(2, status="pending"), order(3, fulfilment="fulfilled"), order(4, Line("NOPE"))]
    shop.drop("history.csv", history)
    ran = shop.type("run", "orders", "--baseline", "--json")
    assert ran.exit == 3
    assert ran.documents == {"in": 4, "out": 0, "rejected": 1, "filtered": 2, "held": 1}
    assert ran.row["outputs"] == []
    assert shop.files("data/outbox") == []
    assert shop.trace(1)[0]["reason"] == "baseline"
    later = shop.take("today.csv", [order(1), order(2), order(5)])
    assert shop.sent(later) == ({"2", "5"}, {"2", "5"})
    assert shop.trace(1)[-1]["reason"] == "sent before, unchanged"
    changed = shop.take("tomorrow.csv", order(1, Line("TEA-ASSAM", "9")))
    assert changed.row["problems"] == {"REPEAT_CHANGED": 1}


def test_without_an_address_it_goes_to_the_erp_only(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, Line("TEA-MINT"), to=None, email="", cells={"Location": "Harbour Shop"}))
    assert (ran.exit, disposition(ran)) == (0, "out")
    assert shop.sent() == (set(), {"1"})
    assert shop.erp()[0]["Location"] == "Harbour Shop"


def test_without_a_line_that_needs_shipping_it_goes_to_the_erp_only(shop: Shop) -> None:
    shop.take("a.csv", order(1, GIFT_CARD))
    assert shop.sent() == (set(), {"1"})
    assert shop.files("data/outbox/wms") == []
    assert [out["target"] for out in shop.trace(1)[0]["outputs"]] == ["erp"]


def test_the_wms_gets_only_the_lines_that_need_shipping(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, GIFT_CARD, Line("MUG-BLUE")))
    assert ran.row["counts"]["records"]["out"] == 2
    [element] = shop.wms()
    assert [(line.get("number"), line.findtext("Sku")) for line in element.iter("Line")] == [("2", "MUG-BLUE")]
    assert [row["LineNumber"] for row in shop.erp()] == ["1", "2"]


@pytest.mark.parametrize("part", ["name", "line1", "city", "country"])
def test_half_an_address_is_refused_for_an_order_to_ship(shop: Shop, part: str) -> None:
    half = replace(MARA, **{part: ""})
    ran = shop.take("a.csv", [order(1, to=half, bill=MARA), order(2, GIFT_CARD, to=half, bill=MARA)])
    assert ran.row["problems"] == {"ADDRESS_INCOMPLETE": 1}
    assert shop.sent() == (set(), {"2"})


def test_a_line_fulfilled_already_is_left_out_and_counted_as_filtered(shop: Shop) -> None:
    shipped = Line("MUG-BLUE", cells={"Lineitem fulfillment status": "fulfilled"})
    ran = shop.take("a.csv", order(1, shipped, Line("APRON-LIN"), fulfilment="partial"))
    assert ran.documents["out"] == 1
    assert ran.row["counts"]["records"] == {"in": 2, "out": 1, "rejected": 0, "filtered": 1, "held": 0}
    assert [row["LineNumber"] for row in shop.erp()] == ["2"]
    assert [line.get("number") for line in shop.wms()[0].iter("Line")] == ["2"]


def test_an_order_of_which_every_line_is_fulfilled_is_filtered(shop: Shop) -> None:
    shipped = Line("MUG-BLUE", cells={"Lineitem fulfillment status": "fulfilled"})
    ran = shop.take("a.csv", order(1, shipped, shipped, fulfilment="partial"))
    assert (ran.exit, disposition(ran)) == (0, "filtered")


def test_an_order_is_atomic_across_its_lines(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1, Line("TEA-ASSAM"), Line("BOWL-OAK"), Line("NOPE")), order(2)])
    assert ran.row["counts"]["records"] == {"in": 4, "out": 1, "rejected": 3, "filtered": 0, "held": 0}
    assert shop.sent() == ({"2"}, {"2"})


def test_two_shops_may_have_the_same_order_number(shop: Shop) -> None:
    shop.edit("mappings/exchange.yaml", "  wms:", "  outlet: {type: local, path: data/inbox/outlet}\n  wms:")
    pick_up = (
        '  - {from: shopify, folder: orders, match: "*.csv", mapping: shopify/orders, settle: 10s, then: archive}\n'
    )
    shop.edit("mappings/flows/orders.yaml", pick_up, pick_up + pick_up.replace("from: shopify", "from: outlet"))
    assert shop.type("check").exit == 0
    shop.take("a.csv", order(1))
    outlet = shop.root / "data/inbox/outlet/orders/b.csv"
    outlet.write_text(export(order(1, Line("MUG-BLUE"))), encoding="utf-8")
    shop.age(outlet, 9)
    assert shop.type("run", "--json").documents["out"] == 1
    assert sorted(element.findtext("Channel") or "" for element in shop.wms()) == ["outlet", "shopify"]
    assert [(row["document"], row["disposition"]) for row in shop.trace(1)] == [
        ("order/outlet/1", "out"),
        ("order/shopify/1", "out"),
    ]
    shop.take("c.csv", order(2, status="pending"))
    outlet.write_text(export(order(2, Line("MUG-BLUE"), status="pending")), encoding="utf-8")
    shop.age(outlet, 10)
    shop.type("run")
    assert "--channel" in shop.type("release", "order", "2").err
    ran = shop.type("release", "order", "2", "--channel", "outlet", "--json")
    assert [row["Channel"] for row in shop.erp(ran)] == ["outlet"]
