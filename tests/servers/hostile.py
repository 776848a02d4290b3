"""An SFTP server that lies: names that are paths, sizes that cannot be, files that are never what they were."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import asyncssh
from asyncssh import SFTPAttrs, SFTPName

REGULAR = 0o100644
MTIME = 1_772_600_000
FACTORY = Callable[["asyncssh.SSHServerChannel[bytes]"], asyncssh.SFTPServer]


@dataclass(frozen=True, slots=True)
class Lie:
    """One line of a listing."""

    raw: bytes
    size: int | None = 4
    mode: int | None = REGULAR
    longname: bytes = b"-rw-r--r-- 1 them us 4 Mar 4 2026 x"
    mtime: int | None = MTIME

    @property
    def attributes(self) -> SFTPAttrs:
        """As they are sent."""
        return SFTPAttrs(size=self.size, permissions=self.mode, atime=self.mtime, mtime=self.mtime)


@dataclass
class Plot:
    """What the server says."""

    lies: list[Lie] = field(default_factory=list)
    endless: bool = False
    """Whether a listing never ends."""
    data: bytes = b"data"
    """What any file holds."""
    most: int = 1 << 30
    """Bytes that one answer holds at most."""
    excess: bytes = b""
    """Sent in each answer beyond what was asked for."""
    asked: list[bytes] = field(default_factory=list)
    """Every path that was opened, looked at, removed or renamed."""

    @property
    def factory(self) -> FACTORY:
        """What LoopSftp serves with."""
        return lambda channel: Hostile(channel, self)


class Hostile(asyncssh.SFTPServer):
    """Follows a plot; touches no disk."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], plot: Plot) -> None:
        super().__init__(channel)
        self._plot = plot

    async def scandir(self, path: bytes) -> AsyncIterator[SFTPName]:
        """List what was plotted."""
        del path
        while True:
            for lie in self._plot.lies:
                yield SFTPName(lie.raw, lie.longname, lie.attributes)
            if not self._plot.endless:
                return

    def lstat(self, path: bytes) -> SFTPAttrs:
        """Repeat the lie."""
        self._plot.asked.append(path)
        for lie in self._plot.lies:
            if lie.raw == path.rpartition(b"/")[2]:
                return lie.attributes
        raise asyncssh.SFTPNoSuchFile("no such file")

    def fstat(self, file_obj: object) -> SFTPAttrs:
        """Repeat the lie."""
        assert isinstance(file_obj, bytes)
        return self.lstat(file_obj)

    def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> object:
        """Open anything."""
        del pflags, attrs
        self._plot.asked.append(path)
        return path

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        """Send what was plotted."""
        del file_obj
        data = self._plot.data[offset : offset + min(size, self._plot.most)]
        return data + self._plot.excess if data else data

    def close(self, file_obj: object) -> None:
        """Close nothing."""

    def remove(self, path: bytes) -> None:
        """Say that it is done."""
        self._plot.asked.append(path)

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """Say that it is done."""
        self._plot.asked += [oldpath, newpath]
