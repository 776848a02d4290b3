"""The file system of a server: vetted paths, and single operations on them."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator, Sequence

from exchange.kernel.errors import TryLater
from exchange.kernel.limits import REMOTE_NAMES
from exchange.transports.sftp.faults import UNAVAILABLE, Code, Lost, Refused
from exchange.transports.sftp.wire import Attributes, Entry, Kind, Packet, Wire, string

POSIX_RENAME = b"posix-rename@openssh.com"
FSYNC = b"fsync@openssh.com"
STATVFS = b"statvfs@openssh.com"
NO_ATTRIBUTES = struct.pack(">I", 0)
READ, WRITE, CREATE, EXCLUSIVE = 1, 2, 8, 32
"""Ways to open a file."""
_AHEAD = 4
"""Requests for more names in flight; each answer holds about a hundred."""


class Remote:
    """What lies on one server, by path; a path that is not absolute starts where the log-in leads."""

    def __init__(self, wire: Wire, server: str) -> None:
        self.wire = wire
        self.server = server
        """What it calls itself."""

    def offers(self, extension: bytes) -> bool:
        """Tell whether the server says that it knows a request beyond the protocol."""
        return extension in self.wire.extensions

    def lstat(self, path: bytes) -> Attributes | None:
        """Return what lies at a path (of a link: of the link itself), None for nothing."""
        return self.looks(path)[0]

    def looks(self, *paths: bytes) -> list[Attributes | None]:
        """Return what lies at several paths, in one round trip."""
        numbers = [self.wire.send(Kind.LSTAT, string(path)) for path in paths]
        return [_found(self.wire, number) for number in numbers]

    def entries(self, folder: bytes) -> Iterator[Entry]:
        """Yield all names in a folder but `.` and `..`; raises Refused, and TryLater where there is no end of them."""
        wire = self.wire
        handle = wire.ask(Kind.OPENDIR, string(folder)).string()
        ahead: deque[int] = deque()
        seen, more = 0, True
        while more or ahead:
            while more and len(ahead) < _AHEAD:
                ahead.append(wire.send(Kind.READDIR, string(handle)))
            packet = _names(wire, ahead.popleft())
            if packet is None:
                more = False
                continue
            for entry in packet.entries():
                seen += 1
                if entry.raw not in {b".", b".."}:
                    yield entry
            if seen > REMOTE_NAMES:
                wire.ask(Kind.CLOSE, string(handle))
                raise TryLater(f"more than {REMOTE_NAMES:,} names lie in one folder; have it cleared, then run again")
        wire.outcome(wire.send(Kind.CLOSE, string(handle)))

    def open(self, path: bytes, flags: int) -> bytes:
        """Return the handle of a file."""
        return self.wire.ask(Kind.OPEN, string(path), struct.pack(">I", flags), NO_ATTRIBUTES).string()

    def close(self, handle: bytes) -> None:
        """Close a handle, whatever the server says to that."""
        self.wire.outcome(self.wire.send(Kind.CLOSE, string(handle)))

    def remove(self, path: bytes) -> bool:
        """Remove a file; False where there is none."""
        try:
            self.wire.ask(Kind.REMOVE, string(path))
        except Refused as refused:
            if refused.missing:
                return False
            raise
        return True

    def rename(self, old: bytes, new: bytes) -> None:
        """Rename as the protocol has it: OpenSSH refuses where the new name is taken, some servers overwrite."""
        self.wire.ask(Kind.RENAME, string(old), string(new))

    def posix_rename(self, old: bytes, new: bytes) -> None:
        """Rename and replace in one step."""
        self.wire.ask(Kind.EXTENDED, string(POSIX_RENAME), string(old), string(new))

    def make_folders(self, path: bytes) -> None:
        """Make a folder and those above it where they are missing; raises Refused where that fails."""
        if self.lstat(path) is not None or path in {b"", b"/", b"."}:
            return
        parent = path.rpartition(b"/")[0]
        if parent:
            self.make_folders(parent)
        refused = self.wire.outcome(self.wire.send(Kind.MKDIR, string(path), NO_ATTRIBUTES))
        if refused is not None and self.lstat(path) is None:
            raise refused

    def free(self, folder: bytes) -> int | None:
        """Return the bytes this account may still write there, 0 where no more files fit; None where nobody tells."""
        if not self.offers(STATVFS):
            return None
        try:
            packet = self.wire.ask(Kind.EXTENDED, string(STATVFS), string(folder or b"."))
        except Refused:
            return None
        _, size, _, _, blocks, files, _, inodes = (packet.u64() for _ in range(8))
        return 0 if files and not inodes else size * blocks


def join(*parts: bytes) -> bytes:
    """Return a path from parts that may be blank; the first may be absolute."""
    given = [part for part in parts if part]
    if not given:
        return b"."
    first, *rest = given
    return b"/".join([first.rstrip(b"/"), *(part.strip(b"/") for part in rest)]) or b"/"


def folder_of(path: bytes) -> bytes:
    """Return the folder that a path lies in."""
    parent, slash, _ = path.rpartition(b"/")
    return parent or (slash or b".")


def is_unavailable(refused: Refused) -> bool:
    """Tell whether a refusal may mean that the server does not know the request."""
    return refused.code in UNAVAILABLE


def _found(wire: Wire, number: int) -> Attributes | None:
    try:
        return wire.answer(number).attributes()
    except Refused as refused:
        if refused.missing:
            return None
        raise


def _names(wire: Wire, number: int) -> Packet | None:
    try:
        packet = wire.answer(number)
    except Refused as refused:
        if refused.code == Code.EOF:
            return None
        raise
    if packet.kind != Kind.NAME:
        raise Lost("the server answered a request for names with something else")
    return packet


def shown(paths: Sequence[bytes]) -> str:
    """Return paths as they may be printed."""
    return ", ".join(path.decode("utf-8", "backslashreplace") for path in paths)
