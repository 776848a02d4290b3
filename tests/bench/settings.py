"""What the command line asked of a benchmark."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.bench.measure import Contender, Failed, Figures, rounds

PEERS = {"polars": "polars", "frictionless": "frictionless"}
"""Contenders that need a package of the development extras."""


@dataclass(frozen=True)
class Settings:
    """The options every benchmark takes."""

    lines: int | None
    """Input lines; None for the benchmark's own size."""
    columns: int
    rounds: int
    only: frozenset[str]
    """Contenders to run; empty for all."""
    cache: Path
    scratch: Path
    """Where workspaces are made: the disk whose fsync is measured."""
    seed: int

    def measure(self, contenders: list[Contender]) -> list[Figures]:
        """Run those of the contenders that were asked for and are installed; Failed where a name is not known."""
        unknown = self.only - {each.name for each in contenders}
        if unknown:
            known = ", ".join(each.name for each in contenders)
            raise Failed(f"--only: no contender {', '.join(sorted(unknown))}; there are: {known}")
        asked = [each for each in contenders if not self.only or each.name in self.only]
        missing = {each.name for each in asked if each.name in PEERS and find_spec(PEERS[each.name]) is None}
        for name in sorted(missing):
            print(f"{name} is left out: the package is not installed", file=sys.stderr)
        return rounds([each for each in asked if each.name not in missing], self.rounds, self.scratch)


def ratio(figures: list[Figures], one: str, other: str) -> float | None:
    """Return the seconds of one contender in those of another; None where one of them did not run."""
    seconds = {each.name: each.seconds for each in figures}
    return seconds[one] / seconds[other] if one in seconds and other in seconds else None


def by_name(figures: list[Figures], name: str) -> Figures | None:
    """Return the figures of a contender that ran."""
    return next((each for each in figures if each.name == name), None)
