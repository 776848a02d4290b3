"""The fast way into columns, by pyarrow, for data whose quotes the scan trusts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from exchange.formats.delimited.encoding import UTF8_BOM
from exchange.formats.delimited.pieces import Piece, locate_together, together
from exchange.formats.delimited.reading import Columns, Faults, Reading, blank, ragged, unreadable, without
from exchange.formats.delimited.scan import QUOTE, Records, positions, scan
from exchange.kernel.chunk import Mask, one_array
from exchange.kernel.layout import Layout
from exchange.kernel.limits import RECORD_BYTES

_ARROW_BLOCK = 2 * RECORD_BYTES
"""What pyarrow reads at once; no record may be larger."""


def read_trusted(
    pieces: Sequence[Piece], layout: Layout, wanted: Sequence[str], borders: object = None
) -> Reading | None:
    """Return all pieces read at once, or None where only the exact way is safe.

    `borders`: the records of the only piece, where the scan that cut it is still at hand.
    """
    if any(piece.oversized for piece in pieces):
        return None
    data = together(pieces)
    records = borders if isinstance(borders, Records) else scan(data, ord(layout.delimiter), last=True)
    where = locate_together(pieces, records) if records.trusted else None
    if where is None:
        return None
    faults = unreadable(data, records, layout.encoding)
    good = without(records.start.size, faults)
    columns = _columns(data, records, good, layout, wanted)
    if columns is None:
        faults |= _ragged(data, records, good, layout)
        columns = _columns(data, records, without(good.size, faults), layout, wanted)
    return None if columns is None else Reading(data, records, where, columns, faults)


def _ragged(data: bytes, records: Records, good: Mask, layout: Layout) -> Faults:
    """Return those of the good records whose number of cells is not the header's."""
    at, quotes = positions(data, ord(layout.delimiter)), positions(data, QUOTE)
    if quotes.size:
        at = at[(np.searchsorted(quotes, at) & 1) == 0]
    cells = np.diff(np.searchsorted(at, np.append(records.start, len(data)))) + 1
    wrong = np.flatnonzero(good & (cells != len(layout.columns)))
    return {row: ragged(int(cells[row]), layout) for row in wrong.tolist()}


def _columns(data: bytes, records: Records, good: Mask, layout: Layout, wanted: Sequence[str]) -> Columns | None:
    """Return the wanted columns of the good records, or None where some of them are ragged."""
    rows = int(np.count_nonzero(good))
    places = {name: str(layout.columns.index(name)) for name in wanted if name in layout.columns}
    if not rows or not places:
        # Without a column to read, only the exact way counts cells.
        return {name: blank(0) for name in wanted} if not rows else None
    if rows < good.size:
        data = _only(data, records, good)
    if layout.encoding != "utf-8" and not data.isascii():
        data = data.decode(layout.encoding).encode()
    if data.startswith(UTF8_BOM):
        return None  # pyarrow would take it for the mark of a file and drop it
    table = _parse(data, layout, list(places.values()), multiline=records.multiline)
    if table is None or table.num_rows != rows:
        return None
    return {name: one_array(table.column(places[name])) if name in places else blank(rows) for name in wanted}


def _parse(data: bytes, layout: Layout, include: list[str], *, multiline: bool) -> pa.Table | None:
    names = [str(place) for place in range(len(layout.columns))]
    skipped: list[object] = []

    def skip(row: object) -> str:
        skipped.append(row)
        return "skip"

    # Without threads of its own: the spans of a file run side by side already.
    table = arrow_csv.read_csv(
        pa.py_buffer(data),
        arrow_csv.ReadOptions(column_names=names, block_size=_ARROW_BLOCK, use_threads=False),
        arrow_csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=multiline, invalid_row_handler=skip),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(include, pa.string()),
            include_columns=include,
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )
    return None if skipped else table


def _only(data: bytes, records: Records, good: Mask) -> bytes:
    """Return the bytes of the good records alone, with their line ends."""
    edges = np.append(records.start, len(data))
    changes = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    view = memoryview(data)
    return b"".join(view[edges[begin] : edges[end]] for begin, end in changes.reshape(-1, 2).tolist())
