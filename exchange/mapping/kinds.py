"""The five kinds of column values between steps, their Arrow types, and the small kernels every step needs."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.loader import FieldType
from exchange.kernel.chunk import Mask, cells_of

Kind = Literal["text", "integer", "decimal", "datetime", "boolean"]

NARROW = pa.decimal128(18, 4)
"""Type of every decimal that leaves a mapping."""
UTC = pa.timestamp("us", tz="UTC")
ARROW: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "decimal": NARROW,
    "datetime": UTC,
    "boolean": pa.bool_(),
}
_OF_FIELD: dict[FieldType, Kind] = {
    "text": "text",
    "identifier": "text",
    "country": "text",
    "currency": "text",
    "integer": "integer",
    "decimal": "decimal",
    "datetime": "datetime",
    "boolean": "boolean",
}


def kind_of_field(field_type: FieldType) -> Kind:
    """Return the kind of a document field's type: identifiers and codes are text."""
    return _OF_FIELD[field_type]


def is_of(values: pa.Array, kind: Kind) -> bool:
    """Tell whether a column is of a kind: between steps decimals have any width, and moments any zone."""
    if kind == "decimal":
        return bool(pa.types.is_decimal(values.type))
    if kind == "datetime":
        return bool(pa.types.is_timestamp(values.type)) and values.type.tz is not None
    return bool(values.type == ARROW[kind])


def mask_of(values: pa.Array) -> Mask:
    """Return a boolean Arrow array as a numpy mask; null counts as False."""
    filled = values.fill_null(False) if values.null_count else values  # noqa: FBT003 - a value, not a switch
    made: Mask = filled.to_numpy(zero_copy_only=False)
    return made


def valid_mask(values: pa.Array) -> Mask:
    """Return which rows hold a value."""
    if not values.null_count:
        return np.ones(len(values), dtype=np.bool_)
    return mask_of(values.is_valid())


def without(values: pa.Array, rows: Mask) -> pa.Array:
    """Return the values with the given rows made null."""
    return pc.if_else(pa.array(rows), pa.scalar(None, values.type), values)


def blank_to_null(values: pa.Array) -> pa.Array:
    """Return text with every empty cell made null."""
    blank = np.diff(cells_of(values)[0]) == 0
    if values.null_count and blank.any():
        blank &= valid_mask(values)
    return without(values, blank) if blank.any() else values


def integers(values: pa.Array) -> npt.NDArray[np.int64]:
    """Return an int64 Arrow array as numpy, with 0 for null."""
    made: npt.NDArray[np.int64] = values.fill_null(0).to_numpy(zero_copy_only=False)
    return made


def bitmap(valid: Mask) -> pa.Buffer | None:
    """Return the validity buffer of an array whose rows hold a value where `valid` says so."""
    return None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
