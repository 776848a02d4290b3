"""Tells on which physical line of its file each line of a table stands."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from pathlib import Path

from exchange.assemble.explain_shown import TableLine
from exchange.config.workspace import table_file
from exchange.kernel.table import Table
from exchange.mapping.explain import Read


def table_line(root: Path, tables: dict[str, Table], read: Read) -> TableLine:
    """Return a look into a table with its place in the table's file."""
    file, line, found = table_file(read.table), 0, None
    if read.line >= 0:
        lines = _lines((root / file).read_bytes())
        line = lines[read.line] if read.line < len(lines) else 0
        found = tables[read.table].rows[read.value][read.line].as_py()
    return TableLine(read.table, file, line, read.wanted, read.value, found)


@lru_cache(maxsize=8)
def _lines(content: bytes) -> tuple[int, ...]:
    """Return the physical line of each line of a table, header left out; blank ones count in the file alone."""
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    starts, before = [], 0
    for row in reader:
        if row:
            starts.append(before + 1)
        before = reader.line_num
    return tuple(starts[1:])
