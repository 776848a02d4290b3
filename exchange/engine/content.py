"""The content hash of a document: equal content, equal hash, whatever the file around it looks like."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Columns

HASH_BYTES = 16
_CELL, _LINE, _BLANK = "\x1f", "\x1e", "\x00"


def content_hashes(
    header: Columns, lines: Columns, first: Ints, compared: tuple[tuple[str, ...], tuple[str, ...]]
) -> list[bytes]:
    """Return 16 bytes per document over its compared header and line fields.

    `first`: row of `lines` on which each document begins. `compared`: the header and line fields that count.
    """
    heads = _joined(header, compared[0], len(first))
    rows = _joined(lines, compared[1], len(next(iter(lines.values()))) if lines else 0)
    offsets = pa.array(np.append(first, len(rows)).astype(np.int32))
    texts = pc.binary_join_element_wise(heads, pc.binary_join(pa.ListArray.from_arrays(offsets, rows), _LINE), _LINE)
    return [hashlib.blake2b(text, digest_size=HASH_BYTES).digest() for text in texts.cast(pa.binary()).to_pylist()]


def _joined(columns: Columns, names: tuple[str, ...], rows: int) -> pa.Array:
    """Return one text per row; an absent field counts as blank."""
    blank = pa.repeat(pa.scalar(_BLANK), rows)
    cells = [columns[name].cast(pa.string()) if name in columns else blank for name in names]
    return pc.binary_join_element_wise(*cells, _CELL, null_handling="replace", null_replacement=_BLANK)
