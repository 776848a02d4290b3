"""Kill -9 while a file is held, approved or declined: the next run goes on with what was decided, and loses nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.child import Nursery
from tests.crash.scene import copy
from tests.flows.shop import Shop, order

pytestmark = pytest.mark.slow

FLOW = "mappings/flows/orders.yaml"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, Nursery, Path]]:
    """A shop in which a file waits that a guard will hold."""
    folder = tmp_path_factory.mktemp("held")
    shop = Shop(folder / "before")
    shop.edit(FLOW, "hundredfold: price", "row_count: {min: 0.5}")
    for unused in ("samples", "cron"):
        shutil.rmtree(shop.root / unused)
    assert shop.take("a.csv", [order(1), order(2), order(3)]).exit == 0
    shop.drop("b.csv", order(4))
    with Nursery(folder / "children", copy(shop.root, folder / "work")) as nursery:
        yield shop, nursery, folder / "work"


@pytest.mark.parametrize("point", ["hold.page:1", "hold.noted:1"])
def test_killed_while_it_is_held(held: tuple[Shop, Nursery, Path], point: str) -> None:
    before, nursery, work = held
    copy(before.root, work)
    shop = Shop(work, init=False)

    assert nursery.run(work, "run", EXCHANGE_CRASH_AT=point).killed
    ended = nursery.run(work, "run", "--json")

    assert (ended.exit, [row["state"] for row in ended.rows]) == (4, ["held"])
    assert [path.suffix for path in shop.files("data/state/held")] == [".md"]
    [row] = shop.type("status", "--json").rows
    assert [hold["claim"] for hold in row["held_files"]] == [ended.rows[0]["claim"]]


@pytest.mark.parametrize(("command", "state"), [("approve", "done"), ("decline", "rejected")])
@pytest.mark.parametrize("point", ["recover.restarted:1", "seal.noted:1"])
def test_killed_while_a_person_decides(held: tuple[Shop, Nursery, Path], command: str, state: str, point: str) -> None:
    before, nursery, work = held
    copy(before.root, work)
    shop = Shop(work, init=False)
    [row] = nursery.run(work, "run", "--json").rows

    assert nursery.run(work, command, row["claim"], "--reason", "x", EXCHANGE_CRASH_AT=point).killed
    ended = nursery.run(work, "run")

    assert ended.exit in {0, 3}, ended.err
    assert ("4" in shop.sent()[0]) == (command == "approve")
    [shown] = shop.type("status", "--json").rows
    assert (shown["claims"][state], shown["held_files"]) == (2 if state == "done" else 1, [])
    assert "held" not in shown["claims"]
