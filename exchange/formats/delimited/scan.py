"""Record borders and physical lines of a block by one quote-parity scan, and whether that scan can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from exchange.kernel.limits import RECORD_BYTES, RECORD_LINES

# As in `kernel.chunk`, which imports pandas: most of a second and 40 MB that the first look at a file does not need.
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

QUOTE, LF, CR = 0x22, 0x0A, 0x0D
STRIDE = 512 * 1024
"""Bytes compared at once, into one mask that stays in the processor's cache: twice as fast as the whole block."""


@dataclass(frozen=True, slots=True)
class Records:
    """The whole records of a block; one entry per record, blank lines are none."""

    start: Ints
    """Byte offset within the block."""
    length: Ints
    """Bytes without the line end."""
    line: Ints
    """Physical lines of the block that end before the record."""
    resume: int
    """Offset of the first byte that belongs to no whole record; the block's length after the last block."""
    resume_line: int
    """Physical lines before `resume`."""
    trusted: bool = True
    """Every quote stands where both parity and a CSV parser see the same; else the borders mean nothing."""
    multiline: bool = False
    """Some record holds a line break inside quotes."""

    def from_first(self, size: int) -> Records:
        """Return the same records of a block of `size` bytes that begins with the first of them."""
        begin, line = int(self.start[0]), int(self.line[0])
        return replace(
            self, start=self.start - begin, line=self.line - line, resume=size, resume_line=self.resume_line - line
        )


def positions(block: bytes, value: int) -> Ints:
    """Return the offsets of one byte value in a block, ascending."""
    if block.find(value) < 0:
        return np.empty(0, np.int64)
    values = np.frombuffer(block, np.uint8)
    equal: Mask = np.empty(min(STRIDE, values.size), np.bool_)
    found: list[Ints] = []
    for begin in range(0, values.size, STRIDE):
        stride = values[begin : begin + STRIDE]
        at = np.flatnonzero(np.equal(stride, value, out=equal[: stride.size]))
        at += begin
        found.append(at)
    return np.concatenate(found)


def line_breaks(block: bytes, *, last: bool) -> Ints:
    """Return the offset of the last byte of each line end: LF, CRLF and a lone CR alike.

    A CR that ends a block is no break yet unless the block is the last one: its LF may be the next byte.
    """
    feeds = positions(block, LF)
    returns = positions(block, CR)
    if not returns.size:
        return feeds
    data = np.frombuffer(block, np.uint8)
    final = len(block) - 1
    following = data[np.minimum(returns + 1, final)]
    lone = np.where(returns == final, last, following != LF)
    return np.sort(np.concatenate((feeds, returns[lone])), kind="stable")


def without_line_end(block: bytes, breaks: Ints) -> Ints:
    """Return where the text before each line break ends: one byte earlier for CRLF than for LF or CR."""
    data = np.frombuffer(block, np.uint8)
    crlf: Mask = (data[breaks] == LF) & (breaks > 0) & (data[np.maximum(breaks - 1, 0)] == CR)
    return np.subtract(breaks, crlf, dtype=np.int64)


def scan(block: bytes, delimiter: int, *, last: bool) -> Records:
    """Return the records of a block that starts on a record border.

    Parity is trusted only where every opening quote follows a delimiter, a line break or a quote, every closing one
    precedes one or the end of the data, the final parity is even, and no record is past the limits of one record
    (a longer one is a stray quote).
    """
    breaks, quotes = line_breaks(block, last=last), positions(block, QUOTE)
    borders = np.flatnonzero((np.searchsorted(quotes, breaks) & 1) == 0) if quotes.size else np.arange(breaks.size)
    ends = without_line_end(block, breaks[borders])
    starts = np.concatenate((np.zeros(1, np.int64), breaks[borders] + 1))
    lines = np.concatenate((np.zeros(1, np.int64), borders + 1))
    after = np.append(lines[1:], breaks.size)
    resume, resume_line = int(starts[-1]), int(lines[-1])
    if last and resume < len(block):
        ends = np.append(ends, len(block))
        resume, resume_line = len(block), breaks.size + 1
    else:
        starts, lines, after = starts[:-1], lines[:-1], after[:-1]
    filled = ends > starts
    trusted = (
        _within_limits(ends - starts, after - lines)
        and _within_limits(np.array([len(block) - resume]), np.array([breaks.size - resume_line]))
        and not (last and quotes.size % 2)
        and _quotes_agree(block, quotes, delimiter)
    )
    start = starts[filled]
    return Records(
        start=start,
        length=ends[filled] - start,
        line=lines[filled],
        resume=resume,
        resume_line=resume_line,
        trusted=trusted,
        multiline=borders.size < breaks.size,
    )


def _within_limits(size: Ints, lines: Ints) -> bool:
    return bool((size <= RECORD_BYTES).all() and (lines <= RECORD_LINES).all())


def _quotes_agree(block: bytes, quotes: Ints, delimiter: int) -> bool:
    """Tell whether a parser, too, sees these quotes open and close in turn (an escaped quote closes and opens)."""
    if not quotes.size:
        return True
    data = np.frombuffer(block, np.uint8)
    legal: Mask = np.zeros(256, np.bool_)
    legal[[delimiter, QUOTE, LF, CR]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = legal[data[np.maximum(opening - 1, 0)]] | (opening == 0)
    after = legal[data[np.minimum(closing + 1, len(block) - 1)]] | (closing == len(block) - 1)
    return bool(before.all() and after.all())
