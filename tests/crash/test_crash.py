"""Kill -9 at every named point, then run again: the outputs, the archive and the ledger of an undisturbed run."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.crash.desks import Desk, Faults, Scene, Shown, faults_of
from tests.crash.scene import Consumer, Left, copy, left_in

pytestmark = pytest.mark.slow

BEFORE_AND_AFTER = {
    "copy": ("claim.copy", "claim.copied"),
    "adopt": ("claim.copied", "claim.adopted"),
    "claim in the ledger": ("claim.adopted", "claim.noted"),
    "spool": ("claim.noted", "prepare.spooled"),
    "artifact": ("outputs.opened", "outputs.written"),
    "reject and held file": ("outputs.written", "setaside.written"),
    "documents in the ledger": ("documents.add", "documents.added"),
    "what was sent in the ledger": ("sent.add", "sent.added"),
    "seal": ("seal.before", "seal.noted"),
    "stage": ("publish.stage", "publish.staged"),
    "staged in the ledger": ("publish.staged", "publish.noted"),
    "reveal": ("publish.reveal", "publish.revealed"),
    "what was sent is kept": ("keep.sent", "keep.synced"),
    "archive": ("retire.archive", "retire.archived"),
    "source removal": ("retire.archived", "retire.removed"),
    "end in the ledger": ("close.note", "close.noted"),
    "work folder removal": ("close.noted", "close.removed"),
    "duplicate removal": ("retire.duplicate_noted", "retire.duplicate"),
}
"""Side effect -> the points just before and just behind it."""
NOTHING_BETWEEN = {
    ("documents.added", "sent.add"),
    ("publish.staged", "publish.stage"),
    ("publish.noted", "publish.reveal"),
    ("publish.revealed", "publish.reveal"),
    ("publish.revealed", "retire.archive"),
    ("publish.revealed", "keep.sent"),
    ("keep.synced", "retire.archive"),
    ("retire.removed", "close.note"),
    ("close.removed", "claim.copy"),
    ("retire.duplicate", "claim.copy"),
    ("recover.swept", "claim.copy"),
}
"""Points that follow each other with no side effect between them: to be killed at the one is to be killed at both."""
PUBLISHING = ("publish.", "retire.", "close.")
WHILE_RECOVERING = (
    "recover.swept:1",
    "publish.revealed:1",
    "recover.restarted:1",
    "retire.archived:1",
    "publish.noted:1",
    "recover.cleared:1",
    "retire.removed:1",
    "close.noted:1",
    "documents.added:1",
    "publish.revealed:2",
    "seal.noted:1",
    "publish.staged:1",
)
"""Where a recovery is killed in its turn."""


def test_undisturbed_run_does_everything_that_can_be_done(scene: Scene) -> None:
    names = {point.partition(":")[0] for point in scene.points}
    assert {name for pair in BEFORE_AND_AFTER.values() for name in pair} <= names

    claims = {row[7]: row for row in scene.undisturbed.ledger["claims"]}
    states = {name: row[17] for name, row in claims.items() if not name.endswith(".rejects.csv")}
    assert states == {"yesterday.csv": "done", "today.csv": "done", "nameless.csv": "rejected"}
    assert {row[3] for row in scene.undisturbed.ledger["documents"]} == {"out", "rejected", "filtered", "held"}
    assert {row[11] for row in scene.undisturbed.ledger["documents"]} == {"new", "change", "cancel", ""}
    assert {row[10] for row in scene.undisturbed.ledger["rejects"]} == {"open", "closed", "superseded"}
    assert {row[11] for row in scene.undisturbed.ledger["artifacts"]} == {"delivered"}
    assert scene.undisturbed.ledger["integrity"] == [("ok",)]
    assert scene.undisturbed.ledger["orphans"] == []
    assert [name for name in scene.undisturbed.files if name.startswith(("data/inbox", "data/state/work"))] == []
    assert [name for name in scene.undisturbed.files if Path(name).name.startswith(".")] == []


def test_what_is_there_at_a_point_is_what_a_kill_leaves(scene: Scene) -> None:
    """The tests below do without a killed run of its own for each point: here are both."""

    def attempt(desk: Desk, point: str) -> Faults:
        there = left_in(desk.work)
        copy(scene.today, desk.work)
        if not desk.nursery.run(desk.work, "run", EXCHANGE_CRASH_AT=point).killed:
            return ["was not killed"]
        return there.differences(left_in(desk.work))

    assert scene.at_each(_distinct(scene)[::9], attempt) == {}


def test_killed_at_each_point_and_run_again(scene: Scene) -> None:
    """Fault 1: SIGKILL at any step."""
    shown = Shown()

    def attempt(desk: Desk, _: str) -> Faults:
        if shown.has(desk.work):
            return []
        return faults_of(desk.nursery.run(desk.work, "run"), scene.undisturbed.differences(left_in(desk.work)))

    assert scene.at_each(_distinct(scene), attempt) == {}
    assert len(shown) > len(_distinct(scene)) // 2


def test_killed_again_while_recovering(scene: Scene) -> None:
    """Fault 1: SIGKILL during recovery too."""
    second = dict(zip(scene.points[1::3], WHILE_RECOVERING * len(scene.points), strict=False))
    twice: list[str] = []
    shown = Shown()

    def attempt(desk: Desk, point: str) -> Faults:
        if desk.nursery.run(desk.work, "run", EXCHANGE_CRASH_AT=second[point]).killed:
            twice.append(point)
        if shown.has(desk.work):
            return []
        return faults_of(desk.nursery.run(desk.work, "run"), scene.undisturbed.differences(left_in(desk.work)))

    assert scene.at_each(list(second), attempt) == {}
    # A few of the second points lie behind the first and are not passed again.
    assert len(twice) > len(second) // 2


def test_nothing_is_delivered_twice_to_a_target_that_takes_files_at_once(scene: Scene) -> None:
    """Fault 1: SIGKILL, with a greedy consumer."""
    yesterday: dict[Path, list[tuple[str, bytes]]] = {}
    shown = Shown()

    def prepare(desk: Desk) -> None:
        consumer = Consumer(desk.work)
        consumer.take()
        yesterday[desk.work] = consumer.taken

    def attempt(desk: Desk, _: str) -> Faults:
        if shown.has(desk.work):
            return []
        consumer = Consumer(desk.work, yesterday[desk.work])
        consumer.take()
        again = desk.nursery.run(desk.work, "run")
        consumer.take()
        left = left_in(desk.work, consumer.taken)
        # That a file is gone proves nothing: the ledger says so, and says nothing else that differs.
        artifacts = [(*row[:11], row[11].removeprefix("presumed "), *row[12:]) for row in left.ledger["artifacts"]]
        left = replace(left, ledger={**left.ledger, "artifacts": artifacts})
        twice = len(consumer.taken) - len(dict(consumer.taken))
        told = [f"{twice} files delivered twice"] if twice else []
        return [*told, *faults_of(again, scene.undisturbed.differences(left))]

    points = [point for point in _distinct(scene) if point.startswith(PUBLISHING)]
    assert scene.at_each(points, attempt, prepare) == {}


def test_stopped_by_a_signal_and_run_again(scene: Scene) -> None:
    """Fault 2: SIGTERM at any step: a safe point, exit 143."""
    ends: list[int] = []
    shown = Shown()

    def attempt(desk: Desk, point: str) -> Faults:
        first = desk.nursery.run(desk.work, "run", EXCHANGE_CRASH_AT=point, EXCHANGE_CRASH_SIGNAL="SIGTERM")
        ends.append(first.exit)
        told = [] if first.exit in {143, 3} and "Traceback" not in first.err else [f"{first.exit}: {first.err}"]
        if shown.has(desk.work):
            return told  # two signals before the same safe point
        again = desk.nursery.run(desk.work, "run")
        return [*told, *faults_of(again, scene.undisturbed.differences(left_in(desk.work)))]

    assert scene.each(scene.points[::4], attempt) == {}
    # Behind the last safe point a run ends by itself.
    assert ends.count(143) > len(ends) // 2


def test_hand_release_killed_at_each_point_and_run_again(scene: Scene, tmp_path: Path) -> None:
    release = ("release", "order", "1002", "--reason", "they called", "--as", "Test")
    log = tmp_path / "log"

    def undisturbed(desk: Desk, _: str) -> Faults:
        _empty_inbox(desk.work)
        ended = desk.nursery.run(desk.work, *release, EXCHANGE_CRASH_LOG=str(log))
        expected.append(left_in(desk.work))
        return faults_of(ended, [])

    def attempt(desk: Desk, point: str) -> Faults:
        if shown.has(desk.work):
            return []
        again = desk.nursery.run(desk.work, "run")
        differences = expected[0].differences(left_in(desk.work))
        if differences and point.partition(":")[0] in before:
            # Killed before the claim: nothing was promised yet, and the same command works.
            again = desk.nursery.run(desk.work, *release)
            differences = expected[0].differences(left_in(desk.work))
        return faults_of(again, differences)

    before = {"recover.swept", "release.extracted", "claim.copy", "claim.copied", "claim.adopted"}
    expected: list[Left] = []
    shown = Shown()
    assert scene.each(["-"], undisturbed) == {}
    points = log.read_text(encoding="utf-8").split()
    assert "release.extracted:1" in points
    assert scene.at_each(points, attempt, lambda desk: _empty_inbox(desk.work), release) == {}


def _distinct(scene: Scene) -> list[str]:
    """Return the points that differ from the one before."""
    names = ["", *(point.partition(":")[0] for point in scene.points)]
    return [point for point, pair in zip(scene.points, pairwise(names), strict=True) if pair not in NOTHING_BETWEEN]


def _empty_inbox(workspace: Path) -> None:
    for path in (workspace / "data/inbox/shopify/orders").iterdir():
        path.unlink()
