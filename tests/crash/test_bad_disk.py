"""Disks that have no names left, turn read-only or fail: a run says so, and the next one does all the work."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.desks import Desk, Faults, Scene, faults_of
from tests.crash.scene import Left, copy, left_in
from tests.flows.shop import INBOX

pytestmark = pytest.mark.slow

_SEAL = 18
"""Place of the order of effects in a row of claims."""
_SETTLED, _OPEN = "settled before: left out", "not changed: left open"
FREE_NAMES = ("0", "1", "3", "6")
"""Files that can still be made when the run starts."""


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Put a file system in memory over a folder, with what lies in it."""
    kept = folder.with_name(f"{folder.name}.kept")
    copy(folder, kept)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "exchange", str(folder)], check=True)
    try:
        subprocess.run(["cp", "-a", f"{kept}/.", str(folder)], check=True)
        yield
    finally:
        shutil.rmtree(kept)
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def mounting(tmp_path: Path) -> None:
    """Skip where no file system can be mounted."""
    try:
        (tmp_path / "probe").mkdir()
        with mounted(tmp_path / "probe", "size=1m"):
            pass
    except (OSError, subprocess.CalledProcessError) as fault:
        pytest.skip(f"a file system cannot be mounted here (it needs root): {fault}")


def calm(exit_code: int, err: str, allowed: set[int]) -> Faults:
    """Say what is wrong with how a run took a fault."""
    return [] if exit_code in allowed and "Traceback" not in err else [f"exit {exit_code}: {err[-600:]}"]


def in_any_order(left: Left) -> Left:
    """Leave out the order of the seals: a fault costs one file its turn, and the others go on.

    A reject that its own file brings back unchanged is settled by then, or still open: either is right, and said.
    """
    told = [(*row[:_SEAL], *row[_SEAL + 1 :]) for row in left.ledger["claims"]]
    claims = sorted(
        tuple(each.replace(_SETTLED, _OPEN) if isinstance(each, str) else each for each in row) for row in told
    )
    return replace(left, ledger={**left.ledger, "claims": claims})


@pytest.mark.usefixtures("mounting")
@pytest.mark.parametrize("place", ["data", "data/outbox"])
def test_fault_5_a_disk_without_inodes_is_tried_later(scene: Scene, place: str) -> None:
    """Fault 5: exit 6, nothing is lost; with some inodes free the next run does all the work."""

    def attempt(desk: Desk, free: str) -> Faults:
        folder = desk.work / place
        folder.mkdir(parents=True, exist_ok=True)
        with mounted(folder, "size=64m,nr_inodes=2000"):
            _use_up(folder / "ballast", int(free))
            before = {path.read_bytes() for path in (desk.work / INBOX).iterdir()}
            ended = desk.nursery.run(desk.work, "run")
            shutil.rmtree(folder / "ballast")
            left = {path.read_bytes() for path in (desk.work / "data").rglob("*") if path.is_file()}
            told = calm(ended.exit, ended.err, {6} if free == "0" else {3, 6})
            told += [] if before <= left else ["the content of a source is lost"]
            again = desk.nursery.run(desk.work, "run")
            return [*told, *faults_of(again, scene.undisturbed.differences(left_in(desk.work)))]

    assert scene.each(FREE_NAMES, attempt) == {}


def _use_up(folder: Path, free: int) -> None:
    """Make files until there are no inodes, then remove `free` of them."""
    folder.mkdir()
    number = 0
    try:
        while True:
            (folder / str(number)).touch(exist_ok=False)
            number += 1
    except OSError:
        for last in range(number - free, number):
            (folder / str(last)).unlink()


@pytest.mark.usefixtures("mounting")
def test_fault_6_nothing_is_delivered_after_the_ledgers_disk_is_full(scene: Scene) -> None:
    """Fault 6: the ledger has a disk of its own, and that is full."""

    def attempt(desk: Desk, free: str) -> Faults:
        state = desk.work / "ledger"
        state.mkdir()
        for path in (desk.work / "data/state").glob("ledger.db*"):
            path.rename(state / path.name)
        settings = desk.work / "mappings/exchange.yaml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(f"ledger: sqlite:///ledger/ledger.db\n{text}", encoding="utf-8")
        with mounted(state, "size=1m"):
            ballast = state / "ballast"
            _fill(ballast, int(free))
            ended = desk.nursery.run(desk.work, "run")
            told = calm(ended.exit, ended.err, {3, 6})
            ballast.unlink()
            again = desk.nursery.run(desk.work, "run")
            for path in state.glob("ledger.db*"):
                shutil.copy(path, desk.work / "data/state")
            return [*told, *faults_of(again, scene.undisturbed.differences(left_in(desk.work)))]

    assert scene.each(("0", "8", "32", "64"), attempt) == {}


def _fill(ballast: Path, free: int) -> None:
    with ballast.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"x" * 4096):
                pass
        except OSError:
            stream.truncate(max(0, stream.tell() // 4096 * 4096 - free * 1024))


@pytest.mark.usefixtures("mounting")
@pytest.mark.parametrize(
    "place", ["data", "data/inbox", "data/outbox", "data/archive", "data/rejects", "data/state/work"]
)
def test_fault_9_a_read_only_disk_is_tried_later(scene: Scene, place: str) -> None:
    """Fault 9: exit 6; once it can be written again, the next run does all the work."""

    def attempt(desk: Desk, _: str) -> Faults:
        folder = desk.work / place
        folder.mkdir(parents=True, exist_ok=True)
        with mounted(folder, "size=64m"):
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            ended = desk.nursery.run(desk.work, "run")
            subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
            again = desk.nursery.run(desk.work, "run")
            told = calm(ended.exit, ended.err, {6})
            return [*told, *faults_of(again, scene.undisturbed.differences(left_in(desk.work)))]

    assert scene.each([place], attempt) == {}


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("call", "error", "allowed"),
    [
        ("fsync", "EIO", {3, 6, 8}),
        ("fdatasync", "EIO", {3, 6, 8}),
        ("rename", "EXDEV", {3, 5, 6}),
        ("rename", "EACCES", {3, 6}),
        ("unlink", "EIO", {3, 6, 8}),
    ],
)
def test_faults_7_and_8_a_call_that_fails_once(scene: Scene, call: str, error: str, allowed: set[int]) -> None:
    """Faults 7 and 8: the n-th sync, rename or removal fails: a clear end, and the next run does all the work."""

    spoiled: list[bool] = []

    def attempt(desk: Desk, when: str) -> Faults:
        log = desk.work.parent / "strace"
        inject = [f"--trace={call}", f"--inject={call}:error={error}:when={when}"]
        ended = desk.nursery.traced(desk.work, "run", options=["-o", str(log), *inject])
        spoiled.append("INJECTED" in log.read_text(encoding="utf-8"))
        told = calm(ended.exit, ended.err, allowed)
        again = desk.nursery.run(desk.work, "run")
        return [*told, *faults_of(again, in_any_order(scene.undisturbed).differences(in_any_order(left_in(desk.work))))]

    assert scene.each([str(when) for when in (1, 3, 8, 21)], attempt) == {}
    assert any(spoiled)
