"""SFTP version 3 on an open channel: requests and answers as bytes, any number of them in flight.

Follows draft-ietf-secsh-filexfer-02. paramiko's own client is not used: it decodes names (one that is no UTF-8 blinds
it for the whole folder), hides the server's extensions, and has one request in flight except inside a file.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from exchange.transports.sftp.faults import Code, Lost, Refused, Stalled

VERSION = 3
PACKET_BYTES = 1024 * 1024
"""Longest packet that is believed; servers send 256 KiB at most."""
_RECEIVE = 256 * 1024
_FLUSH = 32 * 1024 - 128
"""Bytes of requests that are collected before they are sent: together with its header it fits one SSH packet."""


class Kind(IntEnum):
    """Packet types."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    REALPATH = 16
    RENAME = 18
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class Channel(Protocol):
    """What is needed of a paramiko channel."""

    def sendall(self, s: bytes) -> object:
        """Send everything or raise OSError."""

    def recv(self, nbytes: int) -> bytes:
        """Return some bytes, none at the end; raises TimeoutError."""

    def settimeout(self, timeout: float | None) -> None:
        """Limit one call, in seconds."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a server tells of a file; None where it is silent."""

    size: int | None = None
    mode: int | None = None
    mtime: int | None = None
    """Seconds since 1970 (UTC) by the server's clock."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing."""

    raw: bytes
    """The name's own bytes."""
    longname: bytes
    attributes: Attributes


class Packet:
    """Takes the body of an answer apart."""

    def __init__(self, kind: int, body: bytes) -> None:
        self.kind = kind
        self._body = body
        self._at = 0

    def u32(self) -> int:
        """Take four bytes."""
        return int(self._take(">I", 4))

    def u64(self) -> int:
        """Take eight bytes."""
        return int(self._take(">Q", 8))

    def string(self) -> bytes:
        """Take a string of bytes."""
        length = self.u32()
        end = self._at + length
        if end > len(self._body):
            raise Lost("the server sent a packet that ends too early")
        taken = self._body[self._at : end]
        self._at = end
        return taken

    def more(self) -> bool:
        """Tell whether something is left."""
        return self._at < len(self._body)

    def attributes(self) -> Attributes:
        """Take the attributes of a file."""
        flags = self.u32()
        size = self.u64() if flags & 1 else None
        if flags & 2:
            self.u64()  # owner and group
        mode = self.u32() if flags & 4 else None
        mtime = None
        if flags & 8:
            self.u32()  # last access
            mtime = self.u32()
        if flags & 0x80000000:
            for _ in range(self.u32()):
                self.string()
                self.string()
        return Attributes(size, mode, mtime)

    def entries(self) -> Iterator[Entry]:
        """Take the names of a listing."""
        for _ in range(self.u32()):
            yield Entry(self.string(), self.string(), self.attributes())

    def _take(self, form: str, length: int) -> int:
        try:
            [value] = struct.unpack_from(form, self._body, self._at)
        except struct.error:
            raise Lost("the server sent a packet that ends too early") from None
        self._at += length
        return int(value)


def string(value: bytes) -> bytes:
    """Return a string as it is sent."""
    return struct.pack(">I", len(value)) + value


class Wire:
    """One SFTP session. Every method may raise Lost, and those that wait for an answer Refused."""

    def __init__(self, channel: Channel, patience: float) -> None:
        self._channel = channel
        self._patience = patience
        self._deadline: float | None = None
        self._out = bytearray()
        self._in = bytearray()
        self._number = 0
        self._asked: set[int] = set()
        self._waiting: dict[int, Packet] = {}
        self.extensions = self._greet()
        """Name -> version of what the server offers besides, as it says itself."""

    def limit(self, seconds: float | None) -> None:
        """Set the time that is left for everything up to the next call of this; None lifts the limit."""
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def send(self, kind: Kind, *parts: bytes) -> int:
        """Queue a request and return its number."""
        self._number = (self._number + 1) & 0xFFFFFFFF
        self._asked.add(self._number)
        self._queue(kind, struct.pack(">I", self._number), *parts)
        return self._number

    def answer(self, number: int) -> Packet:
        """Wait for the answer to a request; a status that is no success is raised as Refused."""
        self.flush()
        while number not in self._waiting:
            kind, body = self._receive()
            packet = Packet(kind, body)
            came = packet.u32()
            if came not in self._asked:
                raise Lost("the server answered something that nobody asked")
            self._asked.remove(came)
            self._waiting[came] = packet
        packet = self._waiting.pop(number)
        if packet.kind == Kind.STATUS:
            code = packet.u32()
            if code != Code.OK:
                text = packet.string() if packet.more() else b""
                raise Refused(code, text.decode("utf-8", "replace"))
        return packet

    def ask(self, kind: Kind, *parts: bytes) -> Packet:
        """Send one request and wait for its answer."""
        return self.answer(self.send(kind, *parts))

    def outcome(self, number: int) -> Refused | None:
        """Wait for the answer to a request that returns nothing; a refusal is returned, not raised."""
        try:
            self.answer(number)
        except Refused as refused:
            return refused
        return None

    def flush(self) -> None:
        """Send what is queued."""
        if not self._out:
            return
        out = bytes(self._out)
        self._out.clear()
        self._in_time()
        try:
            self._channel.sendall(out)
        except TimeoutError:
            self._in_time()
            raise Stalled(f"the server takes nothing for {self._patience:g} s") from None
        except (OSError, EOFError) as fault:
            raise Lost(f"the connection was closed ({fault})") from fault

    def _queue(self, kind: Kind, *parts: bytes) -> None:
        length = 1 + sum(map(len, parts))
        if len(self._out) + length + 4 > _FLUSH:
            self.flush()
        self._out += struct.pack(">IB", length, kind)
        for part in parts:
            self._out += part

    def _greet(self) -> dict[bytes, bytes]:
        self._queue(Kind.INIT, struct.pack(">I", VERSION))
        self.flush()
        kind, body = self._receive()
        packet = Packet(kind, body)
        if kind != Kind.VERSION or packet.u32() < VERSION:
            raise Lost("the server does not speak SFTP version 3")
        offered = {}
        while packet.more():
            name = packet.string()
            offered[name] = packet.string()
        return offered

    def _receive(self) -> tuple[int, bytes]:
        """Return type and body of the next packet."""
        self._fill(4)
        length = int.from_bytes(self._in[:4], "big")
        if not 1 <= length <= PACKET_BYTES:
            raise Lost(f"the server sent a packet of {length:,} bytes, which is none of SFTP")
        self._fill(4 + length)
        with memoryview(self._in) as view:
            kind, body = view[4], bytes(view[5 : 4 + length])
        del self._in[: 4 + length]
        return kind, body

    def _fill(self, wanted: int) -> None:
        while len(self._in) < wanted:
            self._in_time()
            try:
                received = self._channel.recv(_RECEIVE)
            except TimeoutError:
                self._in_time()
                raise Stalled(f"the server has not answered for {self._patience:g} s") from None
            except (OSError, EOFError) as fault:
                raise Lost(f"the connection was closed ({fault})") from fault
            if not received:
                raise Lost("the server closed the connection")
            self._in += received

    def _in_time(self) -> None:
        """Limit the next wait to what is left; raises Stalled where the deadline has passed."""
        left = self._patience
        if self._deadline is not None:
            left = min(left, self._deadline - time.monotonic())
            if left <= 0:
                raise Stalled("the whole-file deadline has passed")
        self._channel.settimeout(left)
