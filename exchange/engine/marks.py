"""What the documents of a target are called by in the names of its files, and what its files are parted by."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.prepared import Prepared
from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Target


def marks_of(prepared: Prepared, target: Target, document: Ints, warehouse: pa.Array | None) -> dict[str, list[str]]:
    """Return the texts of the target's marks for each record; blank where a document does not have the field.

    `document`: row of each record in the span's documents; `warehouse`: that of each record, where it is a part.
    """
    made = {}
    for mark, name in target.marks.items():
        if target.per_part and name == "warehouse":
            made[mark] = [""] * len(document) if warehouse is None else _texts(warehouse)
        elif name in prepared.header.column_names:
            made[mark] = _texts(prepared.header.column(name).take(pa.array(document)))
        else:
            made[mark] = [""] * len(document)
    return made


def _texts(column: pa.Array | pa.ChunkedArray) -> list[str]:
    texts: list[str] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
    return texts
