"""Writing files so that a crash leaves the old one or the new one, whole and on the disk."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exchange.kernel.errors import ConfigurationError, Stop, TryLater
from exchange.kernel.gathering import gathered

_BLOCK = 1024 * 1024
_WORTH_WRITING = 64 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT}
_REFUSED = {errno.EACCES, errno.EPERM}
_AWAY = {
    *(errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.ENXIO, errno.EREMOTEIO, errno.ETIMEDOUT, errno.ENOLINK),
    *(errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH, errno.ENETRESET),
}
"""What a share says that is not there now."""
_SHORT = {errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENOLCK, errno.EAGAIN, errno.EBUSY}
"""What the system says that has none left, or is at something else."""


@dataclass(frozen=True, slots=True)
class Written:
    """Proof of a complete, synced file."""

    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal."""


class HashingWriter:
    """A binary stream that counts and hashes what passes through it."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream = stream
        self._path = path
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes | memoryview) -> None:
        """Write all of `data`."""
        with _named(self._path):
            self._stream.write(data)
        self._hash.update(data)
        self.size += len(data)

    def written(self) -> Written:
        """Return the proof of what was written so far."""
        return Written(self.size, self._hash.hexdigest())


@contextmanager
def synced_file(path: Path) -> Iterator[HashingWriter]:
    """Open `path` for exclusive writing; on success it is flushed and synced, on any failure it is removed.

    The folder is not synced: whoever gives the file its final name does that. Raises FileExistsError where the
    name is taken. A failed fsync is never retried: the file is dropped and must be written again from its source.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    stream = os.fdopen(descriptor, "wb", buffering=_BLOCK)
    try:
        yield HashingWriter(stream, path)
        with _named(path):
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
    except BaseException:
        with suppress(OSError):
            stream.close()  # it tries once more to write what is left
        with suppress(OSError):
            path.unlink()
        raise


def write_synced(path: Path, blocks: Iterable[bytes]) -> Written:
    """Write `blocks` to the new file `path` and sync it."""
    with synced_file(path) as out:
        for block in gathered(blocks, b"", _WORTH_WRITING):
            out.write(block)
        return out.written()


def copy_synced(source: BinaryIO, path: Path) -> Written:
    """Copy an open binary stream to the new file `path` and sync it."""
    return write_synced(path, iter(lambda: source.read(_BLOCK), b""))


def sha256_of(path: Path) -> Written:
    """Read a file and return its size and hash."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return Written(size, digest.hexdigest())


def sync_folder(folder: Path) -> None:
    """Make names in `folder` durable; file systems that cannot sync a folder are let be, faults are raised."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with _named(folder):
            os.fsync(descriptor)
    except OSError as fault:
        if fault.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where missing, each durably: what is put into it outlives a power cut.

    Raises TryLater where something else has the name: a link to a share that is not mounted, for example.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError as fault:
        what = f"is a link to {folder.readlink()}, which is not there" if folder.is_symlink() else "is no folder"
        advice = "mount or mend it" if folder.is_symlink() else "move it away"
        raise TryLater(f"{folder} {what}: {advice}, then run again; nothing is lost") from fault
    sync_folder(folder.parent)


def write_hint(path: Path, data: bytes) -> None:
    """Write what only saves another look, not synced; what keeps it from being kept is nobody's fault to hear of."""
    with suppress(OSError, TryLater):
        make_folder(path.parent)
        path.write_bytes(data)


def replace_synced(source: Path, target: Path) -> None:
    """Rename `source` to `target` in one step (an existing target is replaced) and make the new name durable."""
    source.replace(target)
    sync_folder(target.parent)


def move_synced(source: Path, target: Path) -> None:
    """Move a synced file to `target`, durably; by way of a synced copy where that is another file system.

    An existing target is replaced in one step. Harmless the second time after a crash in between.
    """
    try:
        replace_synced(source, target)
    except OSError as fault:
        if fault.errno != errno.EXDEV:
            raise
        draft = target.with_name(f".{target.name}.part")
        draft.unlink(missing_ok=True)
        with source.open("rb") as stream:
            copy_synced(stream, draft)
        replace_synced(draft, target)
        source.unlink()


@contextmanager
def disk_faults() -> Iterator[None]:
    """Turn what a full, closed or failing disk says into TryLater or Stop; every other fault passes through."""
    try:
        yield
    except OSError as fault:
        where = fault.filename or "a folder of the workspace"
        if is_disk_full(fault):
            raise TryLater(f"{where}: the disk is full: free some space; then run again, nothing is lost") from fault
        if advice := advice_on(fault):
            raise TryLater(f"{where}: {fault.strerror}: {advice}; then run again, nothing is lost") from fault
        if fault.errno == errno.EXDEV:
            advice = "a folder of the workspace is another disk than the one beside it: put both on one, then run again"
            raise ConfigurationError(f"{where}: {fault.strerror}: {advice}; nothing is lost") from fault
        if fault.errno == errno.EIO:
            advice = "look at the disk before anything else; then run again"
            raise Stop(f"{where}: the disk reports a fault ({fault.strerror}): {advice}") from fault
        raise


def advice_on(fault: OSError) -> str:
    """Return what to do about a fault that passes; blank where it is none of those."""
    if is_disk_full(fault):
        return "free some space"
    if fault.errno == errno.EROFS:
        return "mount it so that this user can write there"
    if fault.errno in _REFUSED:
        return "give this user access to it"
    if fault.errno in _AWAY:
        return "mount the share again, or bring its server back"
    return "wait until the system has room for it" if fault.errno in _SHORT else ""


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let a fault say where it is: what is told of an open file names none."""
    try:
        yield
    except OSError as fault:
        if fault.filename is None:
            fault.filename = str(path)
        raise


def is_disk_full(fault: OSError) -> bool:
    """Tell whether an OSError says that a disk or quota is full."""
    return fault.errno in _FULL
