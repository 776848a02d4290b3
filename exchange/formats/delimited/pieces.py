"""The bytes of a span's ranges, and where each record of them lies in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import BinaryIO

import numpy as np

from exchange.formats.delimited.blocks import end_of_line
from exchange.formats.delimited.scan import Records
from exchange.kernel.chunk import Positions
from exchange.kernel.limits import KEY_BYTES, SPAN_BYTES
from exchange.kernel.model import Span

_LOADED = 5 * SPAN_BYTES
"""A longer range can only start with an oversized line: a block of whole records never grows to this."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one range of a span."""

    data: bytes
    """Empty for one oversized line, which is not loaded."""
    start: int
    """Byte offset in the file."""
    record: int
    """Ordinal of the first record."""
    file_line: int
    """1-based physical line on which the data starts."""
    oversized: int = 0
    """Bytes of the oversized line, without its line end."""
    head: bytes = b""
    """The first bytes of the oversized line: enough to tell whose it is."""

    def locate(self, records: Records) -> Positions:
        """Return where the records of this piece lie in the file."""
        ordinals = np.arange(self.record, self.record + records.start.size)
        return Positions(ordinals, self.file_line + records.line, self.start + records.start, records.length)


def load(span: Span) -> list[Piece]:
    """Read the ranges of a span; a line that is larger than a record may be is measured, never held."""
    with span.path.open("rb") as stream:
        return [piece for each in span.ranges for piece in _load(stream, *each)]


def _load(stream: BinaryIO, start: int, length: int, record: int, file_line: int) -> list[Piece]:
    stream.seek(start)
    if length <= _LOADED:
        return [Piece(stream.read(length), start, record, file_line)]
    head = stream.read(KEY_BYTES)
    stream.seek(start)
    size, covered = end_of_line(stream)
    line = Piece(b"", start, record, file_line, oversized=min(size, length), head=head)
    if covered >= length:
        return [line]
    stream.seek(start + covered)
    return [line, Piece(stream.read(length - covered), start + covered, record + 1, file_line + 1)]


def together(pieces: Sequence[Piece]) -> bytes:
    """Return the bytes of all pieces one after the other, each ending with a line end."""
    if len(pieces) == 1:
        return pieces[0].data
    return b"".join(_ended(piece.data) for piece in pieces)


def locate_together(pieces: Sequence[Piece], records: Records) -> Positions | None:
    """Return where the records of `together(pieces)` lie in the file.

    None where a piece does not start with a record: then one that is open at the end of a piece runs into the next,
    which is another place of the file.
    """
    if len(pieces) == 1:
        return pieces[0].locate(records)
    begins = np.array([0, *accumulate(len(_ended(piece.data)) for piece in pieces)][:-1], np.int64)
    first = np.searchsorted(records.start, begins)
    if (first >= records.start.size).any() or (records.start[first] != begins).any():
        return None
    counts = np.diff(np.append(first, records.start.size))
    known = np.array([(piece.record, piece.file_line, piece.start) for piece in pieces], np.int64)
    here = np.column_stack((first, records.line[first], begins))
    shift = np.repeat(known - here, counts, axis=0)
    ordinals = np.arange(records.start.size) + shift[:, 0]
    return Positions(ordinals, records.line + shift[:, 1], records.start + shift[:, 2], records.length)


def _ended(data: bytes) -> bytes:
    return data if data.endswith((b"\n", b"\r")) else data + b"\n"
