"""`exchange run`: what was asked for, what it came to, and how it is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exchange.cli.run import Outcome, exit_of
from exchange.engine.discover import Settling
from exchange.engine.single import Failed
from exchange.kernel.exits import Exit
from exchange.kernel.model import Counts, FileReport, SourceFile
from tests.flows.shop import Line, Shop, order


def report(state: str = "done", rejected: int = 0) -> FileReport:
    """Return the report of a file."""
    return FileReport("orders", "c", "f", "ab", state, Counts(2, 2 - rejected, rejected), Counts())


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (report(), Exit.FINE),
        (report("duplicate"), Exit.FINE),
        (report(rejected=1), Exit.REJECTED),
        (report("rejected"), Exit.REJECTED),
        (report("held"), Exit.HELD),
    ],
)
def test_what_a_file_says_to_the_exit_code(found: FileReport, code: Exit) -> None:
    assert exit_of(found) is code


def test_the_worst_wins_and_settling_is_fine() -> None:
    outcome = Outcome()
    outcome.add(Settling(SourceFile("s", "o", "f", 1, 1), timedelta(5)))
    assert (outcome.exit, outcome.codes) == (Exit.FINE, [])
    outcome.add(report(rejected=1))
    outcome.add(Failed("orders", "f", Exit.UNAVAILABLE, "away"))
    outcome.add(report())
    assert (outcome.exit, len(outcome.codes)) == (Exit.UNAVAILABLE, 3)
    assert (len(outcome.reports), len(outcome.failed), len(outcome.settling)) == (2, 1, 1)


def test_people_read_numbers_and_places(shop: Shop) -> None:
    shop.drop("day.csv", [order(1001), order(1002, Line("NOT-SOLD"))])

    ran = shop.type("run")

    assert ran.exit == 3
    lines = ran.out.splitlines()
    assert lines[0].startswith("orders: day.csv (claim ")
    assert lines[1] == "  in 2 documents (2 records): 1 out, 1 rejected"
    assert [line.split()[0] for line in lines[2:]] == ["out", "out", "1", "fix", "see", "fix"]
    assert [line.rpartition(".")[2] for line in lines[5:]] == ["csv", "jsonl", "xlsx"]
    assert "fix the reject file and drop it back in" in ran.err


def test_nothing_to_do_and_still_settling_are_said(shop: Shop) -> None:
    idle = shop.type("run")
    assert (idle.exit, idle.out, idle.err) == (0, "", "nothing to do: no file is ready\n")
    shop.drop("day.csv", order(1001)).touch()
    waiting = shop.type("run")
    assert (waiting.exit, waiting.out) == (0, "")
    assert waiting.err.startswith("1 file still settling: day.csv (ready in ")


def test_waits_for_what_settles_when_asked_to(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", "settle: 10s", "settle: 300ms")
    shop.drop("day.csv", order(1001)).touch()

    assert shop.type("run", "--settle", "30s").exit == 0
    assert shop.sent() == ({"1001"}, {"1001"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "ordrs"], "orders"),
        (["run", "--settle", "soon"], "expected a duration such as 10s"),
    ],
)
def test_what_cannot_be_asked_for(shop: Shop, words: list[str], said: str) -> None:
    ran = shop.type(*words)

    assert ran.exit == 2
    assert said in ran.err


def test_a_file_needs_a_flow_where_there_are_several(shop: Shop) -> None:
    text = (shop.root / "mappings/flows/orders.yaml").read_text(encoding="utf-8")
    (shop.root / "mappings/flows/other.yaml").write_text(text.replace("flow: orders", "flow: other"), encoding="utf-8")

    (shop.root / "x.csv").touch()

    ran = shop.type("run", "--file", str(shop.root / "x.csv"))

    assert ran.exit == 2
    assert "say which flow takes the file: exchange run FLOW --file PATH" in ran.err
