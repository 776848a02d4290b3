"""The exact way into columns, record by record, for data with sloppy quotes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from exchange.formats.delimited.exact import ExactReader
from exchange.formats.delimited.pieces import Piece
from exchange.formats.delimited.reading import Faults, Reading, blank, broken_quotes, ragged, unreadable
from exchange.formats.delimited.scan import Records
from exchange.kernel.layout import Layout


def read_untrusted(piece: Piece, layout: Layout, wanted: Sequence[str]) -> Reading:
    """Return one piece read by the exact state machine."""
    if piece.oversized:
        return _oversized(piece, wanted)
    places = [layout.columns.index(name) for name in wanted if name in layout.columns]
    rows: list[tuple[int, int, int]] = []
    found: list[list[str]] = []
    faults: Faults = {}
    uneven: Faults = {}
    for row, record in enumerate(ExactReader(piece.data, layout.delimiter, last=True)):
        rows.append((record.start, record.length, record.line))
        if record.fault is not None:
            faults[row] = broken_quotes(record.fault, record.length, record.lines)
        elif len(record.cells) != len(layout.columns):
            uneven[row] = ragged(len(record.cells), layout)
        found.append([] if row in faults or row in uneven else [record.cells[place] for place in places])
    start, length, line = np.array(rows, np.int64).reshape(-1, 3).T
    records = Records(start, length, line, len(piece.data), 0, trusted=False)
    # The order of the fast way: what a row's bytes are comes before how many cells they make.
    faults = uneven | unreadable(piece.data, records, layout.encoding) | faults
    good = [cells for row, cells in enumerate(found) if row not in faults]
    columns = {name: blank(len(good)) for name in wanted}
    present = [name for name in wanted if name in layout.columns]
    for name, cells in zip(present, zip(*good, strict=True), strict=bool(good)):
        columns[name] = pa.array([_text(cell, layout.encoding) for cell in cells], pa.string())
    return Reading(piece.data, records, piece.locate(records), columns, faults)


def _text(cell: str, encoding: str) -> str | None:
    if not cell:
        return None
    return cell if cell.isascii() else cell.encode("latin-1").decode(encoding)


def _oversized(piece: Piece, wanted: Sequence[str]) -> Reading:
    at = np.zeros(1, np.int64)
    records = Records(at, np.array([piece.oversized], np.int64), at, piece.oversized, 1, trusted=False)
    faults = {0: broken_quotes("RECORD_TOO_LARGE", piece.oversized, 1)}
    return Reading(piece.head, records, piece.locate(records), {name: blank(0) for name in wanted}, faults)
