"""`exchange run --due`: called every minute, it runs each flow when its schedule says so, once."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.cli import run as command
from tests.flows.shop import Ran, Shop, export, order

FLOW = "mappings/flows/orders.yaml"
EXCHANGE = [sys.executable, "-c", "from exchange.cli.main import main; main()"]
NOON = datetime(2026, 3, 29, 12, 0, 3, tzinfo=UTC)
IMPORTED = "import sys; from exchange.cli.main import run; code = run(sys.argv[1:])\nprint(code, *sys.modules)"


class Clock:
    """The clock of the command line."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(command, "now", lambda: self.now)

    def minute(self, shop: Shop, *words: str, later: float = 1) -> Ran:
        """Call it so many minutes later."""
        self.now += timedelta(minutes=later)
        return shop.type("run", "--due", "--json", *words)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Noon."""
    return Clock(monkeypatch)


@pytest.mark.parametrize("machine", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_called_every_minute(shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch, machine: str) -> None:
    """Fault 35: whatever the machine's own clock shows."""
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    shop.edit(FLOW, "*/5 * * * *", "30 14 * * *")
    shop.edit(FLOW, "pick_up:", "timezone: Europe/Berlin\npick_up:")
    shop.drop("a.csv", order(1))
    ran: dict[str, Ran] = {}
    for _ in range(40):
        each = clock.minute(shop)
        ran[f"{clock.now:%H:%M}"] = each
    monkeypatch.undo()
    time.tzset()

    assert [minute for minute, each in ran.items() if each.out] == ["12:30"], "summer time began this morning"
    assert {each.exit for each in ran.values()} == {0}
    assert ran["12:01"].err == "nothing is due; next: orders at 2026-03-29 12:30 UTC\n"
    assert ran["12:31"].err == "nothing is due; next: orders at 2026-03-30 12:30 UTC\n"


def test_missed_moments_are_made_up_for_once(shop: Shop, clock: Clock) -> None:
    """Fault 35: the machine was off for a week."""
    assert clock.minute(shop).exit == 0
    shop.drop("a.csv", order(1))

    assert clock.minute(shop, later=7 * 24 * 60).row["file"] == "a.csv"
    shop.drop("b.csv", order(2))
    assert clock.minute(shop).out == ""
    assert clock.minute(shop, later=5).row["file"] == "b.csv"


def test_a_clock_put_back_by_years_does_not_silence_it(shop: Shop, clock: Clock) -> None:
    """Fault 35."""
    clock.now = datetime(2038, 1, 19, tzinfo=UTC)
    clock.minute(shop)
    clock.minute(shop, later=5)
    clock.now = NOON
    shop.drop("a.csv", order(1))

    outs = [clock.minute(shop).out for _ in range(6)]
    assert [bool(out) for out in outs].count(True) == 1


def test_one_that_another_run_holds_costs_only_itself(shop: Shop, clock: Clock) -> None:
    """Fault 11: 7 for this flow, the other one has its turn, and the next minute this one has too."""
    shop.edit("mappings/exchange.yaml", "  wms:", "  annex: {type: local, path: data/inbox/annex}\n  wms:")
    text = (shop.root / FLOW).read_text().replace("flow: orders", "flow: annex").replace("from: shopify", "from: annex")
    (shop.root / "mappings/flows/annex.yaml").write_text(text)
    inbox = shop.root / "data/inbox/annex/orders"
    inbox.mkdir(parents=True)
    (inbox / "x.csv").write_text(export(order(9)))
    shop.age(inbox / "x.csv", 1)
    shop.drop("a.csv", order(1))
    clock.minute(shop)
    lock = shop.root / "data/state/locks/annex.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        both = clock.minute(shop, later=5)
        assert (both.exit, [row["file"] for row in both.rows]) == (7, ["a.csv"])
        assert clock.minute(shop).exit == 7

    assert [row["file"] for row in clock.minute(shop).rows] == ["x.csv"]
    assert clock.minute(shop).out == ""


