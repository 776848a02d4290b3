"""Finds the rejects that waited for tables alone, where the tables have by now what was missing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from exchange.engine.discover import Ready
from exchange.engine.house import House
from exchange.engine.single import Outcome, guarded
from exchange.kernel.load import load
from exchange.kernel.reject_rows import Miss, Parked

TABLES = "mappings/tables"
_UNPARK = "exchange.engine.unpark:unpark"
ROWS = (_UNPARK,)
"""Imports pandas: loaded when there is something to take up again."""


class Shelves:
    """The tables of a workspace, as far as a look takes: which values a column holds. Each file is read once."""

    def __init__(self, root: Path) -> None:
        self._folder = root / TABLES
        self._columns: dict[tuple[str, str], frozenset[str]] = {}
        self._edited: dict[str, float] = {}

    def has(self, misses: Iterable[Miss]) -> set[Miss]:
        """Return those that are there now."""
        return {miss for miss in misses if _plain(miss.value) in self._column(miss.table, miss.key)}

    def edited_since(self, tables: Iterable[str], opened_at: datetime) -> bool:
        """Tell whether a table was edited since a reject was opened: what the look-up refused then, it refuses now."""
        return any(self._edited_at(table) >= opened_at.timestamp() for table in tables)

    def last_edit(self) -> datetime:
        """Return when a table was edited last, rounded up: no later reject can be taken up."""
        edits = (path.stat().st_mtime for path in self._folder.glob("*.csv"))
        return datetime.fromtimestamp(max(edits, default=0.0), UTC) + timedelta(milliseconds=1)

    def _edited_at(self, table: str) -> float:
        if table not in self._edited:
            path = self._folder / f"{table}.csv"
            self._edited[table] = path.stat().st_mtime if path.exists() else 0
        return self._edited[table]

    def _column(self, table: str, key: str) -> frozenset[str]:
        if (table, key) not in self._columns:
            self._columns[table, key] = frozenset(_cells(self._folder / f"{table}.csv", key))
        return self._columns[table, key]


def _cells(path: Path, key: str) -> Iterator[str]:
    """Yield the cells of a column; of several (`item, list`) those of the first are enough for a look."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                yield _plain(row.get(key.partition(", ")[0]) or "")
    except (OSError, UnicodeDecodeError, csv.Error):
        return  # `check` says what is wrong with it


def _plain(text: str) -> str:
    """Return a value as steps before a look-up may have changed it: the real look-up decides."""
    return text.strip().casefold()


def taken_up(house: House, only: Ready | None = None) -> Iterator[Outcome]:
    """Take up again what waited for a table alone and is there now, claim by claim, the oldest first.

    Not in a dry run, nor in one that is asked for a single file.
    """
    if house.dry or only is not None:
        return
    shelves = Shelves(house.root)
    waiting = house.ledger.rejects.parked(house.flow.flow, shelves.last_edit())
    waiting = [p for p in waiting if shelves.edited_since({miss.table for miss in p.misses}, p.reject.opened_at)]
    there = shelves.has(miss for parked in waiting for miss in parked.misses)
    groups: dict[str, list[Parked]] = {}
    for parked in waiting:
        if there.issuperset(parked.misses):
            groups.setdefault(parked.reject.claim, []).append(parked)
    if groups:
        house.sound()
    for claim, some in groups.items():  # a claim has one origin, so its documents go on together
        house.safe_point()
        name = f"rejects of claim {claim}"
        yield from guarded(house, name, partial(load(_UNPARK), house, claim, [parked.reject for parked in some]))
