"""What orders take of stock between a snapshot and the next: handed over, changed, cancelled, not delivered yet."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.flows.shop import Line, order
from tests.flows.yard import Yard

TEA, BOWL = "HAM/100010", "LYO/200040"
BEHIND, AHEAD = "20010101", "22990101"
"""Days on which snapshots are older, or newer, than whatever a test does."""


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """A shop whose orders are subtracted from the stock of its warehouses, which have ten of each."""
    made = Yard(tmp_path / "ws")
    made.edit("mappings/flows/orders.yaml", "rules:\n", "rules:\n  reserve: true\n")
    made.edit("mappings/flows/stock.yaml", "settle: 1s", 'settle: 1s, as_of: {name: "s%Y%m%d.csv"}')
    snapshot(made, 10, BEHIND)
    return made


def snapshot(yard: Yard, pieces: int, day: str) -> None:
    """Count the warehouses."""
    ran = yard.count(f"s{day}.csv", f"100010,HAM,,{pieces}", f"200040,LYO,,{pieces}", day=0)
    assert ran.exit == 0
    assert ran.row["state"] in {"done", "duplicate"}


def taken(yard: Yard) -> dict[str, Decimal]:
    """Return what is subtracted, by place."""
    return {f"{row.location}/{row.item}": row.committed for row in yard.available() if row.committed}


def test_an_order_after_the_snapshot_is_subtracted_until_the_next(yard: Yard) -> None:
    assert yard.take("1.csv", order(1001, Line("TEA-ASSAM", "2"), Line("BOWL-OAK", "1"))).exit == 0
    assert yard.take("2.csv", [order(1002, Line("TEA-ASSAM", "3")), order(1003)]).exit == 0

    assert taken(yard) == {TEA: Decimal(7), BOWL: Decimal(1)}
    assert yard.free() == {TEA: Decimal(3), BOWL: Decimal(9)}

    snapshot(yard, 10, AHEAD)
    assert taken(yard) == {}


def test_what_is_held_or_rejected_or_unchanged_takes_nothing(yard: Yard) -> None:
    ran = yard.take("1.csv", [order(1001, status="pending"), order(1002, Line("NO-SUCH", "2")), order(1003)])
    assert ran.documents == {"in": 3, "out": 1, "rejected": 1, "filtered": 0, "held": 1}
    assert taken(yard) == {TEA: Decimal(2)}

    yard.take("2.csv", [order(1003), order(1004)])
    assert taken(yard) == {TEA: Decimal(4)}
    assert yard.type("release", "order", "1001", "--reason", "paid by phone").exit == 0
    assert taken(yard) == {TEA: Decimal(6)}


def test_changes_and_cancellations_give_back(yard: Yard) -> None:
    yard.take("1.csv", order(1001, Line("TEA-ASSAM", "5"), Line("BOWL-OAK", "1")))
    yard.take("2.csv", order(1001, Line("TEA-ASSAM", "2"), Line("BOWL-OAK", "1")))
    assert taken(yard) == {TEA: Decimal(2), BOWL: Decimal(1)}

    yard.take("3.csv", order(1001, Line("TEA-ASSAM", "2")))
    assert taken(yard) == {TEA: Decimal(2)}
    yard.take("4.csv", order(1001, Line("TEA-ASSAM", "2"), cells={"Cancelled at": "2026-03-03 09:00:00 +0100"}))
    assert taken(yard) == {}


def test_what_was_taken_back_after_the_snapshot_is_free_again(yard: Yard) -> None:
    """The warehouse still had it reserved, or gone, when it counted."""
    yard.take("1.csv", order(1001, Line("TEA-ASSAM", "5")))
    lag = "rules:\n  reserve: {lag: 1000000d}\n"
    yard.edit("mappings/flows/orders.yaml", "rules:\n  reserve: true\n", lag)
    snapshot(yard, 5, AHEAD)
    assert yard.free()[TEA] == 5

    yard.take("2.csv", order(1001, Line("TEA-ASSAM", "5"), cells={"Cancelled at": "2026-03-03 09:00:00 +0100"}))
    assert taken(yard) == {TEA: Decimal(-5)}
    assert yard.free()[TEA] == 10


def test_what_the_warehouse_has_not_got_yet_is_in_no_snapshot(yard: Yard) -> None:
    """The WMS is down for a day: its count of meanwhile knows nothing of the orders that wait for it."""
    outbox = yard.root / "data/outbox/wms"
    shutil.rmtree(outbox, ignore_errors=True)
    outbox.parent.mkdir(parents=True, exist_ok=True)
    outbox.write_text("in the way")
    assert yard.take("1.csv", order(1001, Line("TEA-ASSAM", "5"))).exit != 0
    snapshot(yard, 10, AHEAD)
    assert taken(yard) == {TEA: Decimal(5)}

    outbox.unlink()
    assert yard.type("run", "orders").exit == 0
    assert taken(yard) == {}, "it was delivered before the count that lies ahead"


def test_a_replay_takes_nothing_once_more(yard: Yard) -> None:
    first = yard.take("1.csv", order(1001, Line("TEA-ASSAM", "5")))

    assert yard.type("replay", str(first.row["claim"]), "--reason", "the WMS lost it").exit == 0

    assert taken(yard) == {TEA: Decimal(5)}


def test_a_baseline_takes_nothing(yard: Yard) -> None:
    yard.drop("1.csv", order(1001, Line("TEA-ASSAM", "5")))

    assert yard.type("run", "orders", "--baseline").exit == 0

    assert taken(yard) == {}


def test_without_reserve_nothing_is_subtracted(yard: Yard) -> None:
    yard.edit("mappings/flows/orders.yaml", "  reserve: true\n", "")
    yard.take("1.csv", order(1001))

    assert taken(yard) == {}
