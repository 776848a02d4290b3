"""How a flow gives stock to what is ordered, compiled from its rules and the table of packs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from exchange.config.fulfilment import Availability
from exchange.kernel.pipeline import Allotting
from exchange.kernel.stock_rows import EACH
from exchange.kernel.table import Table

PACKS = "packs"
"""The table that says how many base units one unit of an item holds."""


def allotting(rule: Availability | None, tables: Mapping[str, Table]) -> Allotting | None:
    """Return how stock is given to what is ordered; None where nobody asks for stock."""
    if rule is None:
        return None
    return Allotting(rule.short, rule.per == "location", partial(size, packs=sizes(tables.get(PACKS))))


def sizes(table: Table | None) -> dict[tuple[str, str], int]:
    """Return (item, unit) -> base units in one; without lines that are no whole number."""
    names = ("item_number", "unit", "quantity")
    if table is None or not set(names) <= set(table.rows):
        return {}
    rows = zip(*(table.rows[name].to_pylist() for name in names), strict=True)
    return {(item, unit): int(held) for item, unit, held in rows if item and unit and (held or "").isdecimal()}


def size(item: str, unit: str, packs: Mapping[tuple[str, str], int]) -> int | None:
    """Return how many base units one unit of an item holds; None where no table says so."""
    return packs.get((item, unit), 1 if unit == EACH else None)
