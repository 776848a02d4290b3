"""Tries things with workspaces, a few at a time: what the tests compare with, and where they try."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from tests.crash.child import Ended, Nursery
from tests.crash.scene import Left, copy

AT_ONCE = 2
Faults = list[str]


@dataclass(frozen=True)
class Desk:
    """One place to try something: a parent of children, and a path for workspaces."""

    nursery: Nursery
    work: Path


@dataclass(frozen=True)
class Scene:
    """What the tests compare with, and the desks at which they try."""

    today: Path
    """A workspace before today's run; copy it."""
    points: tuple[str, ...]
    """Every point that the undisturbed run passes, with its count: `publish.revealed:2`."""
    undisturbed: Left
    desks: SimpleQueue[Desk] = field(default_factory=SimpleQueue)

    def each(self, things: Iterable[str], attempt: Callable[[Desk, str], Faults]) -> dict[str, Faults]:
        """Try every thing (a point, mostly) on a fresh workspace, a few at a time; return what is wrong, by thing."""

        def one(thing: str) -> tuple[str, Faults]:
            desk = self.desks.get()
            try:
                copy(self.today, desk.work)
                return thing, attempt(desk, thing)
            finally:
                self.desks.put(desk)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return {thing: faults for thing, faults in pool.map(one, things) if faults}


def faults_of(ended: Ended, differences: list[str]) -> Faults:
    """Say what is wrong with the last run and with what is left."""
    return [*([] if ended.exit in {0, 3} else [f"exit {ended.exit}: {ended.err[-600:]}"]), *differences]
