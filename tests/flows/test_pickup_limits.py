"""Pick-up through the front door: order, limits, names that are never taken, files that kill the program."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from exchange.engine import single
from exchange.kernel.errors import TryLater
from exchange.kernel.load import load
from exchange.kernel.model import Claim
from tests.flows.shop import INBOX, Line, Ran, Shop, export, order

FLOW = "mappings/flows/orders.yaml"
EXCHANGE = str(Path(sys.executable).with_name("exchange"))


def second_folder(shop: Shop, **more: str) -> None:
    """Pick up from a second folder too."""
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    shop.edit(FLOW, "pick_up:\n", f"pick_up:\n  - {{from: shopify, folder: late, mapping: shopify/orders{keys}}}\n")
    (shop.root / "data/inbox/shopify/late").mkdir()


def drop_late(shop: Shop, name: str, number: int, day: float) -> None:
    """Drop a file into the second folder."""
    path = shop.root / "data/inbox/shopify/late" / name
    path.write_text(export(order(number)))
    shop.age(path, day)


def files_of(ran: Ran) -> list[str]:
    """Return what was taken, in order."""
    return [row["file"] for row in ran.rows]


# --- order and limits -----------------------------------------------------------------------------------------------
def test_oldest_first_over_all_pick_ups_and_no_more_than_asked_of_each(shop: Shop) -> None:
    """Fault 37: a folder that is full does not keep the other waiting, and what is left is said."""
    second_folder(shop, max_files="2")
    for number in range(1, 6):
        drop_late(shop, f"late{number}.csv", number, day=number)
    shop.drop("a.csv", order(11), day=2.5)
    shop.drop("b.csv", order(12), day=9)

    first = shop.type("run", "--json")

    assert (first.exit, files_of(first)) == (0, ["late1.csv", "late2.csv", "a.csv", "b.csv"])
    assert "orders: 3 more files ready, past `max_files` of the pick-up: the next run takes them" in first.err
    assert files_of(shop.type("run", "--json")) == ["late3.csv", "late4.csv"]
    last = shop.type("run", "--json")
    assert files_of(last) == ["late5.csv"]
    assert "more file" not in last.err


def test_a_file_that_is_too_large_is_left_said_and_blocks_nobody(shop: Shop) -> None:
    """Fault 27: the size is looked at before a byte is copied."""
    shop.edit(FLOW, "settle: 10s", "settle: 10s, max_size: 5kB")
    large = shop.drop("large.csv", [order(number) for number in range(100, 200)])
    shop.drop("small.csv", order(1))

    ran = shop.type("run", "--json")

    assert (ran.exit, files_of(ran)) == (3, ["small.csv"])
    assert f"large.csv: it has {large.stat().st_size:,} bytes, `max_size` of its pick-up is 5,000" in ran.err
    assert large.exists()
    assert shop.type("run").exit == 3, "as long as it lies there"
    shop.edit(FLOW, "5kB", "5MB")
    assert shop.type("run", "--json").documents["out"] == 100


def test_names_that_are_never_taken_are_said_once(shop: Shop) -> None:
    """Faults 26 and 27: a link and a pipe fit the pattern; other names do not and are nobody's business."""
    second_folder(shop)
    os.mkfifo(shop.root / INBOX / "pipe.csv")
    (shop.root / INBOX / "link.csv").symlink_to("/etc/hostname")
    (shop.root / INBOX / "folder.csv").mkdir()
    (shop.root / INBOX / "link.txt").symlink_to("/etc/hostname")
    shop.drop("good.csv", order(1))

    ran = shop.type("run", "--json")

    assert (ran.exit, files_of(ran)) == (0, ["good.csv"])
    said = [line for line in ran.err.splitlines() if "passed over" in line]
    assert [line.split()[1] for line in said] == ["link.csv", "pipe.csv"]
    idle = shop.type("run", "--json")
    assert [line for line in idle.err.splitlines() if "passed over" in line] == said


def test_odd_names_are_taken_under_a_safe_one(shop: Shop) -> None:
    """Fault 26: what a name holds never drives a path or a terminal; others are still processed."""
    names = [
        "a.csv",
        "A.csv",
        "new\nline.csv",
        "esc\x1b[31m.csv",
        "'; rm -rf x.csv",
        "späte Bestellung.csv",
        "a" * 240 + ".csv",
    ]
    for number, name in enumerate(names, 1):
        shop.drop(name, order(number))
    shop.drop("plain.csv", order(9))

    ran = shop.type("run", "--json")

    assert (ran.exit, files_of(ran)) == (0, [*names, "plain.csv"])
    assert shop.files(INBOX) == []
    originals = [path for path in shop.files("data/archive") if ".sent" not in str(path)]
    assert len(originals) == 8
    assert all(path.name.isprintable() and len(path.name) < 180 for path in originals)
    assert shop.type("status").out.isprintable() or "\x1b" not in shop.type("status").out


def test_a_name_that_is_no_text_is_taken_and_put_away(shop: Shop) -> None:
    """Fault 26: bytes of another age; the ledger keeps them."""
    shop.edit(FLOW, "then: archive", "then: move, move_to: done")
    path = os.fsencode(shop.root / INBOX) + b"/caf\xe9.csv"
    Path(os.fsdecode(path)).write_text(export(order(1)))
    os.utime(path, (1_767_258_000,) * 2)
    shop.drop("plain.csv", order(2))

    ran = shop.type("run")

    assert ran.exit == 0, ran.err
    assert shop.sent() == ({"1", "2"}, {"1", "2"})
    put_away = [os.fsencode(path.name) for path in shop.files("data/inbox/shopify/done")]
    assert sorted(put_away) == [b"caf\xe9.csv", b"plain.csv"]
    with closing(sqlite3.connect(shop.root / "data/state/ledger.db")) as ledger:
        assert (b"caf\xe9.csv",) in ledger.execute("SELECT raw_name FROM claims").fetchall()


