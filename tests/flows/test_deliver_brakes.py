"""The operator's brake: a paused flow does nothing, a paused endpoint is left alone, and both are seen and recorded."""

from __future__ import annotations

from tests.flows.shop import INBOX, Shop, order

PENDING = "data/outbox/.pending"
FLOW = "mappings/flows/orders.yaml"


def test_a_paused_flow_is_skipped_and_says_so(shop: Shop) -> None:
    told = shop.type("pause", "orders", "--as", "mara", "--reason", "stocktaking")
    assert told.exit == 0
    assert told.out.startswith("flow orders is paused by mara since ")
    shop.drop("a.csv", order(1))

    ran = shop.type("run")

    assert (ran.exit, ran.out) == (0, "")
    assert "flow orders is paused by mara" in ran.err
    assert "(stocktaking); `exchange resume orders` lets it go on" in ran.err
    assert len(shop.files(INBOX)) == 1
    assert shop.type("resume", "orders").exit == 0
    assert shop.type("run").exit == 0
    assert shop.sent() == ({"1"}, {"1"})


def test_an_idle_run_of_a_paused_flow_says_it_too(shop: Shop) -> None:
    shop.take("a.csv", order(1))
    shop.type("pause", "orders")

    assert "flow orders is paused by" in shop.type("run").err


def test_a_paused_flow_is_left_alone_by_people_too(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1), order(2, status="pending")])
    shop.type("pause", "orders")

    for words in (
        ("release", "order", "2"),
        ("resend", shop.deliveries(ran)[0].id),
        ("replay", ran.row["claim"]),
    ):
        refused = shop.type(*words)
        assert (refused.exit, "flow orders is paused by" in refused.err) == (2, True), words


def test_deliveries_to_a_paused_endpoint_wait_and_that_is_fine(shop: Shop) -> None:
    shop.type("pause", "wms", "--reason", "stocktaking")

    ran = shop.take("a.csv", order(1))

    assert (ran.exit, ran.row["state"]) == (0, "sealed")
    assert "endpoint wms is paused by" in ran.err
    assert len(shop.files(f"{PENDING}/wms")) == 1
    assert shop.sent() == (set(), {"1"})
    assert shop.type("run").exit == 0
    assert shop.type("resume", "wms").exit == 0
    assert shop.type("run", "--json").row["state"] == "done"
    assert shop.sent() == ({"1"}, {"1"})


def test_nothing_is_picked_up_from_a_paused_endpoint(shop: Shop) -> None:
    shop.type("pause", "shopify")
    shop.drop("a.csv", order(1))

    ran = shop.type("run", "--json")

    assert (ran.exit, ran.rows) == (0, [])
    assert len(shop.files(INBOX)) == 1
    shop.type("resume", "shopify")
    assert shop.type("run").exit == 0
    assert shop.sent() == ({"1"}, {"1"})


def test_a_source_is_left_alone_while_its_endpoint_is_paused(shop: Shop) -> None:
    shop.type("pause", "wms")
    shop.take("a.csv", order(1))
    shop.type("pause", "shopify")
    shop.drop("b.csv", order(2))

    shop.type("resume", "wms")
    ran = shop.type("run", "--json")

    assert [row["file"] for row in ran.rows] == ["a.csv"]
    assert len(shop.files(INBOX)) == 1


def test_status_shows_what_is_paused_by_whom_and_why(shop: Shop) -> None:
    shop.type("pause", "wms", "--as", "mara", "--reason", "stocktaking")
    shop.type("pause", "orders", "--as", "jonas", "--reason", "end of year")

    text, [row] = shop.type("status").out, shop.type("status", "--json").rows

    assert "endpoint wms is paused by mara" in text
    assert "flow orders is paused by jonas" in text
    assert [(each["kind"], each["name"], each["who"], each["reason"]) for each in row["paused"]] == [
        ("endpoint", "wms", "mara", "stocktaking"),
        ("flow", "orders", "jonas", "end of year"),
    ]


def test_who_paused_and_resumed_is_recorded(shop: Shop) -> None:
    shop.type("pause", "wms", "--as", "mara", "--reason", "stocktaking")
    shop.type("pause", "wms", "--as", "jonas", "--reason", "again")
    shop.type("resume", "wms", "--as", "anna", "--reason", "over")

    assert [(action.who, action.what, action.subject, action.reason) for action in shop.ledger_actions()] == [
        ("mara", "pause", "endpoint/wms", "stocktaking"),
        ("jonas", "pause", "endpoint/wms", "again"),
        ("anna", "resume", "endpoint/wms", "over"),
    ]


def test_dry_run_changes_nothing(shop: Shop) -> None:
    assert shop.type("pause", "wms", "--dry-run").out == "would pause endpoint wms\n"
    assert "is not paused" in shop.type("resume", "wms").err
    shop.type("pause", "wms")
    assert shop.type("resume", "wms", "--dry-run").out == "would resume endpoint wms\n"
    assert "is paused by" in shop.type("status").out


def test_names_that_mean_nothing_or_two_things(shop: Shop) -> None:
    unknown = shop.type("pause", "wmss")
    assert (unknown.exit, "wms" in unknown.err) == (2, True)
    shop.edit("mappings/exchange.yaml", "  erp:", "  orders:")
    shop.edit(FLOW, "to: erp", "to: orders")
    twice = shop.type("pause", "orders")
    assert (twice.exit, "write flow:orders or endpoint:orders" in twice.err) == (2, True)
    assert shop.type("pause", "endpoint:orders", "--json").row["kind"] == "endpoint"
    assert shop.type("pause", "flow:orders", "--json").row["kind"] == "flow"
    assert shop.type("resume", "orders").exit == 2
    assert shop.type("resume", "flow:orders").exit == 0
    assert shop.type("resume", "orders", "--json").row["kind"] == "endpoint"


def test_status_does_not_look_at_a_paused_endpoint(shop: Shop) -> None:
    shop.drop("a.csv", order(1))
    shop.type("pause", "shopify")

    assert shop.type("status", "--json").row["ready"] == []


def test_status_says_what_cannot_be_looked_at(shop: Shop) -> None:
    inbox = shop.root / INBOX
    inbox.rmdir()
    inbox.write_text("in the way")

    assert "data/inbox/shopify/orders is no folder: move it away" in shop.type("status").out
    [row] = shop.type("status", "--json").rows
    assert len(row["away"]) == 1
