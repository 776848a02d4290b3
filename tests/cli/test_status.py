"""`exchange status`."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.clock import now
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from exchange.kernel.guard_rows import Decision
from exchange.state.database import Database
from tests.flows.shop import Shop, order
from tests.flows.yard import Yard


def test_what_waits_and_for_whom(busy: Shop) -> None:
    busy.drop("next.csv", order(1004))

    said = busy.type("status").out

    assert said.startswith("orders: files 1 done\n")
    assert "  waits  1 file ready (next.csv): exchange run orders\n" in said
    assert "  held   1 order: released by a later export, or exchange release order NUMBER\n" in said
    assert "  fix    1 open reject: exchange rejects list\n" in said
    assert "`exchange run orders`, ended with 3, done, but some records" in said


def test_as_json(busy: Shop) -> None:
    fresh = busy.drop("next.csv", order(1004))
    fresh.touch()

    assert busy.type("status", "--json").row == {
        "flow": "orders",
        "claims": {"done": 1},
        "ready": [],
        "settling": ["next.csv"],
        "open_rejects": 1,
        "held_documents": 1,
        "outside_documents": 0,
        "notices": [],
        "held_files": [],
        "overdue_documents": 0,
        "let_go_documents": 0,
        "waiting_for_stock": 0,
        "last_run_actions": {"new": 1},
        "undelivered": [],
        "presumed": [],
        "unacknowledged": [],
        "paused": [],
        "not_asked": [],
        "away": [],
    }


def test_check_ends_with_what_waits_for_a_person(shop: Shop) -> None:
    assert shop.type("status", "--check").exit == 0
    shop.take("day.csv", order(1002, status="pending"))
    assert shop.type("status").exit == 0
    assert shop.type("status", "--check").exit == 3
    shop.edit("mappings/flows/orders.yaml", "max_reject_rate: {share: 95%, at_least: 20}", 'max_reject_rate: "0%"')
    assert shop.take("bad.csv", order(1003, cells={"Total": "1.00"})).exit == 4
    assert shop.type("status", "--check").exit == 4


def test_a_fresh_workspace(shop: Shop) -> None:
    assert shop.type("status").out == "orders: files none yet\n"


def test_a_numbered_file_behind_a_gap_says_what_it_waits_for(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", '{mode: delta, sequence: {name: "d_{sequence}.csv"}}')
    yard.count("d_1.csv", "TEA,HAM,,10", day=1)
    claim = yard.count("d_3.csv", "TEA,HAM,,-4", day=3).row["claim"]

    ran = yard.type("status", "--check")

    assert ran.exit == 4
    assert f"  waits  d_3.csv (claim {claim}), held since " in ran.out
    assert ": file 2 is missing of the changes of wms: this one is 3, 1 took effect last\n" in ran.out
    assert "\n         bring 2 (d_2.csv), then all go on in order by themselves; where it is lost, " in ran.out
    [row] = [row for row in yard.type("status", "--json").rows if row["flow"] == "stock"]
    [held] = row["held_files"]
    assert (held["claim"], held["file"], held["page"]) == (claim, "d_3.csv", None)
    assert held["reasons"][0].startswith("file 2 is missing of the changes of wms")

    for number in range(4, 10):
        yard.lay(f"d_{number}.csv", f"TEA,HAM,,{number}", day=number)
    yard.type("run", "stock")
    assert "  waits  2 more files held; --json has all\n" in yard.type("status").out
    yard.count("d_2.csv", "TEA,HAM,,50", day=2)
    assert "missing" not in yard.type("status").out


def test_the_ledger_is_opened_once_also_where_a_file_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    yard = Yard(tmp_path / "ws", '{mode: delta, sequence: {name: "d_{sequence}.csv"}}')
    yard.count("d_1.csv", "TEA,HAM,,10", day=1)
    yard.count("d_3.csv", "TEA,HAM,,-4", day=3)
    opened: list[Path] = []
    begin = Database.__init__

    def counted(self: Database, path: Path) -> None:
        opened.append(path)
        begin(self, path)

    monkeypatch.setattr(Database, "__init__", counted)

    assert "file 2 is missing" in yard.type("status").out
    assert len(opened) == 1


def test_a_held_file_that_was_decided_on_waits_for_the_next_run(shop: Shop) -> None:
    """The command that decides was killed before it went on with the file."""
    shop.edit("mappings/flows/orders.yaml", "max_reject_rate: {share: 95%, at_least: 20}", 'max_reject_rate: "0%"')
    claim = shop.take("bad.csv", order(1003, cells={"Total": "1.00"})).row["claim"]
    assert f"  guard  bad.csv (claim {claim}), held since " in shop.type("status").out
    with ledger_of(load_flows(shop.root)) as ledger:
        ledger.guards.decide(claim, Decision.APPROVED, "mara", "it is right", now())

    said = shop.type("status").out

    assert f"  waits  bad.csv (claim {claim}), held since " in said
    assert ": approved by mara\n         `exchange run orders` goes on with it\n" in said
    assert "  guard  " not in said
