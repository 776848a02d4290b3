"""Finds the row that names the columns, and says what is odd about the names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

_DATA = re.compile(r"[-+]?[0-9][0-9.,:/ -]*|[^@\s]+@[^@\s]+")
"""What no column is called."""
_NAMES = 3
"""Names by which a header is found below other rows, where so many do."""


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the header: the first row that is about as full as those below it and holds names.

    The first row that is not empty where none is so, None where all are empty.
    """
    filled = [sum(map(bool, row)) for row in rows]
    for at, row in enumerate(rows):
        data = sum(_DATA.fullmatch(cell) is not None for cell in row)
        if filled[at] > 1 and data * 2 < filled[at] and _is_full(filled, at):
            return at
    return next((at for at, cells in enumerate(filled) if cells), None)


def _is_full(filled: Sequence[int], at: int) -> bool:
    """Tell whether a row has about as many cells as those below: all of them, where an empty row follows it."""
    below = [cells for cells in filled[at + 1 :] if cells]
    usual = median(below) if below else 0
    apart = bool(below) and not filled[at + 1]
    return filled[at] >= usual if apart else filled[at] * 3 > usual * 2


def telling_names(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """Return names by which the header in row `at` is found: none where nothing stands above it."""
    if not any(any(row) for row in rows[:at]):
        return []
    names = list(dict.fromkeys(filter(None, rows[at])))
    few = names[:_NAMES]
    return names if any(set(few) <= set(row) for row in rows[:at]) else few


def doubts(header: Sequence[str]) -> list[str]:
    """Return what a person has to look at in the names of a header."""
    names = [cell.strip() for cell in header]
    made = []
    if any(_DATA.fullmatch(name) for name in names):
        told = next(name for name in names if _DATA.fullmatch(name))
        made.append(
            f'the first row looks like data ("{told[:30]}"): a file without a header cannot be read, ask for one'
        )
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            made.append(
                f'the column "{name}" stands there {times} times: such a file is rejected whole, ask for other names'
            )
    return made
