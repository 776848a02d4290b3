"""`exchange run`: the engine from outside, and its JSON."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exchange.engine.prepare import prepare
from tests.flows.shop import INBOX, Line, Shop, export, order

FLOW = "mappings/flows/orders.yaml"


def test_json_has_exactly_the_agreed_keys(shop: Shop) -> None:
    shop.drop("b.csv", [order(2), order(3, Line("NOPE"))])
    shop.drop("a.csv", order(1, status="pending"))
    ran = shop.type("run", "orders", "--json")
    assert ran.exit == 3
    assert [row["file"] for row in ran.rows] == ["b.csv", "a.csv"], "the oldest file first"
    for row in ran.rows:
        assert list(row) == [
            "flow",
            "claim",
            "file",
            "sha256",
            "state",
            "counts",
            "outputs",
            "rejects",
            "problems",
            "seconds",
        ]
        assert list(row["counts"]) == ["records", "documents"]
        for counts in row["counts"].values():
            assert list(counts) == ["in", "out", "rejected", "filtered", "held"]
            assert counts["in"] == sum(counts.values()) - counts["in"]
        for output in row["outputs"]:
            assert list(output) == ["endpoint", "path", "records", "sha256"]
    first = ran.rows[0]
    assert (first["flow"], first["state"], first["problems"]) == ("orders", "done", {"LOOKUP_MISS": 1})
    assert [output["endpoint"] for output in first["outputs"]] == ["wms", "erp"]
    assert [(shop.root / path).is_file() for path in first["rejects"]] == [True, True, True]
    assert isinstance(first["seconds"], float)


def test_text_says_what_went_where(shop: Shop) -> None:
    shop.drop("a.csv", [order(1), order(2, Line("NOPE"))])
    ran = shop.type("run")
    claim = shop.trace(1)[0]["claim"]
    assert ran.exit == 3
    assert ran.out.splitlines()[1:] == [
        "  in 2 documents (2 records): 1 out, 1 rejected",
        f"  out   data/outbox/wms/orders/ORD_{claim}_001.xml (1 record)",
        f"  out   data/outbox/erp/orders/SO_{claim}.csv (1 record)",
        "      1 x LOOKUP_MISS: Not found in a table",
        f"  fix   data/rejects/orders/a.csv.{claim}.rejects.csv",
        f"  see   data/rejects/orders/a.csv.{claim}.rejects.jsonl",
        f"  fix   data/rejects/orders/a.csv.{claim}.rejects.xlsx",
    ]
    assert "exchange rejects list" in ran.err


def test_nothing_to_do_is_fine(shop: Shop) -> None:
    ran = shop.type("run")
    assert (ran.exit, ran.out) == (0, "")
    assert "nothing to do" in ran.err


def test_originals_are_archived_byte_for_byte_and_leave_the_inbox(shop: Shop) -> None:
    data = export(order(1), order(2, Line("NOPE")), end="\r\n").encode()
    ran = shop.take("day one.csv", data)
    [archived] = shop.originals()
    assert archived.name == f"{ran.row['claim']}.day one.csv"
    assert archived.read_bytes() == data
    assert shop.files(INBOX) == []
    assert shop.files("data/state/work") == []


@pytest.mark.parametrize("then", ["delete", "keep"])
def test_then_says_what_becomes_of_the_source(shop: Shop, then: str) -> None:
    shop.edit(FLOW, "then: archive", f"then: {then}")
    shop.take("a.csv", order(1))
    assert [path.name for path in shop.files(INBOX)] == (["a.csv"] if then == "keep" else [])
    assert len(shop.originals()) == (1 if then == "keep" else 0)
    again = shop.type("run", "--json")
    assert (again.exit, again.rows) == (0, [])


def test_identical_content_again_is_a_note_and_fine(shop: Shop) -> None:
    first = shop.take("a.csv", order(1))
    before = [path.name for path in shop.files("data/outbox")]
    shop.drop("other name.csv", order(1))
    ran = shop.type("run")
    assert ran.exit == 0
    assert "duplicate" in ran.out
    assert "the same content was taken as a.csv on" in ran.out
    assert first.row["claim"] in ran.out
    assert [path.name for path in shop.files("data/outbox")] == before
    assert shop.files(INBOX) == []
    assert len(shop.originals()) == 1
    again = shop.take("third.csv", order(1))
    assert (again.exit, again.row["state"], again.row["outputs"]) == (0, "duplicate", [])


def test_a_name_is_never_an_identity(shop: Shop) -> None:
    shop.take("orders.csv", order(1))
    assert shop.take("orders.csv", order(2)).documents["out"] == 1
    assert len(shop.originals()) == 2


def test_a_file_that_still_settles_is_said_and_left(shop: Shop) -> None:
    path = shop.drop("fresh.csv", order(1))
    os.utime(path)
    shop.drop("old.csv", order(2))
    ran = shop.type("run", "--json")
    assert ran.exit == 0
    assert [row["file"] for row in ran.rows] == ["old.csv"]
    assert "1 file still settling: fresh.csv" in ran.err
    assert path.exists()
    assert shop.type("status", "--json").row["settling"] == ["fresh.csv"]
    shop.age(path, 9)
    assert shop.type("run", "--json").row["file"] == "fresh.csv"


def test_settle_waits_for_it(shop: Shop) -> None:
    shop.edit(FLOW, "settle: 10s", "settle: 300ms")
    os.utime(shop.drop("fresh.csv", order(1)))
    assert shop.type("run", "--settle", "30s", "--json").documents["out"] == 1


@pytest.mark.parametrize("name", [".hidden.csv", "a.csv.part", "~a.csv", "a.txt", "a.csv.tmp"])
def test_names_that_are_not_finished_files_are_never_taken(shop: Shop, name: str) -> None:
    path = shop.drop(name, order(1))
    assert shop.type("run", "--json").rows == []
    assert path.exists()


def test_links_are_never_followed(shop: Shop, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(export(order(1)))
    (shop.root / INBOX / "link.csv").symlink_to(outside)
    assert shop.type("run", "--json").rows == []


def test_file_outside_the_inbox_is_copied_and_stays(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "by hand.csv"
    path.write_text(export(order(1)))
    shop.drop("waits.csv", order(2))
    ran = shop.type("run", "orders", "--file", str(path), "--json")
    assert (ran.exit, ran.row["file"]) == (0, "by hand.csv")
    assert shop.sent() == ({"1"}, {"1"})
    assert path.read_text() == export(order(1))
    assert [path.name for path in shop.files(INBOX)] == ["waits.csv"]
    again = shop.type("run", "orders", "--file", str(path), "--json")
    assert (again.exit, again.row["state"]) == (0, "duplicate")


def test_file_in_the_inbox_is_taken_at_once_and_retired(shop: Shop) -> None:
    path = shop.drop("fresh.csv", order(1))
    os.utime(path)
    ran = shop.type("run", "orders", "--file", str(path), "--json")
    assert (ran.exit, ran.documents["out"]) == (0, 1)
    assert not path.exists()


def test_dry_run_shows_and_changes_nothing(shop: Shop) -> None:
    shop.take("before.csv", [order(1), order(2, status="pending"), order(3, Line("NOPE"))])
    shop.drop("a.csv", [order(1), order(2), order(4), order(5, Line("NEVER"))])
    shop.drop("b.csv", b"")
    before, times = shop.content(), {path: path.stat().st_mtime_ns for path in shop.files("data/inbox")}
    ran = shop.type("run", "--dry-run", "--json")
    assert ran.exit == 3
    assert ran.rows[0]["counts"]["documents"] == {"in": 4, "out": 2, "rejected": 1, "filtered": 1, "held": 0}
    assert shop.content() == before
    assert {path: path.stat().st_mtime_ns for path in shop.files("data/inbox")} == times
    real = shop.type("run", "--json")
    for dry, made in zip(ran.rows, real.rows, strict=True):
        assert dry["claim"] == made["claim"]
        assert dry["counts"] == made["counts"]
        assert dry["problems"] == made["problems"]
        assert [out["sha256"] for out in dry["outputs"]] == [out["sha256"] for out in made["outputs"]]


def test_dry_run_in_a_fresh_workspace_leaves_only_state(shop: Shop) -> None:
    shop.drop("a.csv", order(1))
    before = shop.content()
    assert shop.type("run", "--dry-run").exit == 0
    made = {name for name, data in shop.content().items() if before.get(name) != data}
    assert {name.split("/")[1] for name in made} <= {"state"}


def test_two_fresh_workspaces_make_the_same_bytes(tmp_path: Path) -> None:
    orders = [
        order(1, Line("MUG-BLUE"), Line("BOWL-OAK"), discount="1.00"),
        order(2, status="pending"),
        order(3, Line("X")),
    ]
    made = []
    for name in ("one", "two"):
        shop = Shop(tmp_path / name)
        shop.take("a.csv", orders, day=3)
        shop.take("b.csv", [order(2), order(4)], day=4)
        folders = ("data/outbox", "data/rejects", "data/state/held")
        made.append({p.relative_to(shop.root): p.read_bytes() for folder in folders for p in shop.files(folder)})
    assert made[0] == made[1]
    assert len(made[0]) == 8


def test_an_output_that_exists_with_other_content_is_never_replaced(shop: Shop) -> None:
    dry_claim = shop.drop("a.csv", order(1)) and shop.type("run", "--dry-run", "--json").row["claim"]
    foreign = shop.root / f"data/outbox/erp/orders/SO_{dry_claim}.csv"
    foreign.parent.mkdir(parents=True, exist_ok=True)
    foreign.write_text("somebody else's")
    ran = shop.type("run")
    assert ran.exit == 6
    assert foreign.read_text() == "somebody else's"
    foreign.unlink()
    assert shop.type("run").exit == 0
    assert len(shop.erp()) == 1


def test_a_file_replaced_by_one_of_the_same_size_and_time_stays(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `rsync -t` and `put -p` do."""
    dropped = shop.drop("a.csv", order(1001))

    def replaced(*given: Any, **more: Any) -> Any:
        if b"#1001" in dropped.read_bytes():
            new, before = dropped.with_name(".new"), dropped.stat()
            new.write_bytes(dropped.read_bytes().replace(b"#1001", b"#9001"))
            os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
            new.rename(dropped)
        return prepare(*given, **more)

    monkeypatch.setattr("exchange.engine.run.prepare", replaced)
    assert "a.csv was replaced meanwhile" in shop.type("run").out
    assert dropped.exists()
    shop.type("run")
    assert shop.sent() == ({"1001", "9001"}, {"1001", "9001"})


