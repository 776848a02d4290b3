"""`held_limit`: what waits for too long is told once, or let go, also in a run that finds no file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble import house, idle
from tests.flows.shop import EPOCH, Line, Ran, Shop, order, read_csv

FLOW = "mappings/flows/orders.yaml"
START = datetime.fromtimestamp(EPOCH, UTC)
Days = Callable[[float], None]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop in which an order may be held for two weeks."""
    shop = Shop(tmp_path / "ws")
    shop.edit(FLOW, "otherwise: hold", "otherwise: hold\n    held_limit: 14d")
    return shop


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Days:
    """Set the clock of the runs to so many days after the first."""

    def set_clock(days: float) -> None:
        for module in (house, idle):
            monkeypatch.setattr(module, "now", lambda: START + timedelta(days=days))

    set_clock(0.5)
    return set_clock


def idle_run(shop: Shop) -> Ran:
    """Run the flow with nothing in its folder."""
    return shop.type("run", "orders", "--json")


def test_told_once_by_a_run_without_a_file_and_shown_by_status_and_trace(shop: Shop, day: Days) -> None:
    shop.take("a.csv", [order(1, status="pending"), order(2, status="authorized"), order(3)], day=0)
    day(14)
    early = idle_run(shop)
    assert (early.exit, early.err) == (0, "nothing to do: no file is ready\n")
    day(15)
    ran = idle_run(shop)
    assert (ran.exit, ran.out) == (3, "")
    assert "orders: held for longer than 14d: order 1, 2; `exchange rejects list` has them" in ran.err
    day(40)
    assert (idle_run(shop).exit, len(shop.open_rejects())) == (0, 2)
    [first, _] = shop.open_rejects()
    assert (first["document"], first["codes"]) == ("order/shopify/1", ["HELD_TOO_LONG"])
    shown = shop.type("rejects", "show", first["reject_id"], "--json").row
    assert (shown["state"], shown["document"]) == ("open", "order/shopify/1")
    [problem] = shop.trace(1)[-1]["problems"]
    assert problem["message"] == (
        "document 1 is held since 2026-01-01 21:00 UTC (payment_status is pending), which is longer than 14d"
    )
    assert shop.trace(1)[-1]["disposition"] == "held"
    assert "order 1 (shopify): held: payment_status is pending; document 1 is held since" in (
        shop.type("trace", "order", "1").out
    )
    status = shop.type("status", "--json").row
    assert (status["held_documents"], status["overdue_documents"], status["let_go_documents"]) == (2, 2, 0)
    assert "late   2 orders held for longer than `held_limit`" in shop.type("status").out


def test_exports_that_hold_it_again_do_not_begin_anew_nor_tell_it_again(shop: Shop, day: Days) -> None:
    for number in range(0, 40, 4):
        day(number + 0.5)
        ran = shop.take(f"{number}.csv", [order(1, status="pending"), order(100 + number)], day=number)
        told = "held for longer than 14d: order 1" in ran.err
        assert told == (number == 16), number
        assert ran.exit == (3 if told else 0)
    assert [row["codes"] for row in shop.open_rejects()] == [["HELD_TOO_LONG"]]
    day(42)
    assert shop.take("paid.csv", order(1), day=41).documents["out"] == 1
    assert shop.open_rejects() == []


def test_released_later_all_the_same(shop: Shop, day: Days) -> None:
    shop.take("a.csv", order(1, status="pending"), day=0)
    day(20)
    assert idle_run(shop).exit == 3
    released = shop.type("release", "order", "1", "--json")
    assert (released.exit, shop.sent()) == (0, ({"1"}, {"1"}))
    assert shop.open_rejects() == []
    day(60)
    assert idle_run(shop).exit == 0


