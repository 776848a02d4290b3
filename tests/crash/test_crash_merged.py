"""Kill -9 while files are merged: the next run leaves what an undisturbed run leaves, in the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.child import Nursery
from tests.crash.desks import Shown
from tests.crash.scene import copy, left_in
from tests.crash.test_crash import BEFORE_AND_AFTER
from tests.flows.shop import INBOX, Line, Shop, export, order

pytestmark = pytest.mark.slow

FLOW = "mappings/flows/orders.yaml"
FIRST_TOO = {"claim.adopted", "claim.noted", "publish.revealed", "retire.archived", "retire.removed", "close.noted"}
"""Points that are tried where the first file of the set passes them, and not only where the last one does."""


@dataclass(frozen=True)
class Stage:
    """A workspace before its run, and children that run in copies of it."""

    before: Path
    work: Path
    nursery: Nursery

    def run(self, **environment: str) -> int:
        """Run the flow and return how it ended."""
        return self.nursery.run(self.work, "run", **environment).exit

    def again(self) -> None:
        """Begin with a fresh copy."""
        copy(self.before, self.work)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Three files to merge: one has a reject and a held order, one was replaced by a copy of another."""
    folder = tmp_path_factory.mktemp("merged")
    shop = Shop(folder / "before")
    shop.edit(FLOW, "settle: 10s", "settle: 10s, merge: true")
    shop.type("run")
    for unused in ("samples", "cron"):
        shutil.rmtree(shop.root / unused)
    shop.drop("a.csv", export(order(1), order(2, Line("NOPE")), order(3, status="pending")))
    shop.drop("b.csv", order(4))
    shop.drop("b copy.csv", order(4))
    shop.drop("c.csv", [order(5), order(6, Line("NOPE"))])
    with Nursery(folder / "children", copy(shop.root, folder / "work")) as nursery:
        yield Stage(shop.root, folder / "work", nursery)


def test_killed_at_each_point_and_run_again(stage: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    stage.again()
    assert stage.run(EXCHANGE_CRASH_LOG=str(log)) == 3
    undisturbed = left_in(stage.work)
    passed = log.read_text().splitlines()
    assert {"claim.noted:3", "seal.noted:1", "close.removed:3", "retire.duplicate:1"} <= set(passed)
    wrong: dict[str, list[str]] = {}
    shown = Shown()
    stage.again()
    for point, frame in stage.nursery.frames(stage.work, tmp_path / "album", _chosen(passed), "run").items():
        shutil.rmtree(stage.work)
        frame.rename(stage.work)
        if shown.has(stage.work):
            continue
        ended = stage.run()
        differences = undisturbed.differences(left_in(stage.work))
        if ended not in {0, 3} or differences:
            wrong[point] = [str(ended), *differences]

    assert wrong == {}
    assert len(shown) > 15


def _chosen(passed: list[str]) -> list[str]:
    """Return a point behind each named side effect, where the last file passes it, and some where the first does."""
    behind = {after for _, after in BEFORE_AND_AFTER.values()}
    last = {point.partition(":")[0]: point for point in passed}
    chosen = {last[name] for name in behind} | {f"{name}:1" for name in FIRST_TOO}
    return [point for point in passed if point in chosen]


def test_a_set_that_kills_the_run_again_and_again_falls_apart(stage: Stage) -> None:
    """Fault 1: the one file that is at fault is refused at the end; the others went out, each by itself."""
    stage.again()
    for _ in range(3):
        assert stage.run(EXCHANGE_CRASH_AT="prepare.spooled:1") < 0
    shop = Shop(stage.work, init=False)
    assert shop.files("data/outbox/erp") == []

    ran = stage.nursery.run(stage.work, "run", "--json")

    assert ran.exit == 3
    assert {row["file"]: (row["state"], row["problems"]) for row in ran.rows} == {
        "a.csv": ("rejected", {"POISON_FILE": 1}),
        "b.csv": ("done", {}),
        "b copy.csv": ("duplicate", {}),
        "c.csv": ("done", {"LOOKUP_MISS": 1}),
    }
    assert (shop.sent()[1], shop.files(INBOX), shop.files("data/state/work")) == ({"4", "5"}, [], [])
