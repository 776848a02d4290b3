"""Says what lies in the pick-up folders and was not taken, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exchange.cli.wording import clean
from exchange.engine.discover import Settling
from exchange.engine.events import PassedOver, Postponed
from exchange.kernel.plural import many

MOST = 10
"""Names that are written out; a folder may hold a hundred thousand."""


def settling_lines(settling: Iterable[Settling], *, watching: bool) -> Iterator[str]:
    """Yield a line for the files that need time only, and one for each that waits for something else."""
    files = list(settling)
    resting = [file for file in files if not file.why]
    if resting:
        first = resting[:MOST]
        names = ", ".join(
            f"{clean(file.source.name)} (ready in {file.ready_in.total_seconds():.0f} s)" for file in first
        )
        names += f" and {len(resting) - MOST:,} more" if len(resting) > MOST else ""
        then = "" if watching else "; run again then, or add --settle 30s"
        yield f"{many(len(resting), 'file')} still settling: {names}{then}"
    waiting = [f"{clean(file.source.name)} is left where it is: {clean(file.why)}" for file in files if file.why]
    yield from _capped(waiting)


def passed_lines(passed: Iterable[PassedOver]) -> Iterator[str]:
    """Yield what is said of names that are never taken."""
    return _capped([f"{each.flow}: {clean(each.shown)} is passed over: {clean(each.why)}" for each in passed])


def postponed_line(postponed: Postponed) -> str:
    """Return what is said where more is ready than one run takes."""
    files = many(postponed.files, "more file")
    return f"{postponed.flow}: {files} ready, past `max_files` of the pick-up: the next run takes them"


def _capped(lines: list[str]) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"... and {len(lines) - MOST:,} more"
