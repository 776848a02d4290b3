"""Rows of the source as they came: with the reject columns behind them, or alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from exchange.kernel.layout import REJECT_COLUMNS, Layout
from exchange.kernel.limits import RAW_REJECT_BYTES

_TOGETHER = 16 * 1024
"""Bytes that are read at once: the rows of some documents."""


@dataclass(frozen=True, slots=True)
class DelimitedSetAside:
    """Sets records of delimited files aside; fulfils `kernel.pipeline.SetAside`."""

    suffix: str = ".csv"

    def reject_rows(self, layout: Layout, rows: Iterable[tuple[int, int, tuple[str, ...]]]) -> Iterator[bytes]:
        """Yield a reject file."""
        return reject_rows(layout, rows)

    def held_rows(self, layout: Layout, rows: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """Yield a file of records as they came."""
        return held_rows(layout, rows)

    def raw_record(self, layout: Layout, start: int, length: int) -> bytes:
        """Return the bytes of one record."""
        return raw_record(layout, start, length)


def reject_rows(layout: Layout, rows: Iterable[tuple[int, int, Sequence[str]]]) -> Iterator[bytes]:
    """Yield a reject file: the source's header and rows, each with the seven REJECT_COLUMNS behind its own cells.

    `rows` are (byte offset in `layout.path`, length, the seven cells). Dialect, encoding, byte order mark and line
    ends are the source's; a character that its encoding lacks becomes `?`, in the added cells only.
    """
    yield layout.bom + _own(layout, layout.header) + _added(layout, REJECT_COLUMNS)
    special = re.compile(f'[{re.escape(layout.delimiter)}"\r\n]').search
    same = layout.encoding == layout.source_encoding
    end = layout.newline.decode("ascii")
    with layout.path.open("rb") as stream:
        read = _reading(stream.fileno())
        for start, length, cells in rows:
            raw = read(start, length)
            plain: Sequence[str] = cells
            if special("".join(cells)):  # most rows have no problem of their own: one look at all their cells
                plain = [_quoted(cell) if special(cell) else cell for cell in cells]
            added = layout.delimiter.join(("", *plain)) + end
            yield (raw if same else _own(layout, raw)) + added.encode(layout.source_encoding, errors="replace")


def held_rows(layout: Layout, rows: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """Yield a file of the source's header and some of its rows (byte offset in `layout.path`, length) as they came."""
    end = _encoded(layout, layout.newline.decode("ascii"))
    yield layout.bom + _own(layout, layout.header) + end
    with layout.path.open("rb") as stream:
        read = _reading(stream.fileno())
        for start, length in rows:
            yield _own(layout, read(start, length)) + end


def _reading(descriptor: int) -> Callable[[int, int], bytes]:
    """Return what gives (byte offset, length) of a file: records that lie side by side are read together."""
    begin, held = 0, b""

    def read(start: int, length: int) -> bytes:
        nonlocal begin, held
        if not begin <= start <= start + length <= begin + len(held):
            begin, held = start, os.pread(descriptor, max(length, _TOGETHER), start)
        return held[start - begin : start - begin + length]

    return read


def raw_record(layout: Layout, start: int, length: int, limit: int = RAW_REJECT_BYTES) -> bytes:
    """Return the bytes of one record as they lie at `layout.path`, at most `limit` of them."""
    with layout.path.open("rb") as stream:
        stream.seek(start)
        return stream.read(min(length, limit))


def _own(layout: Layout, raw: bytes) -> bytes:
    if layout.encoding == layout.source_encoding:
        return raw
    return raw.decode(layout.encoding).encode(layout.source_encoding)


def _added(layout: Layout, cells: Sequence[str]) -> bytes:
    return _encoded(layout, layout.delimiter.join(["", *cells]) + layout.newline.decode("ascii"))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _encoded(layout: Layout, text: str) -> bytes:
    return text.encode(layout.source_encoding, errors="replace")
