"""A TCP proxy that does to a connection what lines do: cut it, stall it, slow it, chop it, lose an answer."""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

_QUEUED = 256
"""Pieces on their way at once."""


@dataclass
class Chaos:
    """A proxy to one server; close it. Its faults may be set at any time and hold for what passes from then on."""

    host: str
    target: int
    """Port of the server."""
    cut_down: int | None = None
    """Bytes from the server after which a connection is cut; counted anew for each connection."""
    cut_up: int | None = None
    """Bytes to the server after which a connection is cut."""
    cuts: int = 1
    """How many connections are cut."""
    stall: int | None = None
    """Bytes from the server after which nothing passes any more, either way."""
    rate: int | None = None
    """Bytes per second each way."""
    segment: int = 64 * 1024
    """Most bytes that are passed on at once."""
    delay: float = 0.0
    """Seconds that everything takes on its way from the server: a round trip."""
    deaf: bool = False
    """Whether everything from the server is lost, while requests still reach it."""
    port: int = 0
    connections: int = 0
    passed_down: int = 0
    """Bytes, in all."""
    _ends: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        self.closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def cut(self) -> None:
        """Cut every connection now."""
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it."""
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in list(self._threads):
            thread.join(20)
        for end in self._ends:
            end.close()

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((self.host, self.target))
            except OSError:
                client.close()
                continue
            self.connections += 1
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ends.append(end)
            for way in (_Way(self, client, server, down=False), _Way(self, server, client, down=True)):
                self._start(way.read)
                self._start(way.write)


class _Way:
    """One direction of one connection."""

    def __init__(self, chaos: Chaos, source: socket.socket, target: socket.socket, *, down: bool) -> None:
        self._chaos = chaos
        self._source = source
        self._target = target
        self._down = down
        self._done = 0
        self._over = False
        self._queue: queue.Queue[tuple[float, bytes]] = queue.Queue(_QUEUED)

    def read(self) -> None:
        """Take what comes; an empty piece is the end."""
        data = b"-"
        while data and not self._over and not self._chaos.closing.is_set():
            try:
                data = self._source.recv(self._portion())
            except OSError:
                data = b""
            self._done += len(data)
            delay = self._chaos.delay if self._down else 0.0
            self._put((time.monotonic() + delay, data))

    def write(self) -> None:
        """Pass it on, as late and as badly as was asked for."""
        chaos = self._chaos
        passed = 0
        while not chaos.closing.is_set():
            try:
                due, data = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            chaos.closing.wait(max(0.0, due - time.monotonic()) + (len(data) / chaos.rate if chaos.rate else 0.0))
            passed += len(data)
            while self._is_stalled() and not chaos.closing.is_set():
                chaos.closing.wait(0.02)
            if self._down and data:
                chaos.passed_down += len(data)
                if chaos.deaf:
                    continue
            if not self._sent(data) or self._is_over(passed):
                break
        self._over = True
        for end in (self._source, self._target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _put(self, piece: tuple[float, bytes]) -> None:
        while not self._over and not self._chaos.closing.is_set():
            with suppress(queue.Full):
                self._queue.put(piece, timeout=0.1)
                return

    def _sent(self, data: bytes) -> bool:
        try:
            self._target.sendall(data)
        except OSError:
            return False
        return bool(data)

    def _limit(self) -> int | None:
        return (self._chaos.cut_down if self._down else self._chaos.cut_up) if self._chaos.cuts > 0 else None

    def _portion(self) -> int:
        limit = self._limit()
        return max(1, min(self._chaos.segment, self._chaos.segment if limit is None else limit - self._done))

    def _is_stalled(self) -> bool:
        return self._chaos.stall is not None and self._chaos.passed_down >= self._chaos.stall

    def _is_over(self, passed: int) -> bool:
        limit = self._limit()
        if limit is None or passed < limit:
            return False
        self._chaos.cuts -= 1
        return True
