"""The content hash of a document: equal content, equal hash, whatever the file around it looks like.

XXH3-64: its definition is frozen, so that hashes in the ledger stay good. A hash is only ever compared with that of the
same document before, so 64 bits are plenty; nobody forges an order against himself, so it need not be cryptographic.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xxhash import xxh3_64_intdigest

from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Columns

_CELL, _LINE, _BLANK = b"\xfe", b"\xfd", b"\xff"
"""Bytes that UTF-8 text never holds, so that no text can look like two cells or like none."""
_AT_ONCE = 500
"""Documents as Python bytes at one time: so few that each finds the memory of one before it still in the cache."""
_FIXED = {16: pa.types.is_decimal, 8: lambda kind: pa.types.is_integer(kind) or pa.types.is_timestamp(kind)}
"""Bytes of a value -> the types of that width; they are hashed as they lie in memory, which needs no formatting."""


def content_hashes(
    header: Columns, lines: Columns, first: Ints, compared: tuple[tuple[str, ...], tuple[str, ...]]
) -> Ints:
    """Return 64 bits per document over its compared header and line fields.

    `first`: row of `lines` on which each document begins. `compared`: the header and line fields that count.
    """
    if not len(first):
        return np.empty(0, np.int64)
    heads = _joined(header, compared[0], len(first))
    rows = _joined(lines, compared[1], len(next(iter(lines.values()))))
    offsets = pa.array(np.append(first, len(rows)).astype(np.int32))
    texts = pc.binary_join_element_wise(heads, pc.binary_join(pa.ListArray.from_arrays(offsets, rows), _LINE), _LINE)
    parts = (texts.slice(start, _AT_ONCE).to_pylist() for start in range(0, len(texts), _AT_ONCE))
    return np.fromiter(map(xxh3_64_intdigest, chain.from_iterable(parts)), np.uint64, len(first)).view(np.int64)


def _joined(columns: Columns, names: tuple[str, ...], rows: int) -> pa.Array:
    """Return one value per row; an absent field counts as blank."""
    cells: list[pa.Array | pa.Scalar] = []
    blanks: list[bytes] = []
    for name in names:
        column = columns.get(name)
        if column is None or column.null_count == rows:
            blanks.append(_BLANK)  # most fields of most shops: joined once here, and not for every row
            continue
        cells += [*_scalar(blanks), _as_bytes(column)]
        blanks = []
    cells += _scalar(blanks)
    if all(isinstance(cell, pa.Scalar) for cell in cells):
        cells[0] = pa.repeat(cells[0], rows)
    return pc.binary_join_element_wise(*cells, pa.scalar(_CELL), null_handling="replace", null_replacement=_BLANK)


def _scalar(blanks: list[bytes]) -> list[pa.Scalar]:
    return [pa.scalar(_CELL.join(blanks), pa.binary())] if blanks else []


def _as_bytes(column: pa.Array) -> pa.Array:
    for width, fits in _FIXED.items():
        if fits(column.type):
            return column.view(pa.binary(width)).cast(pa.binary())
    return (column if pa.types.is_string(column.type) else column.cast(pa.string())).cast(pa.binary())
