"""One look as a process: what it says, how it ends, what it is given."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from exchange.triggers.rounds import Ended, Round

LIMIT = 30.0


def ended(script: str, environment: dict[str, str] | None = None, kill: int | None = None) -> Ended:
    """Run a script that has the descriptor as `fd` and return how it ended."""

    def command(flow: str, descriptor: int) -> Sequence[str]:
        assert flow == "orders"
        return [sys.executable, "-c", f"import json, os, signal, sys, time\nfd = {descriptor}\n{script}"]

    look = Round("orders", command, {"PATH": os.environ["PATH"], **(environment or {})})
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if select.select([look], [], [], 1)[0] and not look.read():
            return look.end()
        if kill is not None and look._said:
            look.signal(kill)
            kill = None
    raise AssertionError("it does not end")


def test_what_it_says_of_settling_files() -> None:
    assert ended("os.write(fd, b'{\"ready_in\": 7.5}\\n')") == Ended("orders", 0, 7.5)
    assert ended("os.write(fd, b'{\"ready_in\": null}\\n'); sys.exit(3)") == Ended("orders", 3, None)
    assert ended("sys.exit(7)") == Ended("orders", 7, None)
    assert ended('os.write(fd, b\'{"said": ["a", "b"]}\')') == Ended("orders", 0, None, ("a", "b"))


@pytest.mark.parametrize("said", ["{", "[1]", '{"ready_in": "soon"}'])
def test_half_a_line_is_nothing_said(said: str) -> None:
    assert ended(f"os.write(fd, {said.encode()!r})") == Ended("orders", 0, None)


def test_a_killed_one_ends_like_in_a_shell() -> None:
    assert ended("os.kill(os.getpid(), signal.SIGKILL)").code == 137


def test_a_signal_is_handed_on_and_ctrl_c_of_a_terminal_is_not() -> None:
    own = "os.getpgid(0) == os.getpid() or sys.exit(99)\n"
    waits = own + "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\nos.write(fd, b'{}')\ntime.sleep(60)"

    assert ended(waits, kill=signal.SIGTERM).code == 143


def test_what_is_meant_for_the_watcher_alone_is_not_passed_on() -> None:
    secret = {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "1", "CREDENTIALS_DIRECTORY": "/run/c"}
    script = "os.write(fd, json.dumps({'ready_in': sorted(os.environ) == ['CREDENTIALS_DIRECTORY', 'LC_CTYPE', 'PATH']"
    told = ended(f"{script} and 1 or len(os.environ)}}).encode())", secret)

    assert told.ready_in == 1


def test_nothing_else_is_inherited() -> None:
    held = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(held, True)
    try:
        found = ended(f"try: os.fstat({held})\nexcept OSError: sys.exit(5)")
    finally:
        os.close(held)
    assert found.code == 5


def test_a_command_that_is_not_there_leaves_nothing_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(FileNotFoundError):
        Round("orders", lambda _flow, _descriptor: ["/no/such/command"], {})
    assert len(list(Path("/proc/self/fd").iterdir())) == before
