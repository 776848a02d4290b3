"""What the tables of a workspace hold, as far as a look takes; light, because idle runs look too."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from exchange.kernel.miss import Miss

TABLES = "mappings/tables"


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
