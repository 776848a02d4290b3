"""Events of real folders: which wake, which do not, and what happens where there are none."""

from __future__ import annotations

import errno
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from exchange.triggers import sensor as module
from exchange.triggers.agenda import Post
from exchange.triggers.sensor import Sensor

LIMIT = 30.0


class Ears:
    """What a sensor tells."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.events = True

    def sensor(self) -> Sensor:
        """Return a sensor that tells these ears."""
        return Sensor(lambda flow, name: self.heard.append((flow, name)), self.said.append, lambda _: self.events)

    def after(self, sensor: Sensor) -> list[tuple[str, str]]:
        """Let the sensor look after its folders and return what was heard."""
        sensor.look_after()
        return self.heard

    def hear(self, name: str) -> bool:
        """Tell whether a file was heard of."""
        return ("orders", name) in self.heard

    def until(self, what: Callable[[], bool]) -> None:
        """Wait for something to be heard."""
        deadline = time.monotonic() + LIMIT
        while not what():
            assert time.monotonic() < deadline, self.heard
            time.sleep(0.02)


@pytest.fixture
def ears() -> Ears:
    """Somebody who listens."""
    return Ears()


@pytest.fixture
def sensor(ears: Ears) -> Iterator[Sensor]:
    """A sensor that is stopped in the end."""
    made = ears.sensor()
    yield made
    made.stop()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder."""
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def open_descriptors() -> int:
    """Return how many this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))


def post(*folders: Path, flow: str = "orders") -> Post:
    """Return a flow that picks up from folders."""
    return Post(flow, folders, 30.0)


def test_what_comes_wakes_every_flow_of_its_folder(sensor: Sensor, ears: Ears, inbox: Path, tmp_path: Path) -> None:
    sensor.watch([post(inbox), post(inbox, tmp_path / "none", flow="other")])
    ears.heard.clear()

    (inbox / "written.csv").write_text("x")
    ears.until(lambda: {("orders", "written.csv"), ("other", "written.csv")} <= set(ears.heard))

    (tmp_path / "outside.csv").write_text("x")
    (tmp_path / "outside.csv").rename(inbox / "renamed_in.csv")
    ears.until(lambda: ("orders", "renamed_in.csv") in ears.heard)

    (inbox / ".late.csv.part").write_text("x")
    (inbox / ".late.csv.part").rename(inbox / "late.csv")
    ears.until(lambda: ("orders", "late.csv") in ears.heard)
    assert not [name for _, name in ears.heard if name.startswith(".")]
    assert sensor.polled() == ()


def test_what_we_do_ourselves_wakes_nobody(sensor: Sensor, ears: Ears, inbox: Path, tmp_path: Path) -> None:
    for name in ("read.csv", "removed.csv", "moved.csv"):
        (inbox / name).write_text("x")
    sensor.watch([post(inbox)])
    ears.heard.clear()

    (inbox / "read.csv").read_text()
    (inbox / "removed.csv").unlink()
    (inbox / "moved.csv").rename(tmp_path / "moved.csv")
    (inbox / "upload.tmp").write_text("x")
    (inbox / "folder").mkdir()
    (inbox / "last.csv").write_text("x")
    ears.until(lambda: ("orders", "last.csv") in ears.heard)

    assert {name for _, name in ears.heard} == {"last.csv"}


@pytest.mark.parametrize("events", [True, False], ids=["events", "looking"])
def test_a_folder_that_is_removed_and_made_again(
    sensor: Sensor, ears: Ears, inbox: Path, monkeypatch: pytest.MonkeyPatch, *, events: bool
) -> None:
    """Fault 15."""
    monkeypatch.setattr(module, "POLL", 0.05)
    ears.events = events
    sensor.watch([post(inbox)])
    for turn in range(3):
        shutil.rmtree(inbox)
        sensor.look_after()
        inbox.mkdir()
        ears.heard.clear()
        ears.until(lambda: ("orders", "") in ears.after(sensor))
        (inbox / f"{turn}.csv").write_text("x")
        ears.until(partial(ears.hear, f"{turn}.csv"))


def test_a_folder_that_is_swapped_for_another(sensor: Sensor, ears: Ears, inbox: Path, tmp_path: Path) -> None:
    """Fault 15: a share that is mounted over it looks like that too."""
    sensor.watch([post(inbox)])
    inbox.rename(tmp_path / "away")
    inbox.mkdir()
    ears.heard.clear()
    sensor.look_after()
    assert ears.heard == [("orders", "")]

    (tmp_path / "away" / "old.csv").write_text("x")
    (inbox / "new.csv").write_text("x")
    ears.until(lambda: ("orders", "new.csv") in ears.heard)
    assert ("orders", "old.csv") not in ears.heard


def test_a_folder_that_is_not_there_yet(sensor: Sensor, ears: Ears, tmp_path: Path) -> None:
    folder = tmp_path / "later" / "inbox"
    sensor.watch([post(folder)])
    assert ears.heard == []

    folder.mkdir(parents=True)
    sensor.look_after()
    assert ears.heard == [("orders", "")]
    (folder / "a.csv").write_text("x")
    ears.until(lambda: ("orders", "a.csv") in ears.heard)


def test_a_file_system_without_events_is_looked_at(
    sensor: Sensor, ears: Ears, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 14: a share of another machine."""
    monkeypatch.setattr(module, "POLL", 0.05)
    ears.events = False
    sensor.watch([post(inbox)])
    assert sensor.polled() == (inbox,)

    (inbox / "a.csv").write_text("x")
    ears.until(lambda: ("orders", "a.csv") in ears.heard)


