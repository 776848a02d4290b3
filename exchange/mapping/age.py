"""Reads how old each row is from a column, for pick-ups that say so."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import CellFailure
from exchange.kernel.pipeline import RowAges
from exchange.mapping import moments
from exchange.mapping.kinds import valid_mask


def row_ages(cells: pa.Array, column: str, form: str, zone: str) -> RowAges:
    """Return the moment (UTC) in each cell; `zone` is the clock of cells that have no offset. Blank cells tell none."""
    trimmed = pc.utf8_trim_whitespace(cells)
    text = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    read, good = moments.read(text, form)
    if "%z" not in form and zone != "UTC":
        made, skipped = moments.from_local(read, good, zone)
        read, good = made.cast(pa.int64()).fill_null(0).to_numpy(), good & ~skipped
    bad = np.flatnonzero(valid_mask(text) & ~good).tolist()
    detail = {"format": form}
    failures = [CellFailure(row, column, column, cells[row].as_py(), "AS_OF_UNREADABLE", detail) for row in bad]
    return RowAges(read, good, failures)
