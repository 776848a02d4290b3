"""Keeps the numbers of lines over changes: a line that stays has the number it had, a new one gets one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from exchange.engine.moves import CHANGE, Moves
from exchange.engine.prepared import Prepared, as_ints
from exchange.engine.sent import Recalled, lines_given
from exchange.kernel.chunk import Ints

NUMBER = "line_number"
IDENTITY = ("sku", "item_number", "unit")
"""Fields that say which line of a document is meant; the first line that has them is the first that had them."""
_Cells = tuple[object, ...]


def as_before(prepared: Prepared, moves: Moves | None) -> Prepared:
    """Return the documents with the lines of changed ones numbered as they were when they were sent last.

    A target knows a line by its number: one that was removed leaves its number unused, so that the lines behind it are
    told as they were. Lines of equal content are matched first, then those of one item, in their order.
    """
    if moves is None or NUMBER not in moves.recalled.lines.column_names:
        return prepared
    recalled = moves.recalled
    owner, numbers = as_ints(prepared.lines, "_owner"), as_ints(prepared.lines, NUMBER).copy()
    keys = [name for name in IDENTITY if name in prepared.lines.column_names and name in recalled.lines.column_names]
    own = [
        name
        for name in prepared.lines.column_names
        if not name.startswith("_") and name != NUMBER and name in recalled.lines.column_names
    ]
    old_owner, given = as_ints(recalled.lines, "_owner"), lines_given(recalled)
    for place, document in enumerate(recalled.document.tolist() if keys else ()):
        if moves.action[document] != CHANGE:
            continue
        first, stop = np.searchsorted(owner, [document, document + 1]).tolist()
        before, after = np.searchsorted(old_owner, [place, place + 1]).tolist()
        there = _Lines(recalled, before, after)
        here = prepared.lines.slice(first, stop - first)
        if there.numbers == numbers[first:stop].tolist() and there.cells(keys) == _cells(here, keys):
            continue
        ways = [(_cells(here, names), there.cells(names)) for names in (own, keys)]
        numbers[first:stop] = _matched(stop - first, there.numbers, ways, given[document])
    if np.array_equal(numbers, as_ints(prepared.lines, NUMBER)):
        return prepared
    column = prepared.lines.column_names.index(NUMBER)
    return replace(prepared, lines=prepared.lines.set_column(column, NUMBER, pa.array(numbers)))


class _Lines:
    """The lines of one document as they were sent: of one that was sent in pieces, the whole."""

    def __init__(self, recalled: Recalled, first: int, stop: int) -> None:
        lines = recalled.lines.slice(first, stop - first)
        _, rows = np.unique(as_ints(lines, NUMBER), return_index=True)
        self._lines = lines.take(pa.array(np.sort(rows)))
        self.numbers: list[int] = as_ints(self._lines, NUMBER).tolist()

    def cells(self, names: Sequence[str]) -> list[_Cells]:
        """Return these cells of each line."""
        return _cells(self._lines, names)


def _cells(lines: pa.Table, names: Sequence[str]) -> list[_Cells]:
    return list(zip(*(lines.column(name).to_pylist() for name in names), strict=True))


def _matched(
    count: int, old: Sequence[int], ways: Sequence[tuple[Sequence[_Cells], Sequence[_Cells]]], last: int
) -> Ints:
    """Return the number of each line; `ways`: what must be equal of (lines as they are, as they were), tried in turn.

    `last`: the highest number that was ever given.
    """
    made = np.zeros(count, np.int64)
    left = dict.fromkeys(range(len(old)))
    for here, there in ways:
        pool: dict[_Cells, list[int]] = {}
        for place in left:
            pool.setdefault(there[place], []).append(place)
        for at in np.flatnonzero(made == 0).tolist():
            if found := pool.get(here[at]):
                place = found.pop(0)
                made[at] = old[place]
                del left[place]
    new = made == 0
    made[new] = last + 1 + np.arange(int(new.sum()))
    return made
