"""The smallest step that amounts have in the currency of each document."""

from __future__ import annotations

import numpy as np

from exchange.documents.currencies import places_of
from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Columns
from exchange.rules.allocation import CENT
from exchange.rules.amounts import ONE


def coins(header: Columns, count: int) -> Ints:
    """Return the smallest step of amounts in each document's currency, in ten-thousandths."""
    if "currency" not in header:
        return np.full(count, CENT, np.int64)
    made: Ints = ONE // 10 ** places_of(header["currency"])
    return made
