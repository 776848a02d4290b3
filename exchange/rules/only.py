"""The rule of `only:`: which documents stay outside of a pilot, each whole, and what keeps it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.model import OUTSIDE
from exchange.kernel.pipeline import Columns

_WORDS = {"order_number": "its number", "customer_email": "its customer"}
"""Header field -> what is said of a value that is not listed; addresses are nobody's business in a ledger."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """What is let through; None lets everything through."""

    skus: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    customers: tuple[str, ...] | None = None
    """Folded."""
    orders: tuple[str, ...] | None = None
    channel: str = ""
    """The channel that the documents come through."""


def outside(levels: tuple[Columns, Columns], owner: Ints, masks: tuple[Mask, Mask], pilot: Pilot) -> pa.Array:
    """Return, per document, why it stays outside of the pilot; null for those within.

    `levels`: header and line fields; `owner`: document of each line; `masks`: the lines that go anywhere, and the
    documents with an error. A value that could not be read decides nothing: such a document stays an error.
    """
    header, lines = levels
    keep, bad = masks
    reasons: list[str | None] = [None] * len(bad)
    if pilot.channels is not None and pilot.channel not in pilot.channels:
        return pa.array([f"{OUTSIDE}: channel {pilot.channel}"] * len(bad), pa.string())
    found = [*_by_header(header, pilot, bad), *_by_sku(header, (lines, owner, keep), pilot, bad)]
    for document, why in found:
        if reasons[document] is None:
            reasons[document] = f"{OUTSIDE}: {why}"
    return pa.array(reasons, pa.string())


def _by_header(header: Columns, pilot: Pilot, bad: Mask) -> Iterator[tuple[int, str]]:
    for name, listed in (("order_number", pilot.orders), ("customer_email", pilot.customers)):
        if listed is None:
            continue
        values = _column(header, name, len(bad))
        wanted = pc.utf8_lower(values) if name == "customer_email" else values
        for document in _others(wanted, listed, bad).tolist():
            yield document, _WORDS[name] if values[document].is_valid else f"{name} is blank"


def _by_sku(header: Columns, rows: tuple[Columns, Ints, Mask], pilot: Pilot, bad: Mask) -> Iterator[tuple[int, str]]:
    if pilot.skus is None:
        return
    lines, owner, keep = rows
    if "sku" in lines:
        values, whose = _column(lines, "sku", len(owner)), owner
    else:
        values, whose, keep = _column(header, "sku", len(bad)), np.arange(len(bad)), np.ones(len(bad), bool)
    for row in _others(values, pilot.skus, bad[whose]).tolist():
        if keep[row]:
            yield int(whose[row]), f"sku {values[row].as_py()}" if values[row].is_valid else "a sku is blank"


def _column(level: Columns, name: str, rows: int) -> pa.Array:
    return level[name] if name in level else pa.nulls(rows, pa.string())


def _others(values: pa.Array, listed: Iterable[str], bad: Mask) -> Ints:
    """Return the rows whose value is not listed; a blank one counts only where nothing is wrong."""
    listed_ones = pc.is_in(values, value_set=pa.array(list(listed), pa.string())).to_numpy(zero_copy_only=False)
    unread = bad & values.is_null().to_numpy(zero_copy_only=False)
    made: Ints = np.flatnonzero(~listed_ones & ~unread)
    return made
