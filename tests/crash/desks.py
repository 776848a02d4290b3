"""Tries things with workspaces, a few at a time: what the tests compare with, and where they try."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from tests.crash.child import Ended, Nursery
from tests.crash.scene import Left, copy, left_in

AT_ONCE = max(1, min(2, (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))))
"""Desks: no more than there are processors for, where several processes run tests."""
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

    def at_each(
        self,
        points: Sequence[str],
        attempt: Callable[[Desk, str], Faults],
        prepare: Callable[[Desk], object] = id,
        words: Sequence[str] = ("run",),
    ) -> dict[str, Faults]:
        """Try what is left of a run that is killed at each of the points, a few at a time; return what is wrong.

        Each desk runs the command once, after `prepare`, and keeps what is there at each point: see `Nursery.frames`.
        """

        def some(mine: Sequence[str]) -> dict[str, Faults]:
            desk = self.desks.get()
            album = desk.work.with_name("album")
            try:
                prepare(self._fresh(desk))
                frames = desk.nursery.frames(desk.work, album, mine, *words)
                return {point: self._at(desk, point, frames, attempt) for point in mine}
            finally:
                shutil.rmtree(album, ignore_errors=True)
                self.desks.put(desk)

        share = -(-len(points) // AT_ONCE)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            told = pool.map(some, [points[start : start + share] for start in range(0, len(points), share)])
            return {point: faults for desk in told for point, faults in desk.items() if faults}

    def _at(self, desk: Desk, point: str, frames: dict[str, Path], attempt: Callable[[Desk, str], Faults]) -> Faults:
        if point not in frames:
            return ["was not passed"]
        shutil.rmtree(desk.work)
        frames[point].rename(desk.work)
        return attempt(desk, point)

    def _fresh(self, desk: Desk) -> Desk:
        copy(self.today, desk.work)
        return desk


class Shown:
    """What attempts began with: where nothing happened between two points, the one before has shown the recovery."""

    def __init__(self) -> None:
        self._begun: list[Left] = []

    def __len__(self) -> int:
        return len(self._begun)

    def has(self, workspace: Path) -> bool:
        """Tell whether an attempt began with what is left in a workspace; if none did, this one does."""
        left = left_in(workspace)
        known = left in self._begun
        if not known:
            self._begun.append(left)
        return known


def faults_of(ended: Ended, differences: list[str]) -> Faults:
    """Say what is wrong with the last run and with what is left."""
    return [*([] if ended.exit in {0, 3} else [f"exit {ended.exit}: {ended.err[-600:]}"]), *differences]
