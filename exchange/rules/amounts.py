"""Exact amounts as whole ten-thousandths in int64, to and from Arrow decimals and text."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.loader import DECIMAL_PLACES
from exchange.kernel.chunk import Ints

AMOUNT = pa.decimal128(18, DECIMAL_PLACES)
"""18 digits fit in int64, which is what makes column arithmetic exact."""
ONE = 10**DECIMAL_PLACES
LARGEST = 10**18 - 1
"""The largest amount the type holds, in ten-thousandths."""
_ZERO = pa.scalar(Decimal(0), AMOUNT)


def to_ints(column: pa.Array) -> Ints:
    """Return decimal128(18, 4) amounts as ten-thousandths; nulls are 0."""
    filled = pc.fill_null(column.cast(AMOUNT), _ZERO)
    # A decimal128 is 16 bytes, low word first; 18 digits leave the high word to the sign.
    words = np.frombuffer(filled.buffers()[1], np.int64) if len(filled) else np.zeros(0, np.int64)
    return words[2 * filled.offset : 2 * (filled.offset + len(filled)) : 2].copy()


def to_decimals(amounts: Ints) -> pa.Array:
    """Return ten-thousandths as decimal128(18, 4)."""
    words = np.empty((len(amounts), 2), np.int64)
    words[:, 0], words[:, 1] = amounts, amounts >> 63
    return pa.Array.from_buffers(AMOUNT, len(amounts), [None, pa.py_buffer(words)])


def to_text(amount: int) -> str:
    """Return ten-thousandths as people write them: at least two decimal places, no trailing zeros beyond."""
    whole, digits = divmod(abs(amount), ONE)
    fraction = f"{digits:0{DECIMAL_PLACES}}".rstrip("0").ljust(2, "0")
    return f"{'-' if amount < 0 else ''}{whole}.{fraction}"
