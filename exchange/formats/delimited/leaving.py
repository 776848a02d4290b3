"""What leaves the stream of a reading: broken records with the document they belong to, problems of readable ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exchange.formats.delimited.content import control_characters, is_mojibake, maybe_mojibake
from exchange.formats.delimited.exact import cells_of
from exchange.formats.delimited.reading import Reading, key_in
from exchange.kernel.chunk import BrokenRecord, Ints
from exchange.kernel.layout import Layout
from exchange.kernel.problems import Problem


@dataclass(slots=True)
class BrokenRecords:
    """Finds the broken records of a span's readings, in file order, and guesses their group keys.

    A record without a readable key of its own belongs to the record before it, if that lies directly before it; unless
    it surely starts a document, whose number nobody can read then.
    """

    layout: Layout
    group_key: str | None
    starts: tuple[str, ...] = ()
    """Columns of which any filled one starts a document."""
    _known: tuple[int, str | None] | None = None
    """Ordinal and key of the last record of which it is known whose it is; None for a key that nobody can read."""

    def of(self, reading: Reading) -> Iterator[BrokenRecord]:
        """Yield the broken records of the next reading."""
        kept = np.flatnonzero(reading.readable)
        where = reading.where
        for row in sorted(reading.faults):
            code, detail = reading.faults[row]
            record, file_line = int(where.record[row]), int(where.file_line[row])
            self._note_readable(reading, kept, row)
            key = self._own_key(reading, row)
            if key is not None:
                self._known = (record, key)
            elif self._begins(reading, row):
                self._known = (record, None)
            elif self._known is not None and self._adjoins(reading, row, self._known[0]):
                key = self._known[1]
            problem = Problem(code, file_line, record, detail=detail)
            yield BrokenRecord(record, file_line, int(where.start[row]), int(where.length[row]), key, problem)
        self._note_readable(reading, kept, reading.records.start.size)

    def _adjoins(self, reading: Reading, row: int, known: int) -> bool:
        """Tell whether no record of the file is missing between the known one and this row."""
        record = int(reading.where.record[row])
        first = int(reading.where.record[0])
        if known < first:
            return first - known == 1 and record - first == row
        back = row - (record - known)
        return back >= 0 and int(reading.where.record[back]) == known

    def _note_readable(self, reading: Reading, kept: Ints, row: int) -> None:
        """Remember the nearest readable record before `row` that has a key, unless a later one is known."""
        keys = reading.columns.get(self.group_key or "")
        place = int(np.searchsorted(kept, row)) - 1
        while keys is not None and place >= 0:
            record = int(reading.where.record[kept[place]])
            if self._known is not None and record <= self._known[0]:
                return
            key = (keys[place].as_py() or "").strip()
            if key:
                self._known = (record, key)
                return
            place -= 1

    def _begins(self, reading: Reading, row: int) -> bool:
        """Tell whether a broken record starts a document: its cells stand where they belong, and one says so."""
        code = reading.faults[row][0]
        if code != "UNDECODABLE" or not self.starts or not reading.data:
            return False
        cells = cells_of(reading.raw(row), self.layout.delimiter)
        filled = {name for name, cell in zip(self.layout.columns, cells, strict=False) if cell.strip()}
        return len(cells) == len(self.layout.columns) and self.group_key in filled and bool(filled & set(self.starts))

    def _own_key(self, reading: Reading, row: int) -> str | None:
        """Return the group key among a broken record's own cells, as far as they can be told."""
        if self.group_key not in self.layout.columns or not reading.data:
            return None
        return key_in(reading.raw(row), self.layout, self.layout.columns.index(self.group_key))


def problems_of(reading: Reading, layout: Layout) -> list[Problem]:
    """Return the problems of readable records, in file order: control characters and mojibake."""
    data, records, faults = reading.data, reading.records, reading.faults
    found: list[tuple[int, Problem]] = []
    for row, character in control_characters(data, records):
        if row not in faults:
            found.append((row, _control_character(reading, layout, row, character)))
    for row in maybe_mojibake(data, records, layout.encoding):
        if row not in faults:
            found.extend((row, problem) for problem in _mojibake(reading, layout, row))
    return [problem for _, problem in sorted(found, key=lambda each: each[0])]


def _control_character(reading: Reading, layout: Layout, row: int, character: str) -> Problem:
    sought = chr(int(character.removeprefix("U+"), 16))
    name, value = next((cell for cell in _cells(reading, layout, row) if sought in cell[1]), (None, None))
    where = reading.where
    detail = {"character": character}
    return Problem("CONTROL_CHARACTER", int(where.file_line[row]), int(where.record[row]), name, value, detail)


def _mojibake(reading: Reading, layout: Layout, row: int) -> Iterator[Problem]:
    for name, value in _cells(reading, layout, row):
        if is_mojibake(value, layout.encoding):
            yield Problem("MOJIBAKE", int(reading.where.file_line[row]), int(reading.where.record[row]), name, value)


def _cells(reading: Reading, layout: Layout, row: int) -> list[tuple[str, str]]:
    cells = cells_of(reading.raw(row), layout.delimiter)
    return [
        (name, cell.encode("latin-1").decode(layout.encoding)) for name, cell in zip(layout.columns, cells, strict=True)
    ]
