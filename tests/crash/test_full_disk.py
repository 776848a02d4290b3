"""A full disk costs time, not data: exit 6, no content lost, and the next run with some room does all the work."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.desks import Desk, Faults, Scene, faults_of
from tests.crash.scene import copy, left_in
from tests.flows.shop import INBOX

pytestmark = pytest.mark.slow

FREE = ("0", "12", "40", "96", "192")
"""KiB left on the disk when the run starts: it fails in the copy, the ledger, an output, the delivery, the archive."""


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Put a small file system in memory at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "exchange", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(autouse=True)
def _mounting(tmp_path: Path) -> None:
    """Skip where no file system can be mounted."""
    try:
        with small_disk(tmp_path / "probe"):
            pass
    except (OSError, subprocess.CalledProcessError) as fault:
        pytest.skip(f"a small file system cannot be mounted here (it needs root): {fault}")


@pytest.mark.parametrize("place", ["data", "data/state/work", "data/outbox", "data/archive", "data/rejects"])
def test_full_disk_is_tried_later_and_nothing_is_lost(scene: Scene, place: str) -> None:
    """Fault 4: local disk full."""
    exits: dict[str, int] = {}

    def attempt(desk: Desk, free: str) -> Faults:
        folder, kept = desk.work / place, desk.work / "kept"
        folder.mkdir(parents=True, exist_ok=True)
        copy(folder, kept)
        with small_disk(folder):
            subprocess.run(["cp", "-a", f"{kept}/.", str(folder)], check=True)
            _fill(folder / "ballast", int(free))
            before = {path.read_bytes() for path in (desk.work / INBOX).iterdir()}

            ended = desk.nursery.run(desk.work, "run")

            exits[free] = ended.exit
            told = [] if ended.exit in {3, 6} and "Traceback" not in ended.err else [f"{ended.exit}: {ended.err}"]
            (folder / "ballast").unlink()
            left = {path.read_bytes() for path in (desk.work / "data").rglob("*") if path.is_file()}
            told += [] if before <= left else ["the content of a source is lost"]
            again = desk.nursery.run(desk.work, "run")
            return [*told, *faults_of(again, scene.undisturbed.differences(left_in(desk.work)))]

    assert scene.each(FREE, attempt) == {}
    assert exits[FREE[0]] == 6


def _fill(ballast: Path, free: int) -> None:
    """Write until the disk is full, then give back `free` KiB."""
    with ballast.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"x" * 4096):
                pass
        except OSError:
            stream.truncate(max(0, stream.tell() // 4096 * 4096 - free * 1024))