@pytest.mark.parametrize(("number", "what"), [(errno.ENOSPC, "watch limit"), (errno.EMFILE, "instance limit")])
def test_at_the_limit_of_events_it_looks_and_says_so_once(
    sensor: Sensor, ears: Ears, inbox: Path, monkeypatch: pytest.MonkeyPatch, number: int, what: str
) -> None:
    """Fault 15: `fs.inotify.max_user_watches` and `max_user_instances`."""

    def full() -> None:
        raise OSError(number, f"inotify {what} reached")

    monkeypatch.setattr(module, "POLL", 0.05)
    monkeypatch.setattr(module, "Observer", full)
    sensor.watch([post(inbox)])
    (inbox / "a.csv").write_text("x")
    ears.until(lambda: ("orders", "a.csv") in ears.heard)
    shutil.rmtree(inbox)
    sensor.look_after()
    inbox.mkdir()
    ears.until(lambda: ears.after(sensor).count(("orders", "")) == 2)

    [said] = ears.said
    assert str(inbox) in said
    assert what in said
    assert "sysctl fs.inotify" in said


def test_lost_events_are_a_look_at_every_folder(sensor: Sensor, ears: Ears, inbox: Path, tmp_path: Path) -> None:
    """Fault 15: watchdog says that the queue overflowed, and nothing replays what was in it."""
    (tmp_path / "other").mkdir()
    sensor.watch([post(inbox), post(tmp_path / "other", flow="other")])
    ears.heard.clear()

    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    logging.getLogger("watchdog.observers.polling").warning("Cannot take a snapshot of %r", "/in")

    assert sorted(ears.heard) == [("orders", ""), ("other", "")]
    assert "looking at every folder" in ears.said[0]
    assert ears.said[1:] == ["watching folders: Cannot take a snapshot of '/in'"]


def test_folders_that_are_not_to_be_watched_any_more(sensor: Sensor, ears: Ears, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    sensor.watch([post(inbox)])
    sensor.watch([post(other)])
    ears.heard.clear()

    (inbox / "a.csv").write_text("x")
    (other / "b.csv").write_text("x")
    ears.until(lambda: ("orders", "b.csv") in ears.heard)
    assert ("orders", "a.csv") not in ears.heard


def test_stopping_leaves_no_thread_and_no_descriptor(ears: Ears, inbox: Path) -> None:
    before = open_descriptors()
    for _ in range(3):
        sensor = ears.sensor()
        sensor.watch([post(inbox)])
        sensor.stop()
        sensor.stop()

    assert open_descriptors() == before
