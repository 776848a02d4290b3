"""How many digits amounts have in each currency (ISO 4217, minor units), and which columns are amounts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.loader import Field

USUAL = 2
"""Digits behind the point of every currency that DIGITS does not name."""
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
_PLACES = np.array([USUAL, *(digits for digits, codes in DIGITS.items() for _ in codes)], np.int64)


def places_of(currencies: pa.Array) -> npt.NDArray[np.int64]:
    """Return how many digits behind the point amounts have in each of some currencies."""
    found = pc.fill_null(pc.index_in(currencies, value_set=_CODES), -1).to_numpy(zero_copy_only=False)
    made: npt.NDArray[np.int64] = _PLACES[found + 1]
    return made


def amounts(fields: Mapping[str, Field]) -> frozenset[str]:
    """Return the fields that are amounts of money."""
    return frozenset(name for name, field in fields.items() if field.unit in {"currency", "see currency"})
