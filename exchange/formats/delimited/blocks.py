"""Streaming a file in blocks of whole records: the one place that decides between the scan and the exact way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from exchange.formats.delimited.exact import ExactReader
from exchange.formats.delimited.scan import Records, scan
from exchange.kernel.limits import DOCUMENT_ROWS, RECORD_BYTES, SPAN_BYTES

_GROWTH = 4 * SPAN_BYTES
"""A block grows no further than this to keep a group whole; rows past it are gathered like scattered ones."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole records of a file."""

    data: bytes
    """What the records' offsets count in; empty for one oversized line, which nobody loads."""
    offset: int
    """Byte offset of `data` in the file."""
    first_line: int
    """1-based physical line on which `data` starts."""
    records: Records
    size: int
    """Bytes of the file that this block covers."""

    @property
    def exact(self) -> bool:
        """Whether the records were found the exact way."""
        return not self.records.trusted


Keep = Callable[[bytes, Records], int]
"""Tells how many of a block's records are whole groups; the rest waits for the next block."""


def records_of(data: bytes, delimiter: str, *, last: bool) -> Records:
    """Return the records of data that starts on a record border, by the scan or else the exact way."""
    found = scan(data, ord(delimiter), last=last)
    return found if found.trusted else exact_records(data, delimiter, last=last)


def exact_records(data: bytes, delimiter: str, *, last: bool) -> Records:
    """Return the records of data that starts on a record border the exact way."""
    reader = ExactReader(data, delimiter, last=last)
    rows = [(record.start, record.length, record.line) for record in reader]
    start, length, line = np.array(rows, np.int64).reshape(-1, 3).T
    return Records(start, length, line, reader.resume, reader.resume_line, trusted=False)


def whole(_: bytes, records: Records) -> int:
    """Keep every record: the caller does not care for groups."""
    return records.start.size


@dataclass(frozen=True, slots=True)
class BlockSource:
    """A file from its first record on, block by block, in flat memory."""

    path: Path
    start: int
    """Byte offset of the first record."""
    first_line: int
    """1-based physical line of the first record."""
    delimiter: str
    block_bytes: int = SPAN_BYTES
    stop: int | None = None
    """Byte offset behind the last record; None: the end of the file."""

    def blocks(self, keep: Keep = whole) -> Iterator[Block]:
        """Yield blocks of whole records; together they hold every record once, in file order."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            offset, line, data, last = self.start, self.first_line, b"", False
            while not last:
                more = stream.read(self._left(stream.tell()))
                last = len(more) < self.block_bytes
                data += more
                block = self._cut(data, offset, line, keep, last=last)
                if block is not None:
                    yield block
                    data, offset, line = data[block.size :], offset + block.size, line + block.records.resume_line
                if not last and len(data) > RECORD_BYTES and _one_line(data):
                    block = _oversized(stream, data, offset, line)
                    yield block
                    data, offset, line = b"", offset + block.size, line + 1

    def _left(self, position: int) -> int:
        """Return how many bytes to read next."""
        return self.block_bytes if self.stop is None else min(self.block_bytes, max(0, self.stop - position))

    def _cut(self, data: bytes, offset: int, line: int, keep: Keep, *, last: bool) -> Block | None:
        """Return the block at the front of `data`, or None where more has to be read first."""
        records = records_of(data, self.delimiter, last=last)
        if not last and len(data) - records.resume <= RECORD_BYTES:
            count = keep(data, records)
            if count == 0 and records.start.size < DOCUMENT_ROWS and len(data) < _GROWTH:
                return None
            if 0 < count < records.start.size:
                records = _first(records, count)
        return Block(data, offset, line, records, records.resume) if records.resume else None


def _first(records: Records, count: int) -> Records:
    return Records(
        start=records.start[:count],
        length=records.length[:count],
        line=records.line[:count],
        resume=int(records.start[count]),
        resume_line=int(records.line[count]),
        trusted=records.trusted,
        multiline=records.multiline,
    )


def _one_line(data: bytes) -> bool:
    return b"\n" not in data and b"\r" not in data


def end_of_line(stream: BinaryIO) -> tuple[int, int]:
    """Return the bytes from here to the end of the physical line, without and with its line end, keeping none."""
    size = 0
    while piece := stream.read(RECORD_BYTES):
        breaks = [position for position in (piece.find(b"\n"), piece.find(b"\r")) if position >= 0]
        if breaks:
            end = min(breaks)
            following = piece[end + 1 : end + 2] or stream.read(1)
            crlf = piece[end : end + 1] == b"\r" and following == b"\n"
            return size + end, size + end + 1 + crlf
        size += len(piece)
    return size, size


def _oversized(stream: BinaryIO, data: bytes, offset: int, line: int) -> Block:
    """Return the block of one line that is larger than a record may be; `data` is what was read of it so far."""
    rest, covered = end_of_line(stream)
    stream.seek(offset + len(data) + covered)
    records = Records(
        start=np.zeros(1, np.int64),
        length=np.array([len(data) + rest], np.int64),
        line=np.zeros(1, np.int64),
        resume=len(data) + covered,
        resume_line=1,
        trusted=False,
    )
    return Block(b"", offset, line, records, records.resume)
