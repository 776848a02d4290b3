"""Orders that come again: each target is told what changed for it, once, and never a second `new`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from tests.flows.shop import MARA, Line, Order, Ran, Shop, order

TEA, MUG, OAK, KNIFE = Line("TEA-ASSAM", "2"), Line("MUG-BLUE"), Line("BOWL-OAK"), Line("KNIFE-PAR", "3")
"""The first two lie in Hamburg, the others in Lyon."""
FLOW = "mappings/flows/orders.yaml"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that tells its targets of changes."""
    return Shop(tmp_path / "ws")


def wms(shop: Shop, ran: Ran) -> list[tuple[str, str, str, dict[str, str]]]:
    """Return (action, part, warehouse, item -> quantity) of each order that the WMS got in one run."""
    return [
        (each.get("action", ""), each.get("part", ""), each.findtext("Warehouse") or "", _lines(each))
        for each in shop.wms(ran)
    ]


def _lines(element: etree._Element) -> dict[str, str]:
    return {line.findtext("Sku") or "": line.findtext("Quantity") or "" for line in element.iter("Line")}


def erp(shop: Shop, ran: Ran) -> list[tuple[str, str, str]]:
    """Return (action, sku, quantity) of each row that the ERP got in one run."""
    return [(row["Action"], row["Sku"], row["Quantity"]) for row in shop.erp(ran)]


def test_unchanged_is_told_to_nobody(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA, OAK))
    ran = shop.take("b.csv", order(1, TEA, OAK, cells={"Tags": "vip"}))
    assert (ran.exit, ran.documents["filtered"], ran.row["outputs"]) == (0, 1, [])
    assert shop.trace(1)[-1]["reason"] == "sent before, unchanged"


def test_quantity_change_is_told_to_the_part_that_it_concerns(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA, OAK))
    ran = shop.take("b.csv", order(1, replace(TEA, quantity="5"), OAK))
    assert ran.exit == 0
    assert wms(shop, ran) == [("change", "1", "HAM", {"TEA-ASSAM": "5"})]
    assert erp(shop, ran) == [("change", "TEA-ASSAM", "5"), ("change", "BOWL-OAK", "1")]
    assert [row["action"] for row in shop.trace(1)] == ["new", "change"]


def test_address_correction_is_told_to_every_part(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA, OAK))
    ran = shop.take("b.csv", order(1, TEA, OAK, to=replace(MARA, line1="Kaistrasse 8")))
    assert wms(shop, ran) == [
        ("change", "1", "HAM", {"TEA-ASSAM": "2"}),
        ("change", "2", "LYO", {"BOWL-OAK": "1"}),
    ]
    assert {each.findtext("ShipTo/Line1") for each in shop.wms(ran)} == {"Kaistrasse 8"}


def test_line_added_to_a_new_warehouse_is_a_new_part_there(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA))
    ran = shop.take("b.csv", order(1, TEA, OAK))
    assert wms(shop, ran) == [("new", "2", "LYO", {"BOWL-OAK": "1"})]


def test_last_line_of_a_warehouse_removed_cancels_its_part_as_it_was_sent(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA, replace(OAK, quantity="4")))
    ran = shop.take("b.csv", order(1, TEA))
    assert wms(shop, ran) == [("cancel", "2", "LYO", {"BOWL-OAK": "4"})]
    assert erp(shop, ran) == [("change", "TEA-ASSAM", "2")]


def test_line_that_moves_to_another_warehouse_is_a_cancel_there_and_a_new_here(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA))
    shop.edit("mappings/tables/items.csv", '"Assam Tea, 250 g",EA,270,HAM', '"Assam Tea, 250 g",EA,270,LYO')
    ran = shop.take("b.csv", order(1, replace(TEA, quantity="3")))
    assert wms(shop, ran) == [
        ("cancel", "1", "HAM", {"TEA-ASSAM": "2"}),
        ("new", "2", "LYO", {"TEA-ASSAM": "3"}),
    ]


def test_part_that_was_cancelled_never_lends_its_number_to_another(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA, OAK))
    shop.take("b.csv", order(1, TEA))
    ran = shop.take("c.csv", order(1, TEA, KNIFE))
    assert wms(shop, ran) == [("new", "3", "LYO", {"KNIFE-PAR": "3"})]


