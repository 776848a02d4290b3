"""What was read of some bytes, and the faults for which a record cannot become a row."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from exchange.formats.delimited.content import rows_at, undecodable
from exchange.formats.delimited.exact import cells_of
from exchange.formats.delimited.scan import Records, positions
from exchange.kernel.chunk import Mask, Positions
from exchange.kernel.layout import Layout
from exchange.kernel.limits import KEY_BYTES, RECORD_BYTES, RECORD_LINES

Fault = tuple[str, dict[str, object]]
"""Problem code and detail."""
Faults = dict[int, Fault]
"""Index of a record that cannot be read -> why."""
Columns = dict[str, pa.Array]
_OPEN = "\n\0"
"""Stands behind a record that is read for its cells: it ends up in the last cell where a quote is open."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Some bytes as records and columns: one entry per record, but columns of the readable ones only."""

    data: bytes
    records: Records
    """Offsets count in `data`."""
    where: Positions
    """Offsets count in the file."""
    columns: Columns
    faults: Faults = field(default_factory=dict)

    @property
    def readable(self) -> Mask:
        """Which records are rows of the columns."""
        return without(self.records.start.size, self.faults)

    def raw(self, row: int) -> str:
        """Return a record's own bytes as latin-1 text."""
        start = int(self.records.start[row])
        return self.data[start : start + int(self.records.length[row])].decode("latin-1")


def key_in(raw: str, layout: Layout, at: int) -> str | None:
    """Return the cell at one place of a record (latin-1 text, maybe broken), None where it is blank or cannot be told.

    A cell whose quote is never closed cannot be told: it is the rest of the line. Of a large record only the front is
    looked at.
    """
    cells = cells_of(raw[:KEY_BYTES] + _OPEN, layout.delimiter)
    if cells and (cells[-1].endswith(_OPEN) or len(raw) > KEY_BYTES):
        cells.pop()
    if len(cells) <= at:
        return None
    try:
        return cells[at].encode("latin-1").decode(layout.encoding).strip() or None
    except UnicodeDecodeError:
        return None


def without(size: int, faults: Faults) -> Mask:
    """Return a mask of `size` records that leaves out the faulty ones."""
    mask: Mask = np.ones(size, np.bool_)
    mask[list(faults)] = False
    return mask


def blank(rows: int) -> pa.Array:
    """Return a text column of missing values."""
    return pa.nulls(rows, pa.string())


def unreadable(data: bytes, records: Records, encoding: str) -> Faults:
    """Return the records with bytes outside the encoding, or with NUL."""
    faults: Faults = {row: ("UNDECODABLE", detail) for row, detail in undecodable(data, records, encoding).items()}
    for row in np.unique(rows_at(records, positions(data, 0))).tolist():
        faults.setdefault(row, ("CONTROL_CHARACTER", {"character": "U+0000"}))
    return faults


def ragged(cells: int, layout: Layout) -> Fault:
    """Return the fault of a record whose number of cells is not the header's."""
    columns = len(layout.columns)
    return "ROW_TOO_LONG" if cells > columns else "ROW_TOO_SHORT", {"cells": cells, "columns": columns}


def broken_quotes(code: str, size: int, lines: int) -> Fault:
    """Return the fault of a record that the exact reader could not close or that is too large."""
    limits = {"limit_bytes": RECORD_BYTES, "limit_lines": RECORD_LINES}
    details: dict[str, dict[str, object]] = {
        "UNCLOSED_QUOTE": {"limit": f"{RECORD_LINES} lines, {RECORD_BYTES} bytes or the end of the file"},
        "RECORD_TOO_LARGE": {"size": size, "lines": lines, **limits},
    }
    return code, details.get(code, {})
