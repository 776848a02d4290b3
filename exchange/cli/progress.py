"""Progress of long files on stderr; silent where stderr is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from exchange.kernel.model import Claim

LONG = 8 * 1024 * 1024
"""Bytes from which a file is worth a bar."""


class Progress:
    """A bar for the file that is being read."""

    def __init__(self) -> None:
        self._bar: RichProgress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self.clear()

    def show(self, claim: Claim, stage: str, done: int, total: int) -> None:
        """Move the bar of one claim; bytes done of bytes in all."""
        if total < LONG or not sys.stderr.isatty():
            return
        if self._bar is None:
            columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
            self._bar = RichProgress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        if claim.id not in self._tasks:
            self._tasks[claim.id] = self._bar.add_task(claim.source.shown, total=total)
        self._bar.update(self._tasks[claim.id], completed=done, description=f"{claim.source.shown} {stage}")

    def clear(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            self._tasks.clear()
