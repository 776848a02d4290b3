"""Runs commands as child processes, in turn, and measures seconds, CPU and peak memory of each.

Imports nothing heavy: Linux counts this process's own peak into that of a child it spawns.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

Outcome = dict[str, Any]
"""What a contender says came out of it; those named in `Contender.expects` must be as generated."""


@dataclass(frozen=True)
class Command:
    """One child process."""

    argv: Sequence[str]
    folder: Path
    outcome: Callable[[str], Outcome] = json.loads
    """Reads what the child printed on stdout."""
    fine: tuple[int, ...] = (0,)
    """Exit codes that are no failure."""


@dataclass(frozen=True)
class Contender:
    """One of those that are measured side by side."""

    name: str
    prepare: Callable[[Path], Command]
    """Makes a fresh folder ready, untimed, and says what to run in it."""
    rows: int
    """Input rows, for rows per second."""
    expects: Mapping[str, object] = field(default_factory=dict)
    """Parts of the outcome that must be so, else the figures mean nothing."""


@dataclass(frozen=True)
class Run:
    """What one child process took."""

    seconds: float
    cpu: float
    peak_mb: float
    """Highest resident memory of the largest single process among the child and its own children."""
    outcome: Outcome


@dataclass(frozen=True)
class Figures:
    """All rounds of one contender."""

    name: str
    rows: int
    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        """Median over the rounds."""
        return median(run.seconds for run in self.runs)

    @property
    def cpu(self) -> float:
        """Median over the rounds, user and system."""
        return median(run.cpu for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """Highest of the rounds."""
        return max(run.peak_mb for run in self.runs)

    @property
    def outcome(self) -> Outcome:
        """The outcome of the last round."""
        return self.runs[-1].outcome


class Failed(Exception):
    """A contender ended with an error or came to other numbers than were generated."""


def run(command: Command) -> Run:
    """Run one child to its end; Failed where it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("EXCHANGE_")}
        # As at a user's, whose installer compiled everything: no contender compiles itself anew each time.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        began = time.perf_counter()
        child = subprocess.Popen(command.argv, cwd=command.folder, stdout=out, stderr=err, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        printed, complained = (_read(file) for file in (out, err))
    if child.returncode not in command.fine:
        raise Failed(f"{' '.join(command.argv[:4])} ... ended with {child.returncode}:\n{complained[-2000:]}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, command.outcome(printed))


def _settle(folder: Path) -> None:
    """Write out what was made ready, so that it is not flushed at the contender's expense."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode("utf-8", "replace"))


def rounds(contenders: Sequence[Contender], count: int, scratch: Path) -> list[Figures]:
    """Run all contenders in turn, `count` rounds, each time in a fresh folder below `scratch`."""
    runs: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for number in range(count):
        for contender in contenders:
            print(f"round {number + 1} of {count}: {contender.name} ...", file=sys.stderr, flush=True)
            folder = Path(tempfile.mkdtemp(prefix=f"{contender.name.replace(' ', '-')}-", dir=scratch))
            try:
                command = contender.prepare(folder)
                _settle(folder)
                done = run(command)
                _agree(contender, done.outcome)
            finally:
                shutil.rmtree(folder)
            runs[contender.name].append(done)
    return [Figures(contender.name, contender.rows, tuple(runs[contender.name])) for contender in contenders]


def _agree(contender: Contender, outcome: Outcome) -> None:
    wrong = {name: outcome.get(name) for name, value in contender.expects.items() if outcome.get(name) != value}
    if wrong:
        expected = {name: contender.expects[name] for name in wrong}
        raise Failed(f"{contender.name} came to {wrong}; generated was {expected}")
