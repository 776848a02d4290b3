"""What an order must tell before it crosses a customs border."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.rules import Customs
from exchange.kernel.chunk import CellFailure, Ints, Mask
from exchange.kernel.pipeline import Columns, Settled

Settle = Callable[[Columns, Columns, Ints, Mask], Settled]

UNIONS = {
    "EU": (
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MC",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ),
    "none": (),
}
"""Customs unions. Source: the European Commission's list of the customs territory, 2026 (with Monaco)."""


def settled_for_customs(
    header: Columns, lines: Columns, owner: Ints, bad: Mask, settle: Settle, rule: Customs
) -> Settled:
    """Settle the amounts of documents, and say what those lack that cross a border."""
    made = settle(header, lines, owner, bad)
    return replace(made, failures=[*made.failures, *customs_failures(header, lines, owner, rule)])


def customs_failures(header: Columns, lines: Columns, owner: Ints, rule: Customs) -> Iterator[CellFailure]:
    """Yield what orders that cross the border lack, as failures of their header rows."""
    if "ship_to.country" not in header:
        return
    country = header["ship_to.country"]
    inside = pa.array(sorted({rule.from_, *UNIONS[rule.union]}))
    crosses: Mask = pc.and_(country.is_valid(), pc.invert(pc.is_in(country, value_set=inside))).to_numpy(
        zero_copy_only=False
    )
    if not crosses.any():
        return
    for name in rule.header:
        for row in np.flatnonzero(crosses & _blank(header, name, len(crosses))).tolist():
            yield _missing(row, name, country)
    for name in rule.lines:
        blank = _blank(lines, name, len(owner)) & crosses[owner] & _shipped(lines, len(owner))
        for row in np.unique(owner[blank]).tolist():
            yield _missing(row, name, country)


def _missing(row: int, name: str, country: pa.Array) -> CellFailure:
    return CellFailure(row, name, None, None, "CUSTOMS_MISSING", {"country": country[row].as_py()})


def _blank(columns: Columns, name: str, count: int) -> Mask:
    if name not in columns:
        return np.ones(count, bool)
    made: Mask = columns[name].is_null().to_numpy(zero_copy_only=False)
    return made


def _shipped(lines: Columns, count: int) -> Mask:
    """Return the lines that cross the border at all: a gift card does not."""
    if "requires_shipping" not in lines:
        return np.ones(count, bool)
    made: Mask = pc.fill_null(lines["requires_shipping"], fill_value=True).to_numpy(zero_copy_only=False).astype(bool)
    return made
