"""Kill -9 while a target is away, and again while it comes back: what waits is neither lost nor sent twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.desks import Desk, Faults, Scene, Shown, faults_of
from tests.crash.scene import Consumer, copy, left_in

pytestmark = pytest.mark.slow

LATE = ("publish.", "keep.", "retire.", "close.")
"""Points of a run that has sealed: before them a dead target makes no difference."""


def take_away(workspace: Path) -> None:
    """Let the ERP be away, what it has got before included."""
    erp = workspace / "data/outbox/erp"
    erp.rename(erp.with_name("erp.away"))
    erp.write_text("in the way")


def bring_back(workspace: Path) -> None:
    """Let the ERP be there again."""
    erp = workspace / "data/outbox/erp"
    erp.unlink()
    erp.with_name("erp.away").rename(erp)


def wait_and_return(desk: Desk) -> None:
    """Run while the ERP is away, and let it be there again."""
    take_away(desk.work)
    desk.nursery.run(desk.work, "run")
    bring_back(desk.work)


def points_of(scene: Scene, folder: Path, *, away: bool) -> list[str]:
    """Return the late points that a run passes while the ERP is away, or when it is back."""
    desk = scene.desks.get()
    try:
        copy(scene.today, desk.work)
        take_away(desk.work)
        if not away:
            assert desk.nursery.run(desk.work, "run").exit == 6
            bring_back(desk.work)
        log = folder / f"points-{away}"
        desk.nursery.run(desk.work, "run", EXCHANGE_CRASH_LOG=str(log))
        return [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith(LATE)]
    finally:
        scene.desks.put(desk)


def test_killed_while_the_target_is_away(scene: Scene, tmp_path: Path) -> None:
    """Fault 1: SIGKILL while a target is away."""
    points = points_of(scene, tmp_path, away=True)
    assert {"keep.waiting:1", "keep.sent:1", "close.noted:1"} <= set(points)

    shown = Shown()

    def attempt(desk: Desk, _: str) -> Faults:
        if shown.has(desk.work):
            return []
        desk.nursery.run(desk.work, "run")
        bring_back(desk.work)
        return faults_of(desk.nursery.run(desk.work, "run"), scene.undisturbed.differences(left_in(desk.work)))

    assert scene.at_each(points[::2], attempt, lambda desk: take_away(desk.work)) == {}


def test_killed_while_what_waited_is_delivered(scene: Scene, tmp_path: Path) -> None:
    """Fault 1: SIGKILL while what waited is delivered."""
    points = points_of(scene, tmp_path, away=False)
    assert {"keep.sent:1", "publish.revealed:1", "close.noted:1"} <= set(points)

    shown = Shown()

    def attempt(desk: Desk, _: str) -> Faults:
        if shown.has(desk.work):
            return []
        return faults_of(desk.nursery.run(desk.work, "run"), scene.undisturbed.differences(left_in(desk.work)))

    assert scene.at_each(points, attempt, wait_and_return) == {}


def test_a_greedy_target_gets_what_waited_once(scene: Scene, tmp_path: Path) -> None:
    """The consumer takes every file that it sees, between the kill and the next run too."""
    points = points_of(scene, tmp_path, away=False)
    yesterday: dict[Path, list[tuple[str, bytes]]] = {}

    def prepare(desk: Desk) -> None:
        consumer = Consumer(desk.work)
        consumer.take()
        yesterday[desk.work] = consumer.taken
        wait_and_return(desk)

    shown = Shown()

    def attempt(desk: Desk, _: str) -> Faults:
        if shown.has(desk.work):
            return []
        consumer = Consumer(desk.work, yesterday[desk.work])
        consumer.take()
        ended = desk.nursery.run(desk.work, "run")
        consumer.take()
        names = [name for name, _ in consumer.taken]
        twice = [f"{name} was sent twice" for name in names if names.count(name) > 1]
        made = {name for name in scene.undisturbed.files if name.startswith("data/outbox")}
        return [*faults_of(ended, []), *twice, *(f"{name} was lost" for name in sorted(made - set(names)))]

    assert scene.at_each(points, attempt, prepare) == {}