@pytest.mark.parametrize("fault", [None, errno.EIO, errno.ESTALE])
def test_what_is_delivered_is_noted_whatever_the_archive_says(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, fault: int | None
) -> None:
    archive = shop.root / "data/archive"
    archive.symlink_to(shop.root / "not/mounted")

    def fail(*_: object) -> None:
        raise OSError(fault, os.strerror(fault or 0), str(archive))

    with monkeypatch.context() as patch:
        if fault is not None:
            archive.unlink()
            patch.setattr("exchange.engine.run.keep_sent", fail)
        ran = shop.take("a.csv", order(1001))
    assert ran.exit == (8 if fault == errno.EIO else 6)
    assert str(archive) in ran.err
    assert shop.sent() == ({"1001"}, {"1001"})
    said = shop.type("trace", "order", "1001").out
    assert "waiting to be delivered" not in said

    for path in shop.files("data/outbox"):
        path.unlink()  # the targets take them
    archive.unlink(missing_ok=True)
    again = shop.type("run")
    assert again.exit == 0, again.err
    assert shop.type("status", "--check").exit == 0
    assert "presumed" not in shop.type("trace", "order", "1001").out


def test_an_edit_of_the_clock_keeps_no_file_waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock was two hours ahead while the file came."""
    dropped = shop.drop("a.csv", order(1001))
    os.utime(dropped)
    moments = iter(datetime.now(UTC) - timedelta(hours=2) + timedelta(seconds=12 * look) for look in range(1000))
    held = [next(moments)]
    for module in ("assemble.idle", "assemble.house", "cli.run"):
        monkeypatch.setattr(f"exchange.{module}.now", lambda: held[0])
    first = shop.type("run")
    assert (first.exit, "still settling" in first.err) == (0, True)

    held[0] = next(moments)
    second = shop.type("run")

    assert second.exit == 0
    assert shop.sent() == ({"1001"}, {"1001"})


def test_a_file_replaced_while_it_was_held_stays_whatever_its_size_and_time(shop: Shop) -> None:
    """The ledger knows size and time of the first one; both are those of the second."""
    shop.edit(FLOW, "max_reject_rate: {share: 95%, at_least: 20}", "max_reject_rate: 20%")
    held = shop.drop("a.csv", [order(1), order(2, Line("NOPE"))])
    assert shop.type("run").exit == 4
    before = held.stat()
    held.write_bytes(held.read_bytes().replace(b"#1,", b"#3,").replace(b"#2,", b"#4,"))
    os.utime(held, ns=(before.st_atime_ns, before.st_mtime_ns))

    shop.edit(FLOW, "20%", "50%")
    assert "a.csv was replaced meanwhile" in shop.type("run").out
    shop.type("run")
    assert shop.sent() == ({"1", "3"}, {"1", "3"})
    assert not held.exists()


def test_a_file_replaced_while_it_was_worked_on_stays_for_the_next_run(shop: Shop) -> None:
    """The guard keeps the claim open; meanwhile the shop writes a new file of the same name."""
    shop.edit(FLOW, "max_reject_rate: {share: 95%, at_least: 20}", "max_reject_rate: 20%")
    shop.take("a.csv", [order(1), order(2, Line("NOPE"))])
    shop.edit(FLOW, "20%", "50%")
    replaced = shop.drop("a.csv", order(3))
    os.utime(replaced)
    ran = shop.type("run")
    assert "a.csv was replaced meanwhile" in ran.out
    assert replaced.exists()
    shop.age(replaced, 20)
    shop.type("run")
    assert shop.sent() == ({"1", "3"}, {"1", "3"})


def test_workspace_by_environment_and_current_folder(shop: Shop) -> None:
    shop.drop("a.csv", order(1))
    command = [str(Path(sys.executable).with_name("exchange")), "run", "--json"]
    made = subprocess.run(command, cwd=shop.root, capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    assert json.loads(made.stdout)["counts"]["documents"]["out"] == 1
    environment = {**os.environ, "EXCHANGE_WORKSPACE": str(shop.root)}
    made = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
    assert (made.returncode, made.stdout) == (0, "")
