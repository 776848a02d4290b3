"""Compressed input through the front door: unpacked once, safely, and its files taken in the same run."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from exchange.kernel.limits import ARCHIVE_MEMBERS
from tests.crash.child import Nursery
from tests.crash.scene import copy
from tests.flows.shop import INBOX, Line, Shop, export, order

FLOW = "mappings/flows/orders.yaml"


def zipped(**members: str | bytes) -> bytes:
    """Return a .zip of these members; `__` in a name stands for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", ".")), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def states(rows: list[dict[str, object]]) -> list[tuple[object, object]]:
    """Return (file, state) of what a run reports."""
    return [(row["file"], row["state"]) for row in rows]


def test_a_gzip_is_unpacked_and_taken_in_the_same_run(shop: Shop) -> None:
    data = gzip.compress(export(order(1)).encode())
    ran = shop.take("day.csv.gz", data)

    assert (ran.exit, states(ran.rows)) == (0, [("day.csv.gz", "done"), ("day.csv.gz/day.csv", "done")])
    assert ran.rows[1]["counts"]["documents"]["out"] == 1
    assert shop.sent() == ({"1"}, {"1"})
    assert shop.files(INBOX) == shop.files("data/state/unpacked") == shop.files("data/state/work") == []
    archived = {path.read_bytes() for path in shop.files("data/archive")}
    assert {data, export(order(1)).encode()} <= archived


def test_the_files_of_a_zip_are_files_of_their_own(shop: Shop) -> None:
    """One of them rejects a record, one is known already, one nobody wants: each has its own report."""
    shop.take("known.csv", order(1))
    zip_file = zipped(
        monday__csv=export(order(1)), tuesday__csv=export(order(2), order(3, Line("NOPE"))), readme__txt="hello"
    )
    ran = shop.take("week.zip", zip_file)

    assert ran.exit == 3
    assert states(ran.rows) == [
        ("week.zip", "done"),
        ("week.zip/monday.csv", "duplicate"),
        ("week.zip/tuesday.csv", "done"),
    ]
    assert "week.zip: no pick-up of its folder wants readme.txt: left in the archive" in ran.err
    [rejects] = [path for path in ran.rows[2]["rejects"] if path.endswith(".csv")]
    assert "week.zip_tuesday.csv" in rejects
    assert shop.trace(2)[0]["file"] == "week.zip/tuesday.csv"
    assert shop.files(INBOX) == shop.files("data/state/unpacked") == []
    again = shop.take("week again.zip", zip_file)
    assert (again.exit, states(again.rows)) == (0, [("week again.zip", "duplicate")])


def test_what_came_in_an_archive_is_as_old_as_the_archive(shop: Shop) -> None:
    """An archive that lay about overrides nothing newer."""
    shop.take("new.csv", order(1, status="pending"), day=9)
    ran = shop.take("old.zip", zipped(old__csv=export(order(1))), day=3)

    assert ran.exit == 0
    assert shop.sent() == (set(), set()), "the newer export holds the order"


def test_a_corrected_archive_takes_the_place_of_its_rejected_file(shop: Shop) -> None:
    first = shop.take("week.zip", zipped(monday__csv="Name\n", tuesday__csv=export(order(1))))
    assert (first.exit, [row["codes"][0] for row in shop.open_rejects()]) == (3, ["MISSING_COLUMN"])

    again = shop.take("week.zip", zipped(monday__csv=export(order(2)), tuesday__csv=export(order(1))))

    assert (again.exit, shop.open_rejects()) == (0, [])
    assert shop.sent() == ({"1", "2"}, {"1", "2"})


def test_an_archive_with_nothing_for_this_flow_is_left_where_it_is(shop: Shop) -> None:
    path = shop.drop("stock.zip", zipped(stock__xml="<stock/>"))
    for _ in range(2):
        ran = shop.type("run", "--json")
        assert (ran.exit, ran.rows) == (0, [])
        assert "stock.zip is left where it is: no file in it fits `match` of a pick-up of this folder" in ran.err
    assert path.exists()
    assert shop.files("data/state/work") == []


