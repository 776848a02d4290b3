"""What parts a document is split into: lines of one key are one part, and every line belongs to exactly one."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.pipeline import Columns

_BETWEEN = "\x1f"
"""Between the values of several fields; no text of a file holds it by accident."""


def keys(lines: Columns, rows: int, fields: tuple[str, ...]) -> pa.Array:
    """Return the key of each line, never null: one for each combination of the values of `fields`, for no fields one.

    Lines without a value share a key, as those of any other value do.
    """
    found = [_texts(lines[name]) if name in lines else pa.repeat(pa.scalar(""), rows) for name in fields]
    if len(found) < 2:
        return found[0] if found else pa.repeat(pa.scalar(""), rows)
    return pc.binary_join_element_wise(*found, _BETWEEN)


def _texts(column: pa.Array) -> pa.Array:
    return (column if pa.types.is_string(column.type) else column.cast(pa.string())).fill_null("")