def test_a_dry_run_shows_and_notes_nothing(shop: Shop, clock: Clock) -> None:
    clock.minute(shop)
    shop.drop("a.csv", order(1))

    assert clock.minute(shop, "--dry-run", later=5).row["state"] == "dry run"
    assert clock.minute(shop, "--dry-run").row["state"] == "dry run"
    assert clock.minute(shop).row["state"] == "done"


def test_what_was_asked_is_in_the_ledger(shop: Shop, clock: Clock) -> None:
    clock.minute(shop)
    clock.minute(shop, later=5)
    assert "`exchange run --due`, ended with 0" in shop.type("status").out


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--file", FLOW], "say one of them"), (["byhand"], "has a `schedule:`"), (["ordrs"], "orders")],
)
def test_what_cannot_be_asked_for(shop: Shop, words: list[str], said: str) -> None:
    text = (shop.root / FLOW).read_text()
    (shop.root / "mappings/flows/byhand.yaml").write_text(
        text.replace("flow: orders", "flow: byhand").replace('schedule: "*/5 * * * *"\n', "")
    )
    given = [str(shop.root / word) if word == FLOW else word for word in words]
    ran = shop.type("run", "--due", *(["orders"] if given[0] == "--file" else []), *given)

    assert ran.exit == 2
    assert said in ran.err


@pytest.mark.parametrize(("key", "wrong"), [("schedule", '"61 * * * *"'), ("timezone", "Europe/Berlyn")])
def test_what_check_says_of_a_wrong_one(shop: Shop, key: str, wrong: str) -> None:
    shop.edit(FLOW, 'schedule: "*/5 * * * *"', f"{key}: {wrong}")
    number = (shop.root / FLOW).read_text().splitlines().index(f"{key}: {wrong}") + 1
    ran = shop.type("check")

    assert ran.exit == 5
    told, shown, marked = ran.out.splitlines()
    assert told.startswith(f"{FLOW}:{number}:{len(key) + 3}: '{key}' cannot be ")
    assert "expected" in told
    assert shown.split() == [f"{number}", "|", f"{key}:", *wrong.split()]
    assert marked.index("^") == shown.index(wrong)
    assert marked.endswith(f"{'^' * len(wrong)} error INVALID_VALUE")


def test_nothing_due_costs_nothing(shop: Shop) -> None:
    shop.edit(FLOW, "*/5 * * * *", "0 0 29 2 *")
    asked = [sys.executable, "-c", IMPORTED, "--workspace", str(shop.root), "run", "--due"]
    subprocess.run(asked, check=True, capture_output=True)

    code, *modules = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()

    assert code == "0"
    tops = {name.partition(".")[0] for name in modules}
    assert tops & {"pandas", "pyarrow", "numpy", "sqlalchemy", "paramiko", "watchdog", "rich"} == set()


@pytest.mark.slow
def test_called_by_many_at_the_same_moment(shop: Shop) -> None:
    """Fault 11: real processes. Each order goes out once; who comes second leaves with 7, or finds nothing due."""
    shop.edit(FLOW, "*/5 * * * *", "* * * * *")
    shop.drop("a.csv", [order(number) for number in range(1, 60)])
    assert shop.type("run", "--dry-run").exit == 0, "the ledger is there"
    asked = [*EXCHANGE, "--workspace", str(shop.root), "run", "--due", "--json"]
    running = [subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]

    assert {code for _, code in ended} <= {0, 7}
    rows = [json.loads(line) for (out, _), _ in ended for line in out.splitlines()]
    assert [row["state"] for row in rows] == ["done"]
    assert sorted(int(row["OrderNumber"]) for row in shop.erp()) == list(range(1, 60))


def test_the_starter_says_when_it_runs(shop: Shop) -> None:
    assert 'schedule: "*/5 * * * *"' in Path(shop.root / FLOW).read_text()
