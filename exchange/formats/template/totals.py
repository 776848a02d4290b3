"""Sums of fields over the records of a file, exact: what a template's header and footer tell as `file.totals`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import CellFailure, Ints
from exchange.kernel.pipeline import Columns

_NUMBER = r"^\s*[+-]?\d{1,30}(\.\d{1,30})?\s*$"
_BLANK = re.compile(r"\s*")
_EXACT = Context(prec=120)
"""More digits than the sum of any file has, so that no sum is ever rounded."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What each record adds to the totals of its file."""

    lines: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    values: dict[str, list[Decimal]] = field(default_factory=dict)

    def of(self, rows: Ints) -> Totals:
        """Return those of some records."""
        return Totals(self.lines[rows], {name: [each[row] for row in rows] for name, each in self.values.items()})


def no_numbers(header: Columns, lines: Columns, owner: Ints, names: Sequence[str]) -> Iterator[CellFailure]:
    """Yield a failure of its record for each cell that cannot be summed; a blank cell counts as nothing."""
    for name in names:
        column = header[name] if name in header else lines[name]
        good = pc.or_kleene(pc.match_substring_regex(column, _NUMBER), pc.equal(pc.utf8_trim_whitespace(column), ""))
        for row in np.flatnonzero(~pc.fill_null(good, fill_value=True).to_numpy(zero_copy_only=False)).tolist():
            record = row if name in header else int(owner[row])
            yield CellFailure(record, name, None, column[row].as_py(), "NOT_SUMMABLE")


def totals_of(header: Columns, lines: Columns, owner: Ints, names: Sequence[str], count: int) -> Totals:
    """Return what each of `count` records adds; every cell can be summed."""
    bounds = np.searchsorted(owner, np.arange(count + 1)).tolist()
    counts = np.fromiter((last - first for first, last in pairwise(bounds)), np.int64, count)
    values = {}
    for name in names:
        if name in header:
            values[name] = _decimals(header[name])
        else:
            cells = _decimals(lines[name])
            values[name] = [added(cells[first:last]) for first, last in pairwise(bounds)]
    return Totals(counts, values)


def added(values: Sequence[Decimal]) -> Decimal:
    """Return the exact sum, with as many decimals as the value that has most."""
    total = Decimal(0)
    for value in values:
        total = _EXACT.add(total, value)
    return total


def _decimals(column: pa.Array) -> list[Decimal]:
    return [Decimal(0) if cell is None or _BLANK.fullmatch(cell) else Decimal(cell) for cell in column.to_pylist()]
