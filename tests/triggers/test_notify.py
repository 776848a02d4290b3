"""What systemd is told, read at a socket as systemd would."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.triggers.notify import Notifier


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A service manager's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_ready_pings_and_stopping(manager: socket.socket) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "20000000"})
    assert notifier.every == 10.0

    notifier.ready("watching 3 flows")
    notifier.ping(100.0)
    notifier.ping(105.0)
    notifier.ping(110.0)
    notifier.stopping()

    told = [manager.recv(1000).decode() for _ in range(4)]
    assert told == ["READY=1\nSTATUS=watching 3 flows", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]


def test_an_address_in_the_abstract_namespace() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0exchange-test-{os.getpid()}")
        listening.settimeout(5)
        Notifier({"NOTIFY_SOCKET": f"@exchange-test-{os.getpid()}"}).ready("x")
        assert listening.recv(1000) == b"READY=1\nSTATUS=x"


def test_pings_only_where_they_are_asked_for_and_by_whom() -> None:
    assert Notifier({"NOTIFY_SOCKET": "/x"}).every is None
    assert Notifier({"WATCHDOG_USEC": "1000000"}).every is None, "nobody listens"
    mine = {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "77"}
    assert Notifier(mine, process=77).every == 0.5
    assert Notifier(mine, process=78).every is None


def test_nobody_listening_is_no_fault(tmp_path: Path) -> None:
    for environment in ({}, {"NOTIFY_SOCKET": str(tmp_path / "gone")}, {"NOTIFY_SOCKET": "no/such/place" * 30}):
        notifier = Notifier(environment)
        notifier.ready("x")
        notifier.ping(1.0)
        notifier.stopping()
