"""Tells systemd how the watcher is: READY, STOPPING and watchdog pings (sd_notify(3)); silent where nobody listens."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

PRIVATE = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
"""Environment that is meant for this process alone, not for its children."""


class Notifier:
    """Messages to the service manager. One that cannot be sent is dropped: it never costs a delivery."""

    def __init__(self, environment: Mapping[str, str], process: int | None = None) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        meant = environment.get("WATCHDOG_PID", "")
        mine = not meant or meant == str(process or os.getpid())
        limit = environment.get("WATCHDOG_USEC", "")
        self._every = int(limit) / 2_000_000 if self._address and mine and limit.isdigit() else None
        self._last = 0.0

    @property
    def every(self) -> float | None:
        """Seconds between two watchdog pings, half of what systemd allows; None where it asks for none."""
        return self._every

    def ready(self, status: str) -> None:
        """Say that watching has begun."""
        self._send(f"READY=1\nSTATUS={status}")

    def ping(self, now: float) -> None:
        """Say that the loop is alive, when it is time to."""
        if self._every is not None and now - self._last >= self._every:
            self._last = now
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        # An address that begins with @ lies in the abstract namespace, where the first byte is NUL.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.settimeout(1)
            out.sendto(message.encode(), address)