def test_unpacking_can_be_switched_off(shop: Shop) -> None:
    shop.edit(FLOW, "settle: 10s", "settle: 10s, unpack: never")
    path = shop.drop("day.zip", zipped(day__csv=export(order(1))))
    assert shop.type("run", "--json").rows == []
    assert path.exists()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("bomb.csv.gz", gzip.compress(b"\0" * 30_000_000), "ARCHIVE_TOO_DENSE"),
        ("slip.zip", zipped(good__csv="x", **{"../../etc/cron.csv": "x"}), "ARCHIVE_UNSAFE_NAME"),
        ("deep.zip", zipped(good__csv="x", more__zip=zipped(a__csv="x")), "ARCHIVE_NESTED"),
        ("many.zip", zipped(**{f"{n}__csv": "" for n in range(ARCHIVE_MEMBERS + 1)}), "ARCHIVE_TOO_MANY"),
        ("torn.csv.gz", gzip.compress(export(order(1)).encode())[:-9], "ARCHIVE_UNREADABLE"),
        ("no.zip", b"this is no archive", "ARCHIVE_UNREADABLE"),
    ],
)
def test_an_archive_past_a_limit_is_rejected_whole_and_costs_no_other_file(
    shop: Shop, name: str, data: bytes, code: str
) -> None:
    """Fault 28."""
    shop.drop(name, data)
    shop.drop("good.csv", order(1))

    ran = shop.type("run", "--json")

    assert ran.exit == 3
    assert [(row["file"], row["state"], row["problems"]) for row in ran.rows] == [
        (name, "rejected", {code: 1}),
        ("good.csv", "done", {}),
    ]
    [problem] = [json.loads(line) for line in (shop.root / ran.rows[0]["rejects"][0]).read_text().splitlines()]
    assert (problem["code"], problem["file"]) == (code, name)
    assert shop.sent() == ({"1"}, {"1"})
    assert shop.files(INBOX) == shop.files("data/state/unpacked") == shop.files("data/state/work") == []
    assert not Path("/etc/cron.csv").exists()


def test_a_dry_run_unpacks_nothing_that_stays(shop: Shop) -> None:
    shop.take("before.csv", order(1))
    shop.drop("day.zip", zipped(day__csv=export(order(2))))
    before = shop.content()

    ran = shop.type("run", "--dry-run", "--json")

    assert (ran.exit, states(ran.rows)) == (0, [("day.zip", "dry run")])
    assert shop.content() == before


def test_a_baseline_of_an_archive_sends_nothing(shop: Shop) -> None:
    shop.drop("history.zip", zipped(history__csv=export(order(1))))

    ran = shop.type("run", "--baseline", "--json")

    assert [row["file"] for row in ran.rows] == ["history.zip", "history.zip/history.csv"]
    assert shop.files("data/outbox") == []
    assert shop.take("again.csv", [order(1), order(2)]).documents["out"] == 1


@pytest.mark.slow
def test_killed_at_each_point_of_an_archive_and_run_again(tmp_path: Path) -> None:
    """Nothing half unpacked is ever taken; each order goes out once."""
    log = tmp_path / "log"
    today, work = Shop(tmp_path / "today"), tmp_path / "work"
    today.type("run")
    today.drop("day.zip", zipped(a__csv=export(order(1)), b__csv=export(order(2))))
    with Nursery(tmp_path / "children", copy(today.root, work)) as nursery:
        copy(today.root, work)
        assert nursery.run(work, "run", EXCHANGE_CRASH_LOG=str(log)).exit == 0
        passed = log.read_text().splitlines()
        assert {"unpack.written:2", "publish.revealed:2", "retire.removed:3"} <= set(passed)
        # The last time of each point: what lies before is the same for another file.
        points = {each_.partition(":")[0]: each_ for each_ in passed}.values()
        copy(today.root, work)
        frames = nursery.frames(work, tmp_path / "album", points, "run")
        assert frames.keys() == set(points)
        for point, frame in frames.items():
            shutil.rmtree(work)
            frame.rename(work)
            again, shop = nursery.run(work, "run"), Shop(work, init=False)
            assert again.exit == 0, (point, again.err)
            assert shop.sent() == ({"1", "2"}, {"1", "2"}), point
            assert len(shop.files("data/outbox")) == 4, point
            assert shop.files(INBOX) == shop.files("data/state/unpacked") == shop.files("data/state/work") == [], point
