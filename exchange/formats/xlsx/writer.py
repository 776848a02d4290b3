"""Rows of CSV into a workbook of text cells: what people see is what was written, zeros and formulas included."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from exchange.formats.delimited.render import Columns
from exchange.kernel.chunk import CellFailure, Ints
from exchange.kernel.errors import ConfigurationError

CELL_CHARACTERS = 32_767
"""What a cell of a workbook holds; more is cut without a word by the programs that write workbooks."""
ROWS = 1_048_576
"""What a sheet holds, its header included."""
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Written into each workbook, so that the same rows make the same bytes."""
_WIDTH = 40


def too_long(columns: Columns, document: Ints) -> list[CellFailure]:
    """Return the cells that no workbook can hold; `document` is that of each row."""
    failures = []
    for name, column in columns.items():
        units = pc.utf8_length(column)
        if len(column) and (pc.max(units).as_py() or 0) > CELL_CHARACTERS // 2:
            # Counted as spreadsheets do: a character outside the basic plane takes two.
            units = pa.array([len((cell or "").encode("utf-16-le")) // 2 for cell in column.to_pylist()])
        long = pc.fill_null(pc.greater(units, CELL_CHARACTERS), fill_value=False).to_numpy(zero_copy_only=False)
        for row in np.flatnonzero(long).tolist():
            detail = {"length": units[row].as_py(), "limit": CELL_CHARACTERS}
            failures.append(CellFailure(int(document[row]), name, None, column[row].as_py(), "TOO_LONG", detail))
    return failures


def write_workbook(rows: Path, target: Path, sheet: str) -> None:
    """Write the rows of a CSV file (UTF-8, commas) as the only sheet of a workbook; memory is flat."""
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(target), options) as book, rows.open(encoding="utf-8", newline="") as stream:
        book.set_properties({"created": _CREATED})
        page = book.add_worksheet(sheet or None)
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True})
        page.freeze_panes(1, 0)
        for number, cells in enumerate(csv.reader(stream)):
            if number == 0:
                page.set_column(0, max(0, len(cells) - 1), min(_WIDTH, 16), text)
            for place, cell in enumerate(cells):
                if cell and page.write_string(number, place, cell, text if number else bold):
                    raise ConfigurationError(
                        f"{target.name}: row {number + 1} does not fit into a workbook ({ROWS} rows, {CELL_CHARACTERS} "
                        "characters in a cell); write `documents_per_file:` for this delivery, or shorter names"
                    )
