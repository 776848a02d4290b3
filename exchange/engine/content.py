"""The content hash of a document: equal content, equal hash, whatever the file around it looks like.

XXH3-128: its definition is frozen, so that hashes in the ledger stay good; nobody forges an order against himself, so
it need not be cryptographic, which would cost seven times as much.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xxhash import xxh3_128_digest

from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Columns

HASH_BYTES = 16
_CELL, _LINE, _BLANK = b"\xfe", b"\xfd", b"\xff"
"""Bytes that UTF-8 text never holds, so that no text can look like two cells or like none."""
_FIXED = {16: pa.types.is_decimal, 8: lambda kind: pa.types.is_integer(kind) or pa.types.is_timestamp(kind)}
"""Bytes of a value -> the types of that width; they are hashed as they lie in memory, which needs no formatting."""


def content_hashes(
    header: Columns, lines: Columns, first: Ints, compared: tuple[tuple[str, ...], tuple[str, ...]]
) -> list[bytes]:
    """Return 16 bytes per document over its compared header and line fields.

    `first`: row of `lines` on which each document begins. `compared`: the header and line fields that count.
    """
    if not len(first):
        return []
    heads = _joined(header, compared[0], len(first))
    rows = _joined(lines, compared[1], len(next(iter(lines.values()))))
    offsets = pa.array(np.append(first, len(rows)).astype(np.int32))
    texts = pc.binary_join_element_wise(heads, pc.binary_join(pa.ListArray.from_arrays(offsets, rows), _LINE), _LINE)
    return list(map(xxh3_128_digest, texts.to_pylist()))


def _joined(columns: Columns, names: tuple[str, ...], rows: int) -> pa.Array:
    """Return one value per row; an absent field counts as blank."""
    blank = pa.scalar(_BLANK, pa.binary())
    cells: list[pa.Array | pa.Scalar] = [blank] * len(names)
    for place, name in enumerate(names):
        column = columns.get(name)
        if column is not None and column.null_count < rows:
            cells[place] = _as_bytes(column)
    if all(isinstance(cell, pa.Scalar) for cell in cells):
        cells[0] = pa.repeat(blank, rows)
    return pc.binary_join_element_wise(*cells, pa.scalar(_CELL), null_handling="replace", null_replacement=_BLANK)


def _as_bytes(column: pa.Array) -> pa.Array:
    for width, fits in _FIXED.items():
        if fits(column.type):
            return column.view(pa.binary(width)).cast(pa.binary())
    return (column if pa.types.is_string(column.type) else column.cast(pa.string())).cast(pa.binary())
