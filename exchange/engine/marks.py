"""What the documents of a target are called by in the names of its files, and what its files are parted by."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.prepared import Prepared
from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Target


def marks_of(prepared: Prepared, target: Target, document: Ints, lines: Ints) -> dict[str, list[str]]:
    """Return the texts of the target's marks for each record; blank where a document does not have the field.

    `document`: row of each record in the span's documents; `lines`: row of its first line in the span's lines.
    """
    return {mark: _texts(prepared, target, name, (document, lines)) for mark, name in target.marks.items()}


def _texts(prepared: Prepared, target: Target, name: str, rows: tuple[Ints, Ints]) -> list[str]:
    of_part = target.per_part and name == "warehouse"
    table, at = (prepared.lines, rows[1]) if of_part else (prepared.header, rows[0])
    if name not in table.column_names:
        return [""] * len(at)
    column = table.column(name).take(pa.array(at.astype(np.int64)))
    texts: list[str] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
    return texts