@pytest.mark.parametrize(
    "taken_back",
    [
        order(1, TEA, OAK, status="refunded"),
        order(1, TEA, OAK, status="voided"),
        order(1, TEA, OAK, cells={"Cancelled at": "2026-03-03 08:00:00 +0100"}),
    ],
)
def test_cancelled_after_it_was_sent_is_a_cancel_for_each_part_and_only_once(shop: Shop, taken_back: Order) -> None:
    shop.take("a.csv", order(1, TEA, OAK))
    ran = shop.take("b.csv", [taken_back, order(2)])
    assert (ran.exit, ran.documents) == (0, {"in": 2, "out": 2, "rejected": 0, "filtered": 0, "held": 0})
    assert wms(shop, ran)[:2] == [
        ("cancel", "1", "HAM", {"TEA-ASSAM": "2"}),
        ("cancel", "2", "LYO", {"BOWL-OAK": "1"}),
    ]
    assert erp(shop, ran)[:2] == [("cancel", "TEA-ASSAM", "2"), ("cancel", "BOWL-OAK", "1")]
    again = shop.take("c.csv", [taken_back, order(3)])
    assert (again.exit, shop.sent(again)) == (0, ({"3"}, {"3"}))
    assert shop.trace(1)[-1]["reason"] == "told before: cancel"
    reopened = shop.take("d.csv", order(1, TEA, OAK, cells={"Tags": "vip"}))
    assert reopened.row["problems"] == {"REOPENED": 1}


def test_cancelled_before_it_was_sent_is_filtered(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, status="voided"))
    assert (ran.exit, ran.documents["filtered"], shop.wms()) == (0, 1, [])


def test_chain_of_changes_is_told_against_what_was_sent_last(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA, OAK))
    shop.take("b.csv", order(1, replace(TEA, quantity="5"), OAK))
    ran = shop.take("c.csv", order(1, replace(TEA, quantity="5"), replace(OAK, quantity="2")))
    assert wms(shop, ran) == [("change", "2", "LYO", {"BOWL-OAK": "2"})]
    cancelled = shop.take("d.csv", order(1, replace(TEA, quantity="5"), replace(OAK, quantity="2"), status="voided"))
    assert wms(shop, cancelled) == [
        ("cancel", "1", "HAM", {"TEA-ASSAM": "5"}),
        ("cancel", "2", "LYO", {"BOWL-OAK": "2"}),
    ]


def test_lines_keep_their_numbers_over_changes(shop: Shop) -> None:
    """A removed line leaves its number unused: what stays is told of only where it changed, and as the same line."""

    def numbers(ran: Ran) -> list[tuple[str, str, str]]:
        return [(row["LineNumber"], row["Sku"], row["Quantity"]) for row in shop.erp(ran)]

    more, two = replace(TEA, quantity="5"), replace(KNIFE, quantity="2")
    shop.take("a.csv", order(1, TEA, OAK, KNIFE, KNIFE))
    removed = shop.take("b.csv", order(1, OAK, KNIFE, KNIFE))
    assert wms(shop, removed) == [("cancel", "1", "HAM", {"TEA-ASSAM": "2"})], "Lyon's lines are what they were"
    assert numbers(removed) == [("2", "BOWL-OAK", "1"), ("3", "KNIFE-PAR", "3"), ("4", "KNIFE-PAR", "3")]

    added = shop.take("c.csv", order(1, more, two, KNIFE))
    assert numbers(added) == [("5", "TEA-ASSAM", "5"), ("4", "KNIFE-PAR", "2"), ("3", "KNIFE-PAR", "3")]
    assert [element.get("number") for element in shop.wms(added)[-1].iter("Line")] == ["5"]
    assert shop.take("d.csv", [order(1, more, two, KNIFE), order(2)]).documents["filtered"] == 1, "unchanged"

    last = shop.take("e.csv", order(1, two, KNIFE))
    assert numbers(last) == [("4", "KNIFE-PAR", "2"), ("3", "KNIFE-PAR", "3")]
    again = shop.take("f.csv", order(1, two, KNIFE, MUG))
    assert numbers(again) == [
        ("4", "KNIFE-PAR", "2"),
        ("3", "KNIFE-PAR", "3"),
        ("6", "MUG-BLUE", "1"),
    ], "a number is never given twice"
    [path] = [output["path"] for output in again.row["outputs"] if output["endpoint"] == "erp"]
    assert shop.type("trace", "cell", f"{shop.root / path}:4:LineNumber", "--json").row["text"] == "6"


