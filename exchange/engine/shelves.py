"""What the tables of a workspace hold, as far as a look takes; light, because idle runs look too."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from exchange.kernel.load import load
from exchange.kernel.miss import Miss

TABLES = "mappings/tables"
_UNIT_OF = ("item_number", "unit")
"""Columns that a table of packs is looked up by; the unit may be written otherwise there."""
_PACK_SIZES = "exchange.documents.packs:pack_sizes"
ROWS = (_PACK_SIZES,)
"""Imports fractions: loaded when there is a unit to look for."""


class Shelves:
    """The tables of a workspace, as far as a look takes: which keys they hold. Each is read once."""

    def __init__(self, root: Path) -> None:
        self._folder = root / TABLES
        self._keys: dict[tuple[str, tuple[str, ...]], frozenset[tuple[str, ...]]] = {}
        self._packs: dict[str, Any] = {}
        self._edited: dict[str, float] = {}

    def has(self, misses: Iterable[Miss]) -> set[Miss]:
        """Return those that are there now."""
        return {miss for miss in misses if self._holds(miss)}

    def edited_since(self, tables: Iterable[str], opened_at: datetime) -> bool:
        """Tell whether a table was edited since a reject was opened: what the look-up refused then, it refuses now."""
        return any(self._edited_at(table) >= opened_at.timestamp() for table in tables)

    def last_edit(self) -> datetime:
        """Return when a table was edited last, rounded up: no later reject can be taken up."""
        edits = map(_came, self._folder.glob("*.csv"))
        return datetime.fromtimestamp(max(edits, default=0.0), UTC) + timedelta(milliseconds=1)

    def _edited_at(self, table: str) -> float:
        if table not in self._edited:
            path = self._folder / f"{table}.csv"
            self._edited[table] = _came(path) if path.exists() else 0
        return self._edited[table]

    def _holds(self, miss: Miss) -> bool:
        cells = tuple(map(_plain, miss.cells))
        if miss.key == _UNIT_OF:
            return bool(self._sizes(miss.table).knows(*cells))
        known = self._keys.get((miss.table, miss.key))
        if known is None:
            known = self._keys[miss.table, miss.key] = frozenset(_keys(self._folder / f"{miss.table}.csv", miss.key))
        return cells in known

    def _sizes(self, table: str) -> Any:
        """Return the pack sizes of a table: what a unit holds may be said by a line for another one."""
        if table not in self._packs:
            lines = _keys(self._folder / f"{table}.csv", (*_UNIT_OF, "quantity"))
            self._packs[table] = load(_PACK_SIZES)(lines)[0]
        return self._packs[table]


def _came(path: Path) -> float:
    """Return when a table was edited here, or put here: one that is copied or moved in may keep an older time."""
    seen = path.stat()
    return max(seen.st_mtime, seen.st_ctime)


def _keys(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of some columns, line by line; those of a column that the table lacks are blank."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows: Iterable[Mapping[str, str | None]] = csv.DictReader(stream)
            for row in rows:
                yield tuple(_plain(row.get(name) or "") for name in columns)
    except (OSError, UnicodeDecodeError, csv.Error):
        return  # `check` says what is wrong with it


def _plain(text: str) -> str:
    """Return a value as steps before a look-up may have changed it: the real look-up decides."""
    return text.strip().casefold()
