"""Kill -9 while stock is sealed, while files are computed from it, and while what waited for it is sent on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crash.child import Nursery
from tests.crash.scene import copy
from tests.flows.shelf import COMPUTED, TO_SHOP, Shelf
from tests.flows.shop import Line, order
from tests.flows.test_purchasing import REORDER_IN, REORDER_OUT

pytestmark = pytest.mark.slow

REORDER = "{reorder: {units: sales_units, reorder_point: 20, refresh: never}}"
BUYING = f"  - {{computed: {REORDER}, channel: buying, mapping: yard/computed}}\n"
TO_BUYING = '  - {to: erp, folder: buying, mapping: yard/told, name: "T_{claim}.csv"}\n'
STOCK = (
    "seal.noted:1",
    "computed.write:1",
    "computed.written:1",
    "claim.noted:2",
    "seal.noted:2",
    "close.noted:2",
    "seal.before:3",
)
"""The first claim is of the snapshot, the second tells the shop, the third purchasing."""
ORDERS = (
    "overdue.found:1",
    "overdue.settled:1",
    "release.extracted:1",
    "claim.noted:1",
    "documents.added:1",
    "seal.noted:1",
    "close.noted:1",
)
"""One order is held for too long, one is sent on, since stock has come."""
_QUERIES = (
    "SELECT id, flow, name, attempt, origin, state, parent, counts, notes, closed_at > 0 FROM claims ORDER BY seal",
    "SELECT c.id, d.position, d.number, disposition, content_hash, o.action, sent, substr(reason, 1, 20) "
    "FROM documents d JOIN claims c ON c.seq = d.claim JOIN outcomes o ON o.claim = d.claim AND o.number = d.outcome "
    "ORDER BY 1, 2",
    "SELECT c.id, number, kind, a.name, a.sha256, a.state FROM artifacts a JOIN claims c ON c.seq = a.claim "
    "ORDER BY 1, 2",
    "SELECT reject_id, number, codes, state FROM rejects ORDER BY 1",
    "SELECT source, location, item, on_hand, reserved, l.as_of, since, c.id FROM stock_levels l "
    "JOIN claims c ON c.seq = l.claim ORDER BY 1, 2, 3",
    "SELECT source, location, s.as_of, c.id FROM stock_streams s JOIN claims c ON c.seq = s.claim ORDER BY 1, 2",
    "SELECT c.id, location, item, unit, quantity FROM stock_moves m JOIN claims c ON c.seq = m.claim "
    "ORDER BY 1, 2, 3, 4",
    "SELECT kind, number, partly, wants FROM backorders ORDER BY 1, 2",
    "SELECT kind, flow, subject, text FROM notices ORDER BY number",
    "PRAGMA foreign_key_check",
)
"""Everything but times."""


@dataclass(frozen=True)
class Before:
    """A workspace with a run to do, and what an undisturbed run leaves."""

    root: Path
    nursery: Nursery
    work: Path

    def left(self) -> tuple[dict[str, bytes], list[list[tuple[Any, ...]]]]:
        """Return files and ledger as they are now."""
        places = ("outbox", "rejects", "inbox", "archive", "state/held", "state/work", "state/computed/stock")
        files = {
            path.name: path.read_bytes()
            for place in places
            for path in (self.work / "data" / place).rglob("*")
            if path.is_file()
        }
        with closing(sqlite3.connect(self.work / "data/state/ledger.db")) as ledger:
            return files, [ledger.execute(query).fetchall() for query in _QUERIES]

    def run(self, flow: str, **crash: str) -> int:
        """Run a flow in a child; returns how it ended."""
        return self.nursery.run(self.work, "run", flow, **crash).exit


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Before]:
    """Order 1 got two of its three teas, order 2 is not paid; ten more teas were counted since."""
    folder = tmp_path_factory.mktemp("stock")
    shelf = Shelf(folder / "before")
    shelf.write("mappings/yard/computed.yaml", REORDER_IN)
    shelf.write("mappings/yard/told.yaml", REORDER_OUT)
    shelf.flow(COMPUTED.format(keys="{items: goods}", channel="shopify") + BUYING, TO_SHOP + TO_BUYING)
    shelf.edit("mappings/flows/orders.yaml", "  reserve: true\n", "  availability: {short: backorder}\n")
    shelf.edit("mappings/flows/orders.yaml", "otherwise: hold", "otherwise: hold\n    held_limit: 1s")
    for unused in ("samples", "cron"):
        shutil.rmtree(shelf.root / unused)
    shelf.count("mon.csv", "100010,HAM,,2", day=1)
    tea = Line("TEA-ASSAM", "3")
    assert shelf.take("a.csv", [order(1, tea), order(2, tea, status="pending")]).exit == 0
    shelf.lay("tue.csv", "100010,HAM,,12", "100,HAM,,7", day=2)
    with Nursery(folder / "children", copy(shelf.root, folder / "work")) as nursery:
        yield Before(shelf.root, nursery, folder / "work")


@pytest.mark.parametrize(("flow", "points"), [("stock", STOCK), ("orders", ORDERS)])
def test_killed_and_run_again(before: Before, flow: str, points: tuple[str, ...]) -> None:
    start = before.root
    if flow == "orders":
        copy(start, before.work)
        assert before.run("stock") == 0
        start = copy(before.work, before.work.with_name("counted"))
    copy(start, before.work)
    ends = before.run(flow)
    undisturbed = before.left()
    assert ends in {0, 3}
    if flow == "orders":
        origins = [(row[4], row[5]) for row in undisturbed[1][0]]
        assert origins[-1] == ("backorder", "done")
        assert [row[2] for row in undisturbed[1][3]] == ["HELD_TOO_LONG"]
        assert undisturbed[1][7] == []
    else:
        assert [row[2] for row in undisturbed[1][0]][-3:] == [
            "tue.csv",
            *("availability.shopify.csv", "reorder.buying.csv"),
        ]
        assert [row[0] for row in undisturbed[1][8]][-1] == "reorder"
    copy(start, before.work)
    frames = before.nursery.frames(before.work, before.work.with_name(f"album {flow}"), points, "run", flow)
    for point in points:
        assert point in frames, f"{point} is not passed"
        shutil.rmtree(before.work)
        frames[point].rename(before.work)
        assert before.run(flow) in {0, 3}, point
        files, rows = before.left()
        assert files == undisturbed[0], point
        for mine, theirs in zip(rows, undisturbed[1], strict=True):
            assert mine == theirs, point
