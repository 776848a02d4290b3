"""A bar for long files on a terminal, silence elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from exchange.cli.progress import LONG, Progress
from tests.engine.desk import claim_of


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


@pytest.mark.parametrize(
    ("stream", "size", "shown"),
    [(Terminal(), LONG, True), (Terminal(), LONG - 1, False), (io.StringIO(), LONG, False)],
    ids=["long", "short", "no terminal"],
)
def test_shown_only_where_somebody_looks(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, size: int, shown: bool
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)

    with Progress() as progress:
        progress.show(claim_of("day.csv"), "reading", size // 2, size)
        progress.show(claim_of("day.csv"), "writing", size, size)
        progress.clear()
        progress.clear()

    assert ("day.csv" in stream.getvalue()) is shown
    assert bool(stream.getvalue()) is shown