def test_nobody_is_sent_to_correct_a_file_in_which_nothing_is_wrong(shop: Shop, day: Days) -> None:
    ran = shop.take("a.csv", [order(1, status="pending"), order(2, Line("NOPE")), order(3, status="pending")], day=0)
    day(20)
    idle_run(shop)
    said = shop.type("rejects", "list").err
    fixed = str(shop.reject_file(ran).relative_to(shop.root))
    assert [line for line in said.splitlines() if " fix " in line] == [f"  fix {fixed} and drop it back into the inbox"]
    assert "HELD_TOO_LONG: find out what it waits for: `exchange release order NUMBER` sends it all the same" in said
    assert "`exchange rejects waive ID --reason ...` says that it may wait" in said
    late = [row for row in shop.open_rejects() if row["codes"] == ["HELD_TOO_LONG"]]
    [problem] = shop.type("rejects", "show", late[0]["reject_id"], "--json").row["problems"]
    assert "`exchange release order 1` sends it all the same" in problem["remedy"]

    target = shop.root / "todo.csv"
    exported = shop.type("rejects", "export", str(target))
    assert (exported.exit, {row["Name"] for row in read_csv(target.read_text())}) == (0, {"#2"})
    assert "2 documents held for too long are left out: nothing in a file is wrong" in exported.err

    for row in late:
        assert shop.type("rejects", "waive", row["reject_id"], "--reason", "it may wait").exit == 0
    assert "HELD_TOO_LONG" not in shop.type("rejects", "list").err
    assert shop.trace(1)[-1]["disposition"] == "held"


def test_held_again_later_is_another_wait(shop: Shop, day: Days) -> None:
    shop.take("a.csv", order(1, status="pending"), day=0)
    day(20)
    assert idle_run(shop).exit == 3
    day(22)
    shop.take("b.csv", order(1), day=21)
    day(23)
    shop.take("c.csv", order(1, Line("MUG-BLUE"), status="partially_refunded"), day=22)
    day(30)
    assert idle_run(shop).exit == 0
    day(40)
    assert idle_run(shop).exit == 3
    assert len(shop.open_rejects()) == 1


def test_filtered_is_let_go_and_only_a_later_file_brings_it_back(shop: Shop, day: Days) -> None:
    shop.edit(FLOW, "held_limit: 14d", "held_limit: 14d\n    then: filter")
    shop.take("a.csv", [order(1, status="pending"), order(2, status="pending")], day=0)
    day(15)
    ran = idle_run(shop)
    assert (ran.exit, shop.open_rejects()) == (0, [])
    assert "held for longer than 14d: order 1, 2; filtered, by `held_limit`" in ran.err
    assert idle_run(shop).err == "nothing to do: no file is ready\n"
    last = shop.trace(1)[-1]
    assert (last["disposition"], last["reason"]) == (
        "filtered",
        "held for too long: since 2026-01-01, longer than 14d; let go on 2026-01-16",
    )
    status = shop.type("status", "--json").row
    assert (status["held_documents"], status["let_go_documents"]) == (0, 2)
    assert "2 orders held for longer than `held_limit`, and filtered for it" in shop.type("status").out
    assert shop.type("release", "order", "1").exit == 2
    day(17)
    assert shop.take("paid.csv", order(1), day=16).documents["out"] == 1


def test_order_that_was_paid_meanwhile_is_not_told(shop: Shop, day: Days) -> None:
    shop.take("a.csv", order(1, status="pending"), day=0)
    day(10.5)
    shop.take("b.csv", order(1), day=10)
    day(20)
    assert idle_run(shop).exit == 0
    assert idle_run(shop).err == "nothing to do: no file is ready\n", "looked at once, and never again"
    assert shop.open_rejects() == []


def test_dry_run_says_it_and_changes_nothing(shop: Shop, day: Days) -> None:
    shop.take("a.csv", order(1, status="pending"), day=0)
    day(20)
    before = shop.content()
    dry = shop.type("run", "orders", "--dry-run")
    assert "held for longer than 14d: order 1" in dry.err
    assert {name for name, data in shop.content().items() if before.get(name) != data} <= _LEDGER
    assert idle_run(shop).exit == 3


_LEDGER = {f"data/state/ledger.db{suffix}" for suffix in ("", "-wal", "-shm")} | {"data/state/journal.log"}


def test_shorter_limit_takes_hold_of_what_is_held_already(shop: Shop, day: Days) -> None:
    shop.take("a.csv", order(1, status="pending"), day=0)
    day(5)
    assert idle_run(shop).exit == 0
    shop.edit(FLOW, "held_limit: 14d", "held_limit: 3d")
    assert idle_run(shop).exit == 3


def test_other_runs_are_not_slowed_by_a_limit_that_nobody_set(shop: Shop, day: Days) -> None:
    shop.edit(FLOW, "\n    held_limit: 14d", "")
    shop.take("a.csv", order(1, status="pending"), day=0)
    day(100)
    assert idle_run(shop).err == "nothing to do: no file is ready\n"
