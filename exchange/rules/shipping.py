"""Which documents can be shipped: a line that needs shipping, and an address to ship to."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from exchange.kernel.chunk import CellFailure, Ints, Mask
from exchange.kernel.pipeline import Columns

ADDRESS = ("name", "company", "line1", "line2", "city", "postcode", "country")
"""Any of these filled makes a shipping address."""
NEEDED = {"name": "name", "line1": "street (line 1)", "city": "city", "country": "country"}
"""A shipping address without one of these is half an address."""


def shippable(header: Columns, lines: Columns, owner: Ints, *, needed: bool) -> tuple[Mask, list[CellFailure]]:
    """Return which documents are to be shipped, and what is missing in their addresses.

    A document without a line that needs shipping, or without any address (point of sale), is not to be shipped.
    `owner`: document of each line. `needed`: some target ships; without one nobody misses an address.
    """
    documents = len(next(iter(header.values())))
    wants = np.zeros(documents, bool)
    if "requires_shipping" in lines:
        need = pc.fill_null(lines["requires_shipping"], fill_value=True).to_numpy(zero_copy_only=False)
    else:
        need = np.ones(len(owner), bool)
    wants[owner[need]] = True
    has = np.zeros(documents, bool)
    for part in ADDRESS:
        has |= _filled(header, part, documents)
    ships = wants & has
    if not needed:
        return ships, []
    failures = [
        CellFailure(row, f"ship_to.{part}", None, None, "ADDRESS_INCOMPLETE")
        for part in NEEDED
        for row in np.flatnonzero(ships & ~_filled(header, part, documents)).tolist()
    ]
    return ships, failures


def _filled(header: Columns, part: str, rows: int) -> Mask:
    column = header.get(f"ship_to.{part}")
    if column is None:
        return np.zeros(rows, bool)
    made: Mask = column.is_valid().to_numpy(zero_copy_only=False)
    return made
