"""Reading files from a server: many requests in flight, and nothing believed that was not looked at twice."""

from __future__ import annotations

import hashlib
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange.kernel.atomic import Written, synced_file
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.model import SourceFile
from exchange.transports.sftp.faults import Code, Lost, Refused
from exchange.transports.sftp.remote import READ, Remote, is_unavailable
from exchange.transports.sftp.wire import Attributes, Kind, Wire, string

BLOCK = 32 * 1024
"""Bytes of one request; the protocol obliges servers to serve that many."""
WINDOW = 64
"""Requests in flight: 2 MiB, enough for 100 MB/s at 20 ms, and no more than the channel's own window."""


def is_listed(source: SourceFile, found: Attributes | None) -> bool:
    """Tell whether a file is the one that was listed, by size and modification time."""
    return found is not None and (found.size, (found.mtime or 0) * 10**9) == (source.size, source.mtime_ns)


def download(remote: Remote, path: bytes, source: SourceFile, copy: Path) -> Written | None:
    """Write a synced copy beside and rename it; None where the file is gone, or was not the listed one throughout."""
    wire = remote.wire
    try:
        handle = remote.open(path, READ)
    except Refused as refused:
        if refused.missing:
            return None
        raise
    before = wire.send(Kind.FSTAT, string(handle))
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    with synced_file(part) as out:
        for data in blocks(wire, handle, source.size):
            out.write(data)
        written = out.written()
    crashpoint("sftp.received")
    after, closed = wire.send(Kind.LSTAT, string(path)), wire.send(Kind.CLOSE, string(handle))
    looks = [looked(wire, before, assumed=source), looked(wire, after)]
    wire.outcome(closed)
    if written.size != source.size or not all(is_listed(source, look) for look in looks):
        part.unlink()
        return None
    part.replace(copy)
    crashpoint("sftp.fetched")
    return written


def read_whole(remote: Remote, path: bytes, limit: int) -> bytes | None:
    """Return a file, at most one byte more than `limit`; None where it is gone."""
    try:
        handle = remote.open(path, READ)
    except Refused as refused:
        if refused.missing:
            return None
        raise
    data = b"".join(blocks(remote.wire, handle, limit + 1))
    remote.close(handle)
    return data


def sha256_of(remote: Remote, path: bytes, size: int) -> str | None:
    """Return the hash of a file's first `size` bytes; None where it is gone or shorter."""
    try:
        handle = remote.open(path, READ)
    except Refused as refused:
        if refused.missing:
            return None
        raise
    digest, read = hashlib.sha256(), 0
    for data in blocks(remote.wire, handle, size):
        digest.update(data)
        read += len(data)
    remote.close(handle)
    return digest.hexdigest() if read == size else None


def download_several(remote: Remote, wanted: Sequence[tuple[bytes, SourceFile]]) -> list[bytes | None]:
    """Return the content of several small files in two round trips, None for those that are not the listed ones.

    The protocol has a server process requests for one file in the order they were sent, so the second look of each
    file may be asked for before its content has come.
    """
    wire = remote.wire
    flags = struct.pack(">II", READ, 0)
    opened = [wire.send(Kind.OPEN, string(path), flags) for path, _ in wanted]
    handles = [_handle(wire, number) for number in opened]
    asked = [_ask_all(wire, *each, handle) for each, handle in zip(wanted, handles, strict=True)]
    return [_take_all(wire, source, each) for (_, source), each in zip(wanted, asked, strict=True)]


def blocks(wire: Wire, handle: bytes, size: int) -> Iterator[bytes]:
    """Yield a file's first `size` bytes, or what there is of them, in order."""
    ahead: deque[tuple[int, int, int]] = deque()
    asked = 0
    while True:
        if len(ahead) <= WINDOW // 2:  # half a window at a time: these requests travel together, in one packet
            lengths = [min(BLOCK, size - at) for at in range(asked, size, BLOCK)[: WINDOW - len(ahead)]]
            for length in lengths:
                ahead.append((_ask(wire, handle, asked, length), asked, length))
                asked += length
        if not ahead:
            return
        number, start, length = ahead.popleft()
        data = _data(wire, number, length)
        data = _filled(wire, handle, data, start, length)
        yield data
        if len(data) < length:
            for late, _, length in ahead:
                _data(wire, late, length)
            return


def _filled(wire: Wire, handle: bytes, data: bytes, start: int, length: int) -> bytes:
    """Return a whole block: a server may send less than was asked for at any time; only nothing at all is the end."""
    while data and len(data) < length:
        rest = length - len(data)
        more = _data(wire, _ask(wire, handle, start + len(data), rest), rest)
        if not more:
            break
        data += more
    return data


def looked(wire: Wire, number: int, assumed: SourceFile | None = None) -> Attributes | None:
    """Wait for a look at a file; where the server knows no such request, `assumed` is what it would have said."""
    try:
        return wire.answer(number).attributes()
    except Refused as refused:
        if assumed is not None and is_unavailable(refused):
            return Attributes(assumed.size, None, assumed.mtime_ns // 10**9)
        return None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Numbers of the requests for one small file."""

    before: int
    reads: list[tuple[int, int]]
    """(number, bytes)."""
    after: int
    closed: int


def _ask_all(wire: Wire, path: bytes, source: SourceFile, handle: bytes | None) -> _Asked | None:
    if handle is None:
        return None
    before = wire.send(Kind.FSTAT, string(handle))
    parts = [(at, min(BLOCK, source.size - at)) for at in range(0, source.size, BLOCK)]
    reads = [(_ask(wire, handle, at, length), length) for at, length in parts]
    return _Asked(before, reads, wire.send(Kind.LSTAT, string(path)), wire.send(Kind.CLOSE, string(handle)))


def _take_all(wire: Wire, source: SourceFile, asked: _Asked | None) -> bytes | None:
    if asked is None:
        return None
    before = looked(wire, asked.before, assumed=source)
    data = b"".join([_data(wire, number, length) for number, length in asked.reads])
    after = looked(wire, asked.after)
    wire.outcome(asked.closed)
    return data if len(data) == source.size and is_listed(source, before) and is_listed(source, after) else None


def _handle(wire: Wire, number: int) -> bytes | None:
    try:
        return wire.answer(number).string()
    except Refused:
        return None


def _ask(wire: Wire, handle: bytes, start: int, length: int) -> int:
    return wire.send(Kind.READ, string(handle), struct.pack(">QI", start, length))


def _data(wire: Wire, number: int, length: int) -> bytes:
    """Return what a request brought, nothing at the end of the file."""
    try:
        packet = wire.answer(number)
    except Refused as refused:
        if refused.code == Code.EOF:
            return b""
        raise
    if packet.kind != Kind.DATA:
        raise Lost("the server answered a request for data with something else")
    data = packet.string()
    if len(data) > length:
        raise Lost("the server sent more data than it was asked for")
    return data