def test_older_export_after_a_newer_one_is_never_applied(shop: Shop) -> None:
    shop.take("b.csv", order(1, replace(TEA, quantity="5")), day=5)
    ran = shop.take("a.csv", order(1, TEA), day=4)
    newer, older = shop.trace(1)
    assert (ran.exit, ran.row["outputs"]) == (0, [])
    assert older["reason"] == f"superseded: claim {newer['claim']} has a newer version"


@pytest.mark.parametrize(
    "changed", [order(1, KNIFE), order(1, TEA, cells={"Cancelled at": "2026-03-03 08:00:00 +0100"})]
)
def test_what_was_shipped_cannot_be_changed(shop: Shop, changed: object) -> None:
    shop.take("a.csv", order(1, TEA))
    assert isinstance(changed, type(order(1)))
    ran = shop.take("b.csv", replace(changed, fulfilment="fulfilled"))
    assert (ran.exit, ran.row["problems"]) == (3, {"CHANGED_AFTER_SHIPPED": 1})


def test_refunded_is_a_return_where_the_rule_says_so(shop: Shop) -> None:
    shop.edit(FLOW, "repeat: change", "repeat: change\n  taken_back: {refunded: return}")
    shop.edit(
        FLOW,
        "  # To a partner's SFTP server:\n",
        '  - {to: erp, folder: returns, mapping: erp/orders, name: "RT_{claim}.csv", actions: [return]}\n',
    )
    shop.take("a.csv", order(1, TEA))
    ran = shop.take("b.csv", order(1, TEA, status="refunded"))
    assert (ran.exit, shop.wms(ran)) == (0, [])
    assert erp(shop, ran) == [("return", "TEA-ASSAM", "2")]


def test_change_that_a_target_refuses_goes_to_no_target_and_can_be_corrected(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA, OAK))
    ran = shop.take("b.csv", order(1, TEA, to=replace(MARA, line1="N" * 61)))
    assert (ran.exit, ran.documents["rejected"], shop.sent(ran)) == (3, 1, (set(), set()))
    fixed = shop.take("fixed.csv", shop.reject_file(ran).read_text().replace("N" * 61, "N" * 60))
    assert wms(shop, fixed) == [("cancel", "2", "LYO", {"BOWL-OAK": "1"}), ("change", "1", "HAM", {"TEA-ASSAM": "2"})]


def test_what_was_sent_before_changes_were_kept_is_a_problem(shop: Shop) -> None:
    shop.edit(FLOW, "repeat: change", "repeat: problem")
    shop.take("a.csv", order(1, TEA))
    shop.edit(FLOW, "repeat: problem", "repeat: change")
    ran = shop.take("b.csv", order(1, MUG))
    assert (ran.exit, ran.row["problems"]) == (3, {"REPEAT_CHANGED": 1})


def test_baseline_can_be_changed_afterwards(shop: Shop) -> None:
    shop.drop("history.csv", [order(1, TEA, OAK)])
    assert shop.type("run", "orders", "--baseline", "--json").exit == 0
    ran = shop.take("b.csv", order(1, replace(TEA, quantity="5"), OAK))
    assert wms(shop, ran) == [("change", "1", "HAM", {"TEA-ASSAM": "5"})]


def test_held_now_is_told_when_it_is_released(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA))
    held = shop.take("b.csv", order(1, MUG, status="partially_refunded"))
    assert (held.documents["held"], held.row["outputs"]) == (1, [])
    ran = shop.type("release", "order", "1", "--json")
    assert ran.exit == 0
    assert wms(shop, ran) == [("change", "1", "HAM", {"MUG-BLUE": "1"})]


def test_changes_that_no_target_reads_are_told_to_nobody(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA))
    ran = shop.take("b.csv", order(1, TEA, cells={"Tips": "1.00", "Id": "77"}))
    assert (ran.exit, ran.row["outputs"], ran.documents["filtered"]) == (0, [], 1)
    assert shop.trace(1)[-1]["reason"] == "changed in nothing that a target reads"


def test_cancelled_while_a_change_of_it_is_held(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA))
    shop.take("b.csv", order(1, MUG, status="partially_refunded"))
    ran = shop.take("c.csv", order(1, MUG, status="voided"))
    assert wms(shop, ran) == [("cancel", "1", "HAM", {"TEA-ASSAM": "2"})]
    assert shop.type("release", "order", "1").exit == 2


