"""What is said of files that were not taken."""

from __future__ import annotations

from datetime import timedelta

from exchange.cli.waiting import passed_lines, postponed_line, settling_lines
from exchange.engine.discover import Settling
from exchange.engine.events import PassedOver, Postponed
from exchange.kernel.model import SourceFile


def settling(name: str, seconds: float, why: str = "") -> Settling:
    """Return a file that is not taken yet."""
    return Settling(SourceFile("shopify", "orders", name, 1, 0), timedelta(seconds=seconds), why)


def test_files_that_need_time_share_a_line() -> None:
    files = [settling("a\x1b.csv", 3.4), settling("b.csv", 9), settling("c.csv", 60, "waits for c.csv.done")]

    assert list(settling_lines(files, watching=False)) == [
        "2 files still settling: a\\x1b.csv (ready in 3 s), b.csv (ready in 9 s); run again then, or add --settle 30s",
        "c.csv is left where it is: waits for c.csv.done",
    ]
    assert next(settling_lines(files[1:2], watching=True)) == "1 file still settling: b.csv (ready in 9 s)"
    assert list(settling_lines([], watching=False)) == []


def test_names_that_are_never_taken_cannot_drive_a_terminal() -> None:
    [said] = passed_lines([PassedOver("orders", "x\x1b[31m.csv", "it is a symbolic link, not a regular file")])

    assert said == "orders: x\\x1b[31m.csv is passed over: it is a symbolic link, not a regular file"


def test_the_rest_is_taken_by_the_next_run() -> None:
    said = postponed_line(Postponed("orders", 2000))

    assert said == "orders: 2,000 more files ready, past `max_files` of the pick-up: the next run takes them"


def test_a_full_folder_fills_no_terminal() -> None:
    resting, *waiting = settling_lines(
        [*(settling(f"{n}.csv", 5) for n in range(5000)), *(settling(f"{n}.txt", 60, "waits") for n in range(30))],
        watching=True,
    )

    assert resting.startswith("5,000 files still settling: 0.csv (ready in 5 s), ")
    assert resting.endswith("9.csv (ready in 5 s) and 4,990 more")
    assert (len(waiting), waiting[-1]) == (11, "... and 20 more")
    assert len(list(passed_lines(PassedOver("orders", str(n), "odd") for n in range(500)))) == 11
