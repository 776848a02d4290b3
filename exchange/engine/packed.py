"""Rows after their packed cells were taken apart: several lines of one record, each with the place of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from exchange.kernel.chunk import CellFailure, Ints, Mask, Positions
from exchange.kernel.pipeline import Columns, Machine


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Lines, and where each comes from; without packed cells a line is a record."""

    columns: Columns
    positions: Positions
    """Of the record of each line."""
    starts: Columns = field(default_factory=dict)
    """Columns that make a row start a document, where a record's further lines must not."""
    labels: Mapping[str, pa.Array] = field(default_factory=dict)
    """Name of a packed column -> where the values of each line lie."""
    failures: tuple[CellFailure, ...] = ()
    """Cells that could not be taken apart, by line."""

    @property
    def first(self) -> Mask:
        """Which lines are the first of their record."""
        return record_starts(self.positions.record)

    def sorted(self, order: Ints) -> Unpacked:
        """Return the lines in another order."""
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        rows = pa.array(order)
        return Unpacked(
            {name: column.take(rows) for name, column in self.columns.items()},
            self.positions.take(order),
            {name: column.take(rows) for name, column in self.starts.items()},
            {name: column.take(rows) for name, column in self.labels.items()},
            tuple(failure._replace(row=int(place[failure.row])) for failure in self.failures),
        )

    def check(self, check: Callable[[Columns, Mask], list[CellFailure]], heads: Mask) -> Iterator[CellFailure]:
        """Check the records as they stand in the file; `heads` are the lines that hold header cells."""
        yield from self.failures
        if not self.labels:
            yield from check(self.columns, heads)
            return
        at = np.flatnonzero(self.first)
        rows = pa.array(at)
        records = {name: column.take(rows) for name, column in self.columns.items()}
        for failure in check(records, heads[at]):
            yield failure._replace(row=int(at[failure.row]))

    def place(self, row: int, column: str) -> str:
        """Return where a value lies, for people: `line_item_2.sku`; the column itself where it is not packed."""
        if not self.labels:
            return column
        name, _, key = column.partition(".")
        label = self.labels[name][row].as_py() if name in self.labels else None
        return column if label is None else f"{label}.{key}"

    def lost(self, row: int, column: str) -> bool:
        """Tell whether a value lies in a cell that could not be taken apart."""
        if not self.failures:
            return False
        name = column.partition(".")[0]
        if name not in self.labels:
            return False
        label = self.labels[name][row].as_py()
        return any(failure.row == row and failure.column == label for failure in self.failures)


def unpack(machine: Machine, columns: Columns, positions: Positions) -> Unpacked:
    """Take the packed cells of records apart."""
    if machine.explode is None:
        return Unpacked(columns, positions)
    made = machine.explode(columns, len(positions.record))
    return Unpacked(made.columns, positions.take(made.source), made.starts, made.labels, made.failures)


def record_starts(records: Ints) -> Mask:
    """Return which lines are the first of their record; `records`: the record of each line, equal ones adjacent."""
    made: Mask = np.diff(records, prepend=-1) != 0
    return made
