"""What a run came to, and how it is said. (The words of waiting files: test_waiting.py.)"""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest

from exchange.cli.choice import Choice
from exchange.cli.outcome import Outcome, exit_of, failed_line, tell_end
from exchange.engine.discover import Settling
from exchange.engine.events import Failed, Postponed
from exchange.kernel.exits import Exit
from exchange.kernel.model import Counts, FileReport, SourceFile


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


def test_a_failure_names_its_file_where_it_is_one_of_a_file() -> None:
    assert failed_line(Failed("orders", "a\x07.csv", Exit.UNAVAILABLE, "away")) == "orders: a\\x07.csv: away"
    assert failed_line(Failed("orders", "", Exit.UNAVAILABLE, "away")) == "orders: away"


def test_people_are_told_what_is_left_and_a_watcher_when_to_look_again(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome()
    outcome.add(Settling(SourceFile("s", "o", "day.csv", 1, 1), timedelta(seconds=5)))
    outcome.add(Failed("stock", "", Exit.FINE, "paused by eva"))
    tell_end(outcome, Choice())
    assert capsys.readouterr().err.startswith("1 file still settling: day.csv (ready in 5 s)")

    reading, writing = os.pipe()
    tell_end(outcome, Choice(watcher=writing))
    told = json.loads(os.read(reading, 10_000))
    assert (told["ready_in"], told["said"][1:]) == (5.0, ["stock: paused by eva"])
    assert capsys.readouterr().err == ""

    outcome.add(Postponed("orders", 3))
    tell_end(outcome, Choice(watcher=writing))
    assert json.loads(os.read(reading, 10_000))["ready_in"] == 0.0
    os.close(reading)
    os.close(writing)
