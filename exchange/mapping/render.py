"""How each kind of value is written to a file when no step says otherwise."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from exchange.mapping import decimals, moments


def as_text(values: pa.Array) -> pa.Array:
    """Write digits, decimals with a point and two to four places, times as ISO 8601 in UTC, true and false."""
    if pa.types.is_string(values.type):
        return values
    if pa.types.is_decimal(values.type):
        return decimals.to_text(values) if values.type.scale == 4 else pc.cast(values, pa.string())
    if pa.types.is_timestamp(values.type):
        return moments.iso(values)
    return pc.cast(values, pa.string())
