"""The loop of `exchange watch`: waits for events, time and signals, starts looks, and ends cleanly."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from exchange.kernel.plural import many
from exchange.triggers.agenda import Agenda, Post
from exchange.triggers.notify import Notifier
from exchange.triggers.rounds import Command, Ended, Round
from exchange.triggers.sensor import Sensor

TICK = 2.0
"""Most seconds between two turns of the loop: how soon a changed configuration or a folder that came back is seen."""
AT_ONCE = max(2, min(4, os.cpu_count() or 1))
"""Most flows that are looked at side by side."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the watcher works with."""

    posts: Callable[[], Sequence[Post] | None]
    """What to watch from now on; None where that has not changed. Asked at each turn, so it has to be quick."""
    command: Command
    ended: Callable[[Ended], None]
    """Told how each look ended."""
    say: Callable[[str], None]
    sends_events: Callable[[Path], bool]
    asked_to_stop: Callable[[], int | None]
    """The signal that asks for the end, once there was one."""
    environment: Mapping[str, str]


@dataclass(slots=True)
class Watcher:
    """Watches until a signal says stop."""

    desk: Desk
    _agenda: Agenda = field(default_factory=Agenda)
    _rounds: dict[str, Round] = field(default_factory=dict)
    _events: deque[tuple[str, str]] = field(default_factory=deque)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def watch(self) -> int:
        """Watch until a signal asks for the end and return its number; looks under way end at their safe points."""
        waking, woken = socket.socketpair()
        waking.settimeout(0)
        woken.settimeout(0)
        before = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        sensor = Sensor(self._wake_by(waking), self.desk.say, self.desk.sends_events)
        notifier = Notifier(self.desk.environment)
        self._selector.register(woken, selectors.EVENT_READ)
        try:
            number = self._turn(sensor, notifier, woken)
            notifier.stopping()
            sensor.stop()
            self._finish(number, notifier)
        finally:
            sensor.stop()
            signal.set_wakeup_fd(before)
            self._selector.close()
            waking.close()
            woken.close()
        return number

    def _turn(self, sensor: Sensor, notifier: Notifier, woken: socket.socket) -> int:
        """Go round and round; returns the signal that ends it."""
        first = True
        while (number := self.desk.asked_to_stop()) is None:
            posts = self.desk.posts()
            if posts is not None:
                self._agenda.renew(posts, time.monotonic())
                sensor.watch(posts)
            else:
                sensor.look_after()
            if first:
                notifier.ready(f"watching {many(len(posts or ()), 'flow')}")
                first = False
            self._hear()
            self._begin()
            notifier.ping(time.monotonic())
            self._wait(self._patience(notifier), woken)
        return number

    def _hear(self) -> None:
        now = time.monotonic()
        while self._events:
            self._agenda.wake(*self._events.popleft(), now)

    def _begin(self) -> None:
        for flow in self._agenda.due(time.monotonic())[: AT_ONCE - len(self._rounds)]:
            begun = Round(flow, self.desk.command, self.desk.environment)
            self._rounds[flow] = begun
            self._selector.register(begun, selectors.EVENT_READ)
            self._agenda.begin(flow, time.monotonic())

    def _patience(self, notifier: Notifier) -> float:
        due = self._agenda.next() if len(self._rounds) < AT_ONCE else None
        until = TICK if due is None else min(TICK, max(0.0, due - time.monotonic()))
        return min(until, notifier.every or TICK)

    def _wait(self, seconds: float, woken: socket.socket) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.fileobj, Round):
                self._read(key.fileobj)
            else:
                with suppress(BlockingIOError):
                    while woken.recv(4096):
                        pass

    def _read(self, look: Round) -> None:
        if look.read():
            return
        self._selector.unregister(look)
        del self._rounds[look.flow]
        ended = look.end()
        self._agenda.end(look.flow, time.monotonic(), ended.ready_in)
        self.desk.ended(ended)

    def _finish(self, number: int, notifier: Notifier) -> None:
        """Hand the signal on to what is under way, once, and wait for it: systemd sets the limit."""
        for look in self._rounds.values():
            look.signal(number)
        while self._rounds:
            notifier.ping(time.monotonic())
            for key, _ in self._selector.select(min(TICK, notifier.every or TICK)):
                if isinstance(key.fileobj, Round):
                    self._read(key.fileobj)

    def _wake_by(self, waking: socket.socket) -> Callable[[str, str], None]:
        def wake(flow: str, name: str) -> None:
            self._events.append((flow, name))
            with suppress(BlockingIOError, OSError):  # full: it is awake anyway; closed: it is over
                waking.send(b"!")

        return wake
