"""The release rule: which documents go out by themselves, which wait, which never go."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.rules import Release
from exchange.kernel.chunk import Mask
from exchange.kernel.pipeline import Columns, Verdicts

TAKEN_BACK = {"payment_status": ("refunded", "voided")}
"""Once a document was sent, these values mean it must not be shipped any more."""


def release(columns: Columns, rows: int, rule: Release) -> Verdicts:
    """Judge each document by its own fields: filtered if any `filter` value fits, released if every `when` fits."""
    reasons: list[str] = [""] * rows
    filtered = np.zeros(rows, bool)
    for name, values in rule.filter.items():
        filtered |= _note(columns, rows, name, _fits(columns, rows, name, values), reasons)
    cancelled = _filled(columns, rows, "cancelled_at")
    for row in np.flatnonzero(cancelled).tolist():
        reasons[row] = "cancelled before it was sent"
    filtered |= cancelled
    released = np.ones(rows, bool)
    for name, values in rule.when.items():
        fits = _fits(columns, rows, name, values)
        _note(columns, rows, name, ~fits & ~filtered, reasons)
        released &= fits
    if rule.otherwise == "release":
        released[:] = True
    elif rule.otherwise == "filter":
        filtered |= ~released
    return Verdicts(released & ~filtered, filtered, tuple(reasons))


def taken_back(columns: Columns, rows: int) -> list[str | None]:
    """Return per document what makes it pointless once it was sent, for example `cancelled`; None for nothing."""
    found: list[str | None] = [None] * rows
    for name, values in TAKEN_BACK.items():
        for row in np.flatnonzero(_fits(columns, rows, name, values)).tolist():
            found[row] = columns[name][row].as_py()
    for row in np.flatnonzero(_filled(columns, rows, "cancelled_at")).tolist():
        found[row] = "cancelled"
    return found


def keep_lines(columns: Columns, rows: int, unwanted: Mapping[str, tuple[str, ...]]) -> Mask:
    """Return the lines that go anywhere: those with none of the unwanted values."""
    keep = np.ones(rows, bool)
    for name, values in unwanted.items():
        keep &= ~_fits(columns, rows, name, values)
    return keep


def _fits(columns: Columns, rows: int, name: str, values: tuple[str, ...]) -> Mask:
    if name not in columns:
        return np.zeros(rows, bool)
    made: Mask = pc.is_in(columns[name], value_set=pa.array(values, pa.string())).to_numpy(zero_copy_only=False)
    return made


def _filled(columns: Columns, rows: int, name: str) -> Mask:
    if name not in columns:
        return np.zeros(rows, bool)
    made: Mask = columns[name].is_valid().to_numpy(zero_copy_only=False)
    return made


def _note(columns: Columns, rows: int, name: str, mask: Mask, reasons: list[str]) -> Mask:
    """Write down the value that decided, where no other did before."""
    places = np.flatnonzero(mask)
    if len(places):
        values = columns[name].take(pa.array(places)).to_pylist() if name in columns else [None] * rows
        for row, value in zip(places.tolist(), values, strict=False):
            reasons[row] = reasons[row] or f"{name} is {value or 'blank'}"
    return mask
