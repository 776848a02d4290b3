"""How a flow gives stock to what is ordered, compiled from its rules and the table of packs."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.config.fulfilment import Availability
from exchange.documents.packs import COLUMNS, NO_PACKS, PackSizes, pack_sizes
from exchange.kernel.pipeline import Allotting
from exchange.kernel.table import Table

PACKS = "packs"
"""The table that says how many base units one unit of an item holds."""


def allotting(rule: Availability | None, tables: Mapping[str, Table]) -> Allotting | None:
    """Return how stock is given to what is ordered; None where nobody asks for stock."""
    if rule is None:
        return None
    return Allotting(rule.short, rule.per == "location", packs_in(tables).size)


def packs_in(tables: Mapping[str, Table]) -> PackSizes:
    """Return what units hold by the table of packs, without lines that say nothing; nothing where there is none."""
    table = tables.get(PACKS)
    if table is None or not set(COLUMNS) <= set(table.rows):
        return NO_PACKS
    return pack_sizes(zip(*(table.rows[name].to_pylist() for name in COLUMNS), strict=True))[0]
