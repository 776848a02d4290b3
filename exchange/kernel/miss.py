"""What a table lacks, as a value; light, because idle runs look whether it is there by now."""

from __future__ import annotations

import json
from dataclasses import dataclass

CODES = ("LOOKUP_MISS", "UNIT_UNKNOWN")
"""Codes of problems that a line in a table helps."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A line that a table lacks."""

    table: str
    key: tuple[str, ...]
    """Columns of the table that it was looked up by."""
    cells: tuple[str, ...]
    """What was looked for in each of them."""

    @property
    def kept(self) -> str:
        """Return columns and cells as the ledger keeps them."""
        return json.dumps(dict(zip(self.key, self.cells, strict=True)), ensure_ascii=False)


def kept_miss(table: str, kept: str, value: str | None) -> Miss:
    """Return what the ledger keeps as lacking.

    Of several columns ledgers kept the first alone at first, and its cell as the problem's value.
    """
    if kept.startswith("{"):
        looked_up = json.loads(kept)
        return Miss(table, tuple(looked_up), tuple(looked_up.values()))
    return Miss(table, (kept.partition(", ")[0],), (value or "",))