def test_files_that_go_out_together_are_told_against_what_was_sent(shop: Shop) -> None:
    shop.edit(FLOW, "settle: 10s", "settle: 10s, merge: true")
    shop.take("a.csv", [order(1, TEA, OAK), order(2, TEA)])
    shop.drop("b.csv", [order(1, replace(TEA, quantity="5"), OAK), order(3, TEA)])
    shop.drop("c.csv", [order(2, TEA, status="voided"), order(4, MUG)])
    shop.drop("d.csv", order(3, KNIFE))
    ran = shop.type("run", "orders", "--json")
    assert [(row["file"], row.get("actions")) for row in ran.rows] == [
        ("b.csv", {"change": 1, "new": 1}),
        ("c.csv", {"cancel": 1, "new": 1}),
        ("d.csv", {"change": 1}),
    ]
    assert wms(shop, ran) == [
        ("change", "1", "HAM", {"TEA-ASSAM": "5"}),
        ("new", "1", "HAM", {"TEA-ASSAM": "2"}),
        ("cancel", "1", "HAM", {"TEA-ASSAM": "2"}),
        ("new", "1", "HAM", {"MUG-BLUE": "1"}),
        ("cancel", "1", "HAM", {"TEA-ASSAM": "2"}),
        ("new", "2", "LYO", {"KNIFE-PAR": "3"}),
    ]
    last = shop.take("e.csv", order(3, KNIFE, status="voided"))
    assert wms(shop, last) == [("cancel", "2", "LYO", {"KNIFE-PAR": "3"})]


def test_run_status_and_trace_say_what_was_told(shop: Shop) -> None:
    first = shop.take("a.csv", [order(1, TEA, OAK), order(2, TEA)])
    assert "actions" not in first.row
    assert shop.type("status", "--json").row["last_run_actions"] == {"new": 2}
    assert "told" not in shop.type("status").out
    shop.drop("b.csv", [order(1, TEA, KNIFE), order(2, TEA, status="voided"), order(3, MUG)])
    said = shop.type("run", "orders").out
    assert "  told  1 new, 1 change, 1 cancellation\n" in said
    assert "  told   orders: 1 new, 1 change, 1 cancellation\n" in shop.type("status").out
    assert shop.type("status", "--json").row["last_run_actions"] == {"change": 1, "cancel": 1, "new": 1}
    assert shop.type("trace", "order", "1").out.startswith("order 1 (shopify): change sent to data/outbox/wms/orders/")
    assert shop.type("trace", "order", "2").out.startswith("order 2 (shopify): cancellation sent to data/outbox/wms/")
    assert shop.type("trace", "order", "3").out.startswith("order 3 (shopify): sent to data/outbox/wms/orders/")
    assert ": out, cancel\n" in shop.type("trace", "order", "2").out
    assert [row["action"] for row in shop.trace(2)] == ["new", "cancel"]
    shop.take("c.csv", order(4, TEA, status="pending"))
    assert shop.trace(4)[0]["action"] is None


def test_dry_run_says_what_would_be_told(shop: Shop) -> None:
    shop.take("a.csv", order(1, TEA))
    shop.drop("b.csv", order(1, TEA, status="voided"))
    assert shop.type("run", "orders", "--dry-run", "--json").row["actions"] == {"cancel": 1}


def test_what_the_shop_shows_as_fulfilled_counts_as_shipped_from_then_on(shop: Shop) -> None:
    """The export that shows it is the same order otherwise: nothing goes out, but what it says is kept."""
    first = shop.take("p.csv", order(601))
    shown = shop.take("q.csv", order(601, cells={"Fulfillment Status": "fulfilled"}))
    assert (shown.exit, shop.trace(601)[-1]["reason"]) == (0, "sent before, unchanged")

    changed = shop.take("t.csv", order(601, Line("MUG-BLUE", "3")))
    assert (changed.exit, changed.row["problems"]) == (3, {"CHANGED_AFTER_SHIPPED": 1})
    outside = shop.files("data/outbox")

    again = shop.type("replay", first.row["claim"], "--reason", "the WMS lost it")

    assert again.exit == 0, again.err
    assert shop.trace(601)[-1]["reason"] == "shipped: not sent again"
    assert shop.files("data/outbox") == outside
