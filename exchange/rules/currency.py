"""How many digits amounts have in each currency (ISO 4217, minor units)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Columns
from exchange.rules.allocation import CENT
from exchange.rules.amounts import ONE

DIGITS = {
    0: (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ),
    3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
    4: ("CLF", "UYW"),
}
"""Digits behind the point -> the currencies; every other one has two. Source: ISO 4217 list one, 2026."""
_CODES = pa.array([code for codes in DIGITS.values() for code in codes], pa.string())
_COINS = np.array([CENT, *(ONE // 10**digits for digits, codes in DIGITS.items() for _ in codes)], np.int64)


def coins(header: Columns, count: int) -> Ints:
    """Return the smallest step of amounts in each document's currency, in ten-thousandths."""
    if "currency" not in header:
        return np.full(count, CENT, np.int64)
    places = pc.fill_null(pc.index_in(header["currency"], value_set=_CODES), -1).to_numpy(zero_copy_only=False)
    made: Ints = _COINS[places + 1]
    return made
