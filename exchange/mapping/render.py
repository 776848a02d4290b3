"""How each kind of value is written to a file when no step says otherwise."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from exchange.mapping import decimals, moments

_LEAST = 2
"""Digits behind the point that every decimal is written with."""


def as_text(values: pa.Array) -> pa.Array:
    """Write digits, decimals with a point and two to four places, times as ISO 8601 in UTC, true and false."""
    if pa.types.is_string(values.type):
        return values
    if pa.types.is_decimal(values.type):
        return decimals.to_text(values) if values.type.scale == 4 else pc.cast(values, pa.string())
    if pa.types.is_timestamp(values.type):
        return moments.iso(values)
    return pc.cast(values, pa.string())


def in_coins(texts: pa.Array, places: pa.Array) -> pa.Array:
    """Return amounts as `as_text` writes them with the digits that their currencies have: 34 for yen, 1.500 for dinars.

    `places`: how many each has. No digit is lost that is not 0.
    """
    for digits in pc.unique(places).to_pylist():
        rows = pc.equal(places, digits)
        if digits == 0:
            texts = pc.if_else(rows, pc.replace_substring_regex(texts, r"\.0+$", ""), texts)
        for short in range(_LEAST, digits):
            lacks = pc.and_(rows, pc.match_substring_regex(texts, rf"\.\d{{{short}}}$"))
            texts = pc.if_else(lacks, pc.binary_join_element_wise(texts, "0" * (digits - short), ""), texts)
    return texts
