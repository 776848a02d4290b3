"""Returned reject files: a copy without the reject columns, and which record answers which reject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from exchange.formats.delimited.blocks import Block, BlockSource
from exchange.formats.delimited.exact import cells_of
from exchange.formats.delimited.scan import line_breaks
from exchange.kernel.layout import REJECT_COLUMNS, Layout
from exchange.kernel.limits import RECORD_BYTES

_REJECT_ID = re.compile(r"[0-9a-f]{12}-\d{4,}")


@dataclass(frozen=True, slots=True)
class _Cutter:
    """Cuts the reject cells off one record; everything else keeps its bytes."""

    columns: int
    """The source's own columns, which come first."""
    id_at: int
    """Place of `_reject_id` among the reject cells."""
    cell: re.Pattern[bytes]
    delimiter: str
    newline: bytes

    def cut(self, record: bytes) -> tuple[bytes, str]:
        """Return the record's own cells and its reject id ("" where it has none).

        Line breaks in the cells that were cut come back as blank lines, so that physical lines stay what they were.
        """
        cells = cells_of(record.decode("latin-1"), self.delimiter) if len(record) <= RECORD_BYTES else []
        added = [cell.strip() for cell in cells[self.columns :]]
        identity = added[self.id_at] if len(added) > self.id_at else ""
        # Editors drop blank cells at the end of a row; fewer than all seven are ours only if the id says so.
        ours = len(added) == len(REJECT_COLUMNS) or _REJECT_ID.fullmatch(identity)
        if not added or len(added) > len(REJECT_COLUMNS) or not ours:
            return record, ""
        own = self.own(record)
        removed = line_breaks(record[len(own) :], last=True).size
        return own + self.newline * removed, identity

    def own(self, record: bytes) -> bytes:
        """Return the bytes of the source's own cells."""
        end = -1
        for _ in range(self.columns):
            found = self.cell.match(record, end + 1)
            if found is None:
                return record
            end = found.end()
        return record[:end]


def strip_reject_columns(layout: Layout, id_at: int) -> Layout:
    """Write `<path>.stripped` with the source's own columns and return the layout of it.

    `layout.columns` are the source's own already; `id_at` is the place of `_reject_id` among the seven that follow.
    A record that does not have the right number of cells is copied as it is, and found broken when it is read.
    """
    delimiter = re.escape(layout.delimiter.encode("latin-1"))
    cell = re.compile(rb'"(?:[^"]|"")*"[^' + delimiter + rb']*|[^"' + delimiter + rb"][^" + delimiter + rb"]*|")
    cutter = _Cutter(len(layout.columns), id_at, cell, layout.delimiter, layout.newline)
    target = layout.path.with_name(layout.path.name + ".stripped")
    header = cutter.own(layout.header)
    reject_ids: dict[int, str] = {}
    ordinal = 0
    with target.open("wb") as out:
        out.write(header + layout.newline)
        source = BlockSource(layout.path, layout.data_start, layout.first_line, layout.delimiter, stop=layout.data_end)
        for block in source.blocks():
            for piece, identity in _pieces(block, cutter, layout.path):
                out.write(piece)
                if identity is None:
                    continue
                if identity:
                    reject_ids[ordinal] = identity
                ordinal += 1
    return replace(
        layout,
        path=target,
        header=header,
        data_start=len(header) + len(layout.newline),
        data_end=None,
        reject_ids=reject_ids,
    )


def _pieces(block: Block, cutter: _Cutter, path: Path) -> Iterator[tuple[bytes, str | None]]:
    """Yield the block's bytes in order: records with their reject id, and what lies between them with None."""
    if not block.data:
        with path.open("rb") as stream:
            stream.seek(block.offset)
            for done in range(0, block.size, RECORD_BYTES):
                yield stream.read(min(RECORD_BYTES, block.size - done)), None
        yield b"", ""
        return
    position = 0
    for start, length in zip(block.records.start.tolist(), block.records.length.tolist(), strict=True):
        yield block.data[position:start], None
        yield cutter.cut(block.data[start : start + length])
        position = start + length
    yield block.data[position : block.size], None
