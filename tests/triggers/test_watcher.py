"""The loop: looks are started for what happens, side by side, and the end is clean. The looks are scripts here."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from exchange.triggers import agenda
from exchange.triggers import watcher as module
from exchange.triggers.agenda import Post
from exchange.triggers.rounds import Ended
from exchange.triggers.watcher import Desk, Watcher

LIMIT = 60.0


class Hall:
    """A watcher with everything around it; `plan` says, by the number of looks that ended, what happens then."""

    def __init__(self, folder: Path, *posts: Post) -> None:
        self.folder = folder
        self.news: list[Sequence[Post]] = [posts]
        self.ended: list[Ended] = []
        self.said: list[str] = []
        self.plan: dict[int, Callable[[], object]] = {}
        self.stop: int | None = None
        self.environment = dict(os.environ)
        self.script = "pass"
        self._deadline = time.monotonic() + LIMIT

    def watch(self) -> int:
        """Watch until the plan says stop."""
        return Watcher(
            Desk(
                self._posts, self._command, self._ended, self.said.append, lambda _: True, self._asked, self.environment
            )
        ).watch()

    def _posts(self) -> Sequence[Post] | None:
        return self.news.pop() if self.news else None

    def _command(self, flow: str, descriptor: int) -> Sequence[str]:
        begin = f"import os, sys, time, signal\nflow, fd, folder = {flow!r}, {descriptor}, {str(self.folder)!r}\n"
        return [sys.executable, "-S", "-c", begin + self.script]

    def _ended(self, ended: Ended) -> None:
        self.ended.append(ended)
        self.plan.get(len(self.ended), lambda: None)()

    def _asked(self) -> int | None:
        assert time.monotonic() < self._deadline, (self.ended, self.said)
        return self.stop

    def term(self) -> None:
        """Ask for the end."""
        self.stop = signal.SIGTERM


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Wake-ups by signals need a handler that does nothing."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder to watch."""
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def post(flow: str, *folders: Path, interval: float = 3600.0) -> Post:
    """Return a flow to watch."""
    return Post(flow, folders, interval)


def test_a_look_in_the_beginning_and_one_for_what_comes(inbox: Path) -> None:
    hall = Hall(inbox, post("orders", inbox))
    hall.plan = {1: lambda: (inbox / "a.csv").write_text("x"), 2: hall.term}

    assert hall.watch() == signal.SIGTERM
    assert [(ended.flow, ended.code) for ended in hall.ended] == [("orders", 0), ("orders", 0)]


def test_the_interval_is_the_truth_where_nothing_is_heard(inbox: Path) -> None:
    """Fault 15: all events lost."""
    hall = Hall(inbox, post("sftp", interval=0.05))
    hall.plan = {3: hall.term}

    hall.watch()
    assert len(hall.ended) == 3


def test_what_settles_wakes_it_again(inbox: Path) -> None:
    hall = Hall(inbox, post("orders", inbox))
    hall.script = "os.write(fd, b'{\"ready_in\": 0.2}')"
    hall.plan = {3: hall.term}

    hall.watch()
    assert [ended.ready_in for ended in hall.ended] == [0.2, 0.2, 0.2]


def test_flows_do_not_wait_for_each_other(inbox: Path) -> None:
    """Each of two looks waits for the other one to have begun."""
    hall = Hall(inbox, post("a"), post("b"))
    hall.script = (
        "open(os.path.join(folder, flow), 'w').close()\n"
        "while not all(os.path.exists(os.path.join(folder, x)) for x in 'ab'): time.sleep(0.01)"
    )
    hall.plan = {2: hall.term}

    hall.watch()
    assert {(ended.flow, ended.code) for ended in hall.ended} == {("a", 0), ("b", 0)}


def test_no_more_at_once_than_the_machine_bears(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    hall = Hall(inbox, *(post(f"flow{number}") for number in range(6)))
    hall.script = (
        "path = os.path.join(folder, flow)\n"
        "open(path, 'w').close()\n"
        "time.sleep(0.05)\n"
        "count = len(os.listdir(folder))\n"
        "os.remove(path)\n"
        "sys.exit(count)"
    )
    hall.plan = {6: hall.term}

    hall.watch()
    assert max(ended.code for ended in hall.ended) <= 2


def test_one_that_fails_costs_nobody_else_and_is_tried_again(inbox: Path) -> None:
    hall = Hall(inbox, post("bad", interval=0.05), post("good", interval=0.05))
    hall.script = "flow == 'bad' and os.kill(os.getpid(), signal.SIGKILL)"
    hall.plan = {6: hall.term}

    hall.watch()
    codes = {flow: {ended.code for ended in hall.ended if ended.flow == flow} for flow in ("bad", "good")}
    assert codes == {"bad": {137}, "good": {0}}


def test_the_end_reaches_a_look_under_way_once_and_is_waited_for(inbox: Path) -> None:
    """Fault 2: the look ends at its safe point; a second signal would have ended it on the spot."""
    hall = Hall(inbox, post("long"), post("short"))
    hall.script = (
        "if flow == 'short':\n"
        "    while not os.path.exists(os.path.join(folder, 'ready')): time.sleep(0.01)\n"
        "    sys.exit()\n"
        "heard = []\n"
        "signal.signal(signal.SIGTERM, lambda *_: heard.append(1))\n"
        "open(os.path.join(folder, 'ready'), 'w').close()\n"
        "while not heard: time.sleep(0.01)\n"
        "time.sleep(0.3)\n"
        "open(os.path.join(folder, 'safe'), 'w').close()\n"
        "sys.exit(143 if len(heard) == 1 else 99)"
    )
    hall.plan = {1: hall.term}

    assert hall.watch() == signal.SIGTERM
    assert [(ended.flow, ended.code) for ended in hall.ended] == [("short", 0), ("long", 143)]
    assert (inbox / "safe").exists()


def test_a_signal_wakes_it_at_once(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK", 3600.0)
    hall = Hall(inbox, post("orders"))
    signal.signal(signal.SIGTERM, lambda number, _frame: setattr(hall, "stop", number))
    killer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM))
    hall.plan = {1: killer.start}

    assert hall.watch() == signal.SIGTERM
    killer.join()


def test_flows_change_while_it_watches(inbox: Path) -> None:
    hall = Hall(inbox, post("old"))
    hall.plan = {1: lambda: hall.news.append([post("new")]), 2: hall.term}

    hall.watch()
    assert [ended.flow for ended in hall.ended] == ["old", "new"]


def test_systemd_is_told(inbox: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(LIMIT)
        hall = Hall(inbox, post("orders", interval=0.05))
        hall.environment |= {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000"}
        hall.script = "sys.exit('NOTIFY_SOCKET' in os.environ)"
        hall.plan = {3: hall.term}
        told: list[str] = []
        listener = threading.Thread(target=_listen, args=(manager, told))
        listener.start()
        hall.watch()
        listener.join()

    assert told[0] == "READY=1\nSTATUS=watching 1 flow"
    assert set(told[1:-1]) == {"WATCHDOG=1"}
    assert {ended.code for ended in hall.ended} == {0}


def _listen(manager: socket.socket, told: list[str]) -> None:
    while not told or told[-1] != "STOPPING=1":
        told.append(manager.recv(1000).decode())


def test_memory_and_descriptors_stay_flat(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "REST", 0.0)
    hall = Hall(inbox, post("orders", inbox, interval=0.01))
    counts: list[int] = []
    for number in (2, 12):
        hall.plan[number] = lambda: counts.append(len(list(Path("/proc/self/fd").iterdir())))
    hall.plan[13] = hall.term

    hall.watch()
    assert counts[0] == counts[1]
