"""Pick-up from an endpoint whose clock and writers are another machine's: two equal looks, by this run or by two."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from exchange.engine.house import House
from exchange.kernel.atomic import Written
from exchange.kernel.errors import TryLater
from exchange.kernel.model import SourceFile
from tests.flows.far import FarFolder, make_far
from tests.flows.shop import INBOX, Shop, export, order

FLOW = "mappings/flows/orders.yaml"


@pytest.fixture
def far(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose inbox is far away."""
    make_far(monkeypatch)
    return shop


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that a run makes, which then take no time."""
    made: list[float] = []
    before = House.__init__

    def build(self: House, **values: Any) -> None:
        before(self, **{**values, "pause": made.append})

    monkeypatch.setattr(House, "__init__", build)
    return made


def test_one_run_takes_files_that_are_old_enough(far: Shop, pauses: list[float]) -> None:
    """It looks twice itself, a moment apart, once for all folders."""
    far.edit(FLOW, "pick_up:\n", "pick_up:\n  - {from: shopify, folder: late, mapping: shopify/orders}\n")
    late = far.root / "data/inbox/shopify/late/c.csv"
    late.parent.mkdir()
    late.write_text(export(order(3)))
    far.age(late, 9)
    far.drop("a.csv", order(1))
    far.drop("b.csv", order(2))

    ran = far.type("run", "--json")

    assert [row["file"] for row in ran.rows] == ["a.csv", "b.csv", "c.csv"]
    assert pauses == [1.0]
    assert far.type("run", "--json").rows == []
    assert pauses == [1.0], "an empty folder needs no second look"


def test_a_file_that_grows_between_two_looks_is_not_taken(far: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 16: its time says that it is old, its size says that somebody is still writing."""
    path = far.drop("a.csv", order(1))

    def grow(_: float) -> None:
        path.write_text(export(order(1), order(2)))
        far.age(path, 1)

    before = House.__init__
    monkeypatch.setattr(House, "__init__", lambda self, **values: before(self, **{**values, "pause": grow}))

    ran = far.type("run", "--json")

    assert (ran.exit, ran.rows) == (0, [])
    assert "a.csv (ready in 1 s)" in ran.err
    monkeypatch.setattr(House, "__init__", before)
    assert far.type("run", "--json").documents["out"] == 2


def test_looks_are_kept_so_that_runs_of_cron_count(far: Shop, pauses: list[float]) -> None:
    """Too fresh for the first run; the second one, with another look, need not look twice."""
    far.edit(FLOW, "settle: 10s", "settle: 1s")
    path = far.drop("a.csv", order(1))
    os.utime(path, (time.time() + 3600,) * 2)
    assert far.type("run", "--json").rows == []
    seen = len(pauses)
    time.sleep(1.1)

    assert far.type("run", "--json").documents["out"] == 1
    assert len(pauses) == seen


def test_settle_waits_for_the_looks_it_needs(far: Shop) -> None:
    far.edit(FLOW, "settle: 10s", "settle: 2s")
    os.utime(far.drop("a.csv", order(1)))

    assert far.type("run", "--settle", "30s", "--json").documents["out"] == 1


def test_a_done_file_needs_no_looks(far: Shop, pauses: list[float]) -> None:
    far.edit(FLOW, "settle: 10s", 'done_file: "{name}.done"')
    os.utime(far.drop("a.csv", order(1)))
    os.utime(far.drop("a.csv.done", "1"))

    assert far.type("run", "--json").documents["out"] == 1
    assert pauses == []
    assert far.files(INBOX) == []


def test_a_dry_run_looks_twice_and_keeps_nothing(far: Shop, pauses: list[float]) -> None:
    far.take("before.csv", order(9))
    pauses.clear()
    far.drop("a.csv", order(1))
    before = far.content()

    assert far.type("run", "--dry-run", "--json").documents["out"] == 1

    assert far.content() == before
    assert pauses == [1.0]


def test_an_endpoint_that_goes_away_is_not_tried_for_every_file(far: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 19, the engine's half: each try of a hanging server costs its timeout; a thousand files cost it once."""
    asked: list[str] = []

    def gone(*_: object) -> None:
        asked.append("asked")
        raise TryLater("the line is dead")

    def cut(_: float) -> None:
        again = FarFolder.list
        monkeypatch.setattr(FarFolder, "fetch", gone)
        monkeypatch.setattr(FarFolder, "list", lambda *about: gone() if asked else again(*about))

    for number in range(5):
        far.drop(f"{number}.csv", order(number))
    before = House.__init__
    monkeypatch.setattr(House, "__init__", lambda self, **values: before(self, **{**values, "pause": cut}))

    ran = far.type("run", "--json")

    assert (ran.exit, ran.rows) == (6, [])
    assert len(asked) == 2, "the file, and whether its folder can still be listed"
    assert "orders: 0.csv: the line is dead" in ran.err
    assert "orders: shopify cannot be reached any more: 4 more of its files wait for the next run" in ran.err


def test_a_file_that_cannot_be_read_costs_no_other(far: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = FarFolder.fetch

    def refuse(self: FarFolder, source: SourceFile, copy: Path) -> Written | None:
        if source.name == "0.csv":
            raise TryLater("permission denied")
        return fetch(self, source, copy)

    monkeypatch.setattr(FarFolder, "fetch", refuse)
    for number in range(3):
        far.drop(f"{number}.csv", order(number))

    ran = far.type("run", "--json")

    assert ran.exit == 6
    assert [row["file"] for row in ran.rows] == ["1.csv", "2.csv"]