# --- what happens to the source -------------------------------------------------------------------------------------
def test_a_source_is_moved_where_the_flow_says(shop: Shop) -> None:
    shop.edit(FLOW, "then: archive", "then: move, move_to: orders/done")
    shop.take("a.csv", order(1))
    shop.take("b.csv", order(1))  # the same content
    shop.take("a.csv", order(2))  # the same name

    moved = shop.files("data/inbox/shopify")
    assert len(moved) == 3
    assert {path.parent.name for path in moved} == {"done"}
    assert {path.read_text() for path in moved} == {export(order(1)), export(order(2))}
    assert shop.sent() == ({"1", "2"}, {"1", "2"})


def test_a_move_that_fails_is_tried_again_and_nothing_else(shop: Shop) -> None:
    """The orders went out; the file cannot be put away. The next runs put it away, and send nothing again."""
    shop.edit(FLOW, "then: archive", "then: move, move_to: done")
    blocked = shop.root / "data/inbox/shopify/done"
    blocked.write_text("a file where the folder should be")
    shop.drop("a.csv", order(1))

    first = shop.type("run", "--json")
    sent = {path: path.stat().st_mtime_ns for path in shop.files("data/outbox")}
    assert first.exit == 6
    assert [path.name for path in shop.files(INBOX)] == ["a.csv"]
    assert shop.sent() == ({"1"}, {"1"})
    shop.drop("b.csv", order(2))
    assert shop.type("run", "--json").exit == 6, "the other file is carried as far"
    assert shop.sent() == ({"1", "2"}, {"1", "2"})

    blocked.unlink()
    last = shop.type("run", "--json")

    assert last.exit == 0
    assert shop.files(INBOX) == []
    assert sorted(path.name for path in blocked.iterdir()) == ["a.csv", "b.csv"]
    assert sent.items() <= {path: path.stat().st_mtime_ns for path in shop.files("data/outbox")}.items()
    assert len(shop.files("data/outbox")) == 4


# --- files that kill the program ------------------------------------------------------------------------------------
def test_a_file_that_kills_the_program_is_rejected_after_its_tries(shop: Shop) -> None:
    """Fault 37: killed from outside each time (out of memory, say); meanwhile and afterwards other files go on."""
    shop.drop("poison.csv", order(1))
    environment = {**os.environ, "EXCHANGE_CRASH_AT": "prepare.spooled:1"}
    command = [EXCHANGE, "--workspace", str(shop.root), "run"]
    for _ in range(3):
        assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == -9
    shop.drop("good.csv", order(2))

    ran = shop.type("run", "--json")

    assert ran.exit == 3
    assert [(row["file"], row["state"], row["problems"]) for row in ran.rows] == [
        ("poison.csv", "rejected", {"POISON_FILE": 1}),
        ("good.csv", "done", {}),
    ]
    [problem] = [row for row in shop.open_rejects() if row["file"].startswith("data/rejects")]
    assert problem["codes"] == ["POISON_FILE"]
    assert shop.sent() == ({"2"}, {"2"})
    assert shop.files(INBOX) == []
    assert export(order(1)) in [path.read_text() for path in shop.files("data/archive")]
    again = shop.take("again.csv", order(1))
    assert (again.exit, again.documents["out"]) == (0, 1), "dropped again it has its tries again"


def carry_as(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    """Let the work on each poison.csv end with a fault."""
    carried = load(single._RUN_CLAIM)

    def carry(house: object, claim: Claim) -> object:
        if claim.source.name == "poison.csv":
            raise fault
        return carried(house, claim)

    monkeypatch.setattr(single, "load", lambda row: carry if row == single._RUN_CLAIM else load(row))


def test_a_bug_counts_as_a_try(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.edit(FLOW, "settle: 10s", "settle: 10s, tries: 2")
    carry_as(monkeypatch, ZeroDivisionError("oh"))
    shop.drop("poison.csv", order(1))

    assert [shop.type("run", "--json").exit for _ in range(2)] == [1, 1]
    ran = shop.type("run", "--json")

    assert (ran.exit, ran.row["problems"]) == (3, {"POISON_FILE": 1})
    assert shop.type("run").exit == 0


def test_what_is_not_the_files_fault_is_no_try(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.edit(FLOW, "settle: 10s", "settle: 10s, tries: 1")
    shop.drop("poison.csv", order(1))
    with monkeypatch.context() as away:
        carry_as(away, TryLater("the disk is full"))
        assert [shop.type("run", "--json").exit for _ in range(4)] == [6] * 4

    assert shop.type("run", "--json").documents["out"] == 1


def test_a_claim_that_a_guard_holds_is_no_try(shop: Shop) -> None:
    shop.edit(FLOW, "settle: 10s", "settle: 10s, tries: 1")
    shop.edit(FLOW, "max_reject_rate: {share: 95%, at_least: 20}", "max_reject_rate: 20%")
    shop.drop("a.csv", [order(1), order(2, Line("NOPE"))])

    assert [shop.type("run", "--json").exit for _ in range(4)] == [4] * 4
    shop.edit(FLOW, "20%", "50%")
    assert shop.type("run", "--json").documents["out"] == 1
