"""Writing files to a server under a name that nobody looks at: whole, synced where possible, compared in size."""

from __future__ import annotations

import struct
from collections import deque
from pathlib import Path

from exchange.kernel.crashpoint import crashpoint
from exchange.transports.sftp.faults import Code, Lost, Refused
from exchange.transports.sftp.remote import (
    CREATE,
    EXCLUSIVE,
    FSYNC,
    WRITE,
    Remote,
    folder_of,
    is_unavailable,
)
from exchange.transports.sftp.wire import Kind, string

BLOCK = 32 * 1024 - 512
"""Bytes of one request: with its header it fits one packet of the channel."""
WINDOW = 64
"""Requests in flight."""


def upload(remote: Remote, local: Path, path: bytes) -> int | None:
    """Write a file to a path that is free or holds a leftover of our own, and return the size it has there.

    None where the server does not tell. Never appends. Raises Refused; the file may lie there in part then.
    """
    wire = remote.wire
    handle = create(remote, path)
    crashpoint("sftp.created")
    try:
        _write(remote, handle, local)
    except Refused:
        remote.close(handle)
        raise
    crashpoint("sftp.written")
    synced = wire.send(Kind.EXTENDED, string(FSYNC), string(handle)) if remote.offers(FSYNC) else None
    stat, closed = wire.send(Kind.FSTAT, string(handle)), wire.send(Kind.CLOSE, string(handle))
    faults = [wire.outcome(synced) if synced is not None else None]
    try:
        size = wire.answer(stat).attributes().size
    except Refused:
        size = None
    faults += [wire.outcome(closed)]
    if size is None:
        found = remote.lstat(path)
        size = found.size if found is not None else -1
    for number, refused in enumerate(faults):
        # A sync that the server does not know after all is one it cannot do; a sync that failed is a lost file.
        if refused is not None and not (number == 0 and is_unavailable(refused)):
            raise refused
    crashpoint("sftp.synced")
    return size


def create(remote: Remote, path: bytes) -> bytes:
    """Return the handle of a new file; folders are made, a leftover of our own is removed."""
    flags = WRITE | CREATE | EXCLUSIVE
    try:
        return remote.open(path, flags)
    except Refused as refused:
        if refused.missing:
            remote.make_folders(folder_of(path))
        elif not _removed(remote, path):
            raise
    return remote.open(path, flags)


def _removed(remote: Remote, path: bytes) -> bool:
    """Remove a leftover; servers say just `Failure` where a name is taken."""
    try:
        return remote.remove(path)
    except Refused:
        return False


def _write(remote: Remote, handle: bytes, local: Path) -> None:
    wire = remote.wire
    ahead: deque[int] = deque()
    offset = 0
    fault: Refused | None = None
    with local.open("rb") as stream:
        while fault is None and (data := stream.read(BLOCK)):
            head = struct.pack(">I", len(handle)) + handle + struct.pack(">QI", offset, len(data))
            ahead.append(wire.send(Kind.WRITE, head, data))
            offset += len(data)
            if len(ahead) >= WINDOW:
                fault = wire.outcome(ahead.popleft())
    while ahead:
        fault = wire.outcome(ahead.popleft()) or fault
    if fault is not None:
        if fault.code == Code.EOF:
            raise Lost("the server ended a file that is being written")
        raise fault
