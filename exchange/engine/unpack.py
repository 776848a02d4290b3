"""Unpacks a .gz or .zip by stream, within limits: what counts is the bytes that come out, never what a header says."""

from __future__ import annotations

import gzip
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from exchange.engine.archives import NESTED, ZIP, inner_name
from exchange.kernel.limits import (
    ARCHIVE_BYTES,
    ARCHIVE_DIRECTORY_BYTES,
    ARCHIVE_MEMBERS,
    ARCHIVE_RATIO,
    ARCHIVE_RATIO_FLOOR,
    REMOTE_NAME_BYTES,
)
from exchange.kernel.problems import Problem

_BLOCK = 1024 * 1024
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, gzip.BadGzipFile, NotImplementedError, UnicodeError)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_SIZE, _LOCATOR_SIZE, _END_64_SIZE, _COMMENT = 22, 20, 56, 65_535

Write = Callable[[str, Iterable[bytes]], None]
"""(member's base name, its blocks): stores one member whole before it returns."""


@dataclass(slots=True)
class Unpacked:
    """What came out of an archive."""

    taken: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Members that nobody wants."""
    problem: Problem | None = None
    """Why the archive is refused whole; what was written is then void."""


class _Refused(Exception):
    def __init__(self, code: str, **detail: object) -> None:
        self.problem = Problem(code, detail=detail)
        super().__init__(code)


def unpack(archive: Path, name: str, wanted: Callable[[str], bool], write: Write) -> Unpacked:
    """Hand every wanted member of an archive (called `name`) to `write`; a member by its base name.

    Unsafe names, links, encrypted or nested members refuse the archive whole, wanted or not.
    """
    made = Unpacked()
    meter = _Meter(archive.stat().st_size)
    try:
        if name.lower().endswith(ZIP):
            _unzip(archive, made, wanted, (meter, write))
        else:
            _gunzip(archive, inner_name(name), made, (meter, write))
    except _Refused as refused:
        made.problem = refused.problem
    except _DAMAGE as fault:
        made.problem = Problem("ARCHIVE_UNREADABLE", detail={"reason": str(fault) or type(fault).__name__})
    if made.problem is None and not made.taken:
        made.problem = Problem("ARCHIVE_EMPTY", detail={"skipped": len(made.skipped)})
    return made


def member_names(archive: Path) -> list[str]:
    """Return the base names of what lies in a .zip; nothing where that cannot be told safely."""
    try:
        _ensure_small(archive)
        with zipfile.ZipFile(archive) as opened:
            return [_base(entry.filename) for entry in opened.infolist() if not entry.is_dir()]
    except (_Refused, OSError, *_DAMAGE):
        return []


@dataclass(slots=True)
class _Meter:
    """Counts what comes out of one archive."""

    packed: int
    out: int = 0

    def blocks(self, stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
        while block := stream.read(_BLOCK):
            self.out += len(block)
            if self.out > ARCHIVE_BYTES:
                raise _Refused("ARCHIVE_TOO_LARGE", limit=f"{ARCHIVE_BYTES:,}")
            if self.out > max(ARCHIVE_RATIO_FLOOR, ARCHIVE_RATIO * self.packed):
                raise _Refused("ARCHIVE_TOO_DENSE", limit=ARCHIVE_RATIO)
            yield block


def _gunzip(archive: Path, name: str, made: Unpacked, sink: tuple[_Meter, Write]) -> None:
    meter, write = sink
    _vet(name)
    with archive.open("rb") as raw, gzip.GzipFile(fileobj=raw) as stream:
        write(name, meter.blocks(stream))
    made.taken.append(name)


def _unzip(archive: Path, made: Unpacked, wanted: Callable[[str], bool], sink: tuple[_Meter, Write]) -> None:
    meter, write = sink
    _ensure_small(archive)
    with zipfile.ZipFile(archive) as opened:
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
        _ensure_few(len(entries), 0)
        for entry in entries:
            _vet(entry.orig_filename)
            _vet_entry(entry, meter.packed)
        for entry in entries:
            base = _base(entry.filename)
            if not wanted(base):
                made.skipped.append(base)
                continue
            with opened.open(entry) as stream:
                write(base, meter.blocks(stream))
            made.taken.append(base)


def _vet(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    odd = not name.isprintable() or not parts[-1] or len(name.encode(errors="replace")) > REMOTE_NAME_BYTES
    if odd or ".." in parts or not parts[0] or parts[0].endswith(":"):
        raise _Refused("ARCHIVE_UNSAFE_NAME", name=ascii(name[:REMOTE_NAME_BYTES]))
    if parts[-1].lower().endswith(NESTED):
        raise _Refused("ARCHIVE_NESTED", name=name)


def _vet_entry(entry: zipfile.ZipInfo, size: int) -> None:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise _Refused("ARCHIVE_UNSAFE_NAME", name=f"{entry.filename!a} (no regular file)")
    if entry.flag_bits & _ENCRYPTED:
        raise _Refused("ARCHIVE_ENCRYPTED", name=entry.filename)
    if not 0 <= entry.header_offset < size:
        raise _Refused("ARCHIVE_UNREADABLE", reason=f"{entry.filename} begins outside the archive")
    if entry.compress_type not in _METHODS:
        raise _Refused("ARCHIVE_UNREADABLE", reason=f"compression method {entry.compress_type} of {entry.filename}")


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _ensure_small(archive: Path) -> None:
    """Refuse a .zip whose list of members is long before the list is read: it is read whole."""
    size = archive.stat().st_size
    tail_size = min(size, _COMMENT + _END_SIZE + _LOCATOR_SIZE + _END_64_SIZE)
    with archive.open("rb") as stream:
        stream.seek(size - tail_size)
        tail = stream.read(tail_size)
    # The same two places where the standard library looks for the end record.
    for at in {len(tail) - _END_SIZE, tail.rfind(_END)}:
        if at >= 0 and tail[at : at + 4] == _END and len(tail) >= at + _END_SIZE:
            entries, length = struct.unpack_from("<HI", tail, at + 10)
            _ensure_few(entries, length)
            far = at - _LOCATOR_SIZE - _END_64_SIZE
            if far >= 0 and tail[at - _LOCATOR_SIZE :].startswith(_LOCATOR_64) and tail[far:].startswith(_END_64):
                entries, length = struct.unpack_from("<QQ", tail, far + 32)
                _ensure_few(entries, length)


def _ensure_few(entries: int, length: int) -> None:
    # The highest number says that a 64-bit record tells; without one, the standard library refuses.
    too_many = entries > ARCHIVE_MEMBERS and entries != 0xFFFF
    too_long = length > ARCHIVE_DIRECTORY_BYTES and length != 0xFFFFFFFF
    if too_many or too_long:
        raise _Refused("ARCHIVE_TOO_MANY", limit=f"{ARCHIVE_MEMBERS:,}")
