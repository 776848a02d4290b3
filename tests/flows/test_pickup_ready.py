"""Pick-up through the front door: when a file is taken, and what is said of one that is not."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from tests.flows.shop import INBOX, Shop, export, order

FLOW = "mappings/flows/orders.yaml"
SETTINGS = "mappings/exchange.yaml"


def said_of(shop: Shop, name: str) -> str:
    """Return the line of stderr that names a file, after a run that takes nothing and is fine."""
    ran = shop.type("run", "--json")
    assert (ran.exit, ran.rows) == (0, []), ran.err
    [line] = [line for line in ran.err.splitlines() if name in line]
    return line


def with_done_file(shop: Shop, pattern: str = "{name}.done") -> None:
    """Let the pick-up wait for done files."""
    shop.edit(FLOW, "settle: 10s", f'done_file: "{pattern}"')


# --- rest -----------------------------------------------------------------------------------------------------------
def test_a_file_that_is_still_written_is_never_taken(shop: Shop) -> None:
    """Fault 16: a slow writer, looked at between every two of its writes; taken whole in the end, and once."""
    text = export(order(1), order(2)).encode()
    path = shop.root / INBOX / "slow.csv"
    with path.open("wb") as writer:
        for start in range(0, len(text), 300):
            writer.write(text[start : start + 300])
            writer.flush()
            assert "still settling" in said_of(shop, "slow.csv")
    shop.age(path, 1)
    ran = shop.type("run", "--json")
    assert (ran.row["file"], ran.documents["out"]) == ("slow.csv", 2)
    assert shop.type("run", "--json").rows == []


def test_no_bytes_are_waited_for_and_then_rejected(shop: Shop) -> None:
    path = shop.drop("empty.csv", b"")
    os.utime(path, (time.time() - 60,) * 2)
    assert "empty.csv (ready in 5" in said_of(shop, "empty.csv")

    os.utime(path, (time.time() - 601,) * 2)
    ran = shop.type("run", "--json")

    assert (ran.exit, ran.row["state"], ran.row["problems"]) == (3, "rejected", {"FILE_EMPTY": 1})
    assert shop.files(INBOX) == []


def test_a_time_in_the_future_delays_a_file_but_not_for_ever(shop: Shop) -> None:
    """Fault 35: the writer's clock is ahead; what this machine saw of the file counts."""
    shop.edit(FLOW, "settle: 10s", "settle: 300ms")
    path = shop.drop("ahead.csv", order(1))
    os.utime(path, (time.time() + 86_400,) * 2)

    assert shop.type("run", "--settle", "30s", "--json").row["file"] == "ahead.csv"


# --- done files -----------------------------------------------------------------------------------------------------
def test_a_done_file_says_when_and_goes_with_its_file(shop: Shop) -> None:
    with_done_file(shop)
    os.utime(shop.drop("a.csv", order(1)))
    assert said_of(shop, "a.csv") == "a.csv is left where it is: waits for a.csv.done"

    os.utime(shop.drop("a.csv.done", b""))
    ran = shop.type("run", "--json")

    assert (ran.exit, ran.row["file"]) == (0, "a.csv"), "at once: settle is not needed"
    assert shop.files(INBOX) == []


def test_a_done_file_is_never_taken_for_data(shop: Shop) -> None:
    with_done_file(shop, "{stem}.csv.ok")
    shop.edit(FLOW, 'match: "*.csv"', 'match: "*"')
    shop.drop("a.csv.ok", b"")

    assert shop.type("run", "--json").rows == []
    assert [path.name for path in shop.files(INBOX)] == ["a.csv.ok"]


def test_a_done_file_of_an_earlier_file_says_nothing(shop: Shop) -> None:
    """A run ended between removing a file and its done file; the shop writes the next one under the same name."""
    with_done_file(shop)
    shop.drop("a.csv.done", b"", day=1)
    shop.drop("a.csv", order(1), day=2)
    assert "waits for a new a.csv.done" in said_of(shop, "a.csv")

    shop.drop("a.csv.done", b"", day=3)
    assert shop.type("run", "--json").documents["out"] == 1


@pytest.mark.parametrize("form", ["{rows}", "rows={rows}", "sha256 {name}", "SHA256 ({name}) = {sha256}"])
def test_what_a_done_file_promises_is_checked(shop: Shop, form: str) -> None:
    with_done_file(shop)
    whole = export(order(1), order(2))

    def promise(text: str) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()
        made = form.replace("sha256 {name}", "{sha256}  {name}")
        return made.format(rows=text.count("\n") - 1, sha256=digest, name="a.csv")

    torn = whole[: whole.rindex("\n", 0, -1) + 1]
    shop.drop("a.csv", torn, day=1)
    shop.drop("a.csv.done", promise(whole), day=2)
    assert "is not complete" in said_of(shop, "a.csv is")
    assert len(shop.files(INBOX)) == 2
    assert shop.files("data/state/work") == []

    shop.drop("a.csv", whole, day=1)
    assert shop.type("run", "--json").documents["out"] == 2
    assert shop.files(INBOX) == []


def test_a_duplicate_takes_its_done_file_with_it(shop: Shop) -> None:
    with_done_file(shop)
    for name in ("a.csv", "b.csv"):
        shop.drop(name, order(1), day=1)
        shop.drop(f"{name}.done", b"", day=2)

    ran = shop.type("run", "--json")

    assert [row["state"] for row in ran.rows] == ["done", "duplicate"]
    assert shop.files(INBOX) == []


# --- folders that are away ------------------------------------------------------------------------------------------
def test_a_share_that_is_not_mounted_is_down_not_empty(shop: Shop) -> None:
    shop.edit(SETTINGS, "path: data/inbox/shopify", "path: data/inbox/shopify, mount_marker: .mounted")
    ran = shop.type("run")
    assert ran.exit == 6
    assert ".mounted" in ran.err

    (shop.root / "data/inbox/shopify/.mounted").touch()
    assert shop.type("run").exit == 0
    shop.drop("a.csv", order(1))
    assert shop.type("run", "--json").documents["out"] == 1


def test_a_marker_that_can_be_seen_is_not_data(shop: Shop) -> None:
    shop.edit(SETTINGS, "path: data/inbox/shopify", "path: data/inbox/shopify/orders, mount_marker: mounted.csv")
    shop.edit(FLOW, "folder: orders, match", "match")
    marker = shop.drop("mounted.csv", "")
    shop.drop("a.csv", order(1))

    assert [row["file"] for row in shop.type("run", "--json").rows] == ["a.csv"]
    assert marker.exists()


def test_one_folder_away_costs_no_other(shop: Shop, tmp_path: Path) -> None:
    """Promise 10: the second pick-up's place is down, the first one's file goes out all the same."""
    text = (shop.root / SETTINGS).read_text(encoding="utf-8")
    share = "\n  share: {type: local, path: " + str(tmp_path / "share") + ", mount_marker: .mounted}\n"
    (shop.root / SETTINGS).write_text(text.replace("\nendpoints:\n", f"\nendpoints:{share}", 1), encoding="utf-8")
    pick_up = '  - {from: share, match: "*.csv", mapping: shopify/orders}\n'
    shop.edit(FLOW, "pick_up:\n", f"pick_up:\n{pick_up}")
    shop.drop("a.csv", order(1))

    ran = shop.type("run", "--json")

    assert ran.exit == 6
    assert ran.documents["out"] == 1
    assert "share" in ran.err
    assert not (tmp_path / "share").exists() or not list((tmp_path / "share").iterdir())
