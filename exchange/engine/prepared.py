"""The prepared documents of one span, and the spool that keeps those of a whole file out of memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from exchange.kernel.chunk import BrokenRecord, Ints, Mask, one_array
from exchange.kernel.problems import Problem

Found = tuple[int, Problem]
"""(row of the document in its span, what is wrong with it)."""
LABEL = "_packed:"
"""Begins the name of the columns that say where packed values lie."""
SOLD = "_sold"
"""Column of the lines that says which line, as they were sold, each comes from; there is none without bundles."""
PILOT = "_outside"
"""Column of the header that says why a document stays outside of a pilot; there is none where there is no pilot."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Documents read, checked and mapped, not yet decided upon."""

    header: pa.Table
    """One row a document: its fields, and beside them _key, _number, _hash, _bad, _ships, _release, _filter, _reason,
    _gone, _first (record), _line, _rows, _kept (lines that go anywhere)."""
    lines: pa.Table
    """One row a line, a document's rows adjacent: its fields, and beside them _owner, _record, _line, _start, _length,
    _keep, and a column LABEL + name for each packed column. A line is a record, or one of several lines of a record."""
    problems: tuple[Found, ...]
    broken: tuple[BrokenRecord, ...]
    end: int = 0
    """Byte of the file on which the span ends."""

    def numbers(self, column: str) -> Ints:
        """Return a column of `header` as integers."""
        return as_ints(self.header, column)


def as_ints(table: pa.Table, column: str) -> Ints:
    """Return an integer column as numpy."""
    made: Ints = table.column(column).to_numpy().astype(np.int64, copy=False)
    return made


def as_mask(table: pa.Table, column: str) -> Mask:
    """Return a boolean column as numpy."""
    made: Mask = table.column(column).to_numpy().astype(bool, copy=False)
    return made


def picked(table: pa.Table, names: Iterable[str], rows: Ints) -> dict[str, pa.Array]:
    """Return some rows of those columns that exist, one chunk each."""
    wanted = [name for name in names if name in table.column_names]
    if len(rows) == table.num_rows and np.array_equal(rows, np.arange(len(rows))):
        return {name: one_array(table.column(name)) for name in wanted}
    indices = pa.array(rows)
    return {name: one_array(table.column(name)).take(indices) for name in wanted}


def place_of(lines: pa.Table, row: int, column: str) -> str:
    """Return where a line's value lies in the file, for people: the column, or its place in a packed cell."""
    name, _, key = column.partition(".")
    if LABEL + name not in lines.column_names:
        return column
    label = lines.column(LABEL + name)[row].as_py()
    return column if label is None else f"{label}.{key}"


def sold_line(prepared: Prepared, row: int) -> int:
    """Return the line, as it was sold, of a line: a component's is that of its bundle."""
    lines = prepared.lines
    return int(lines.column(SOLD)[row].as_py()) if SOLD in lines.column_names else row


class Spool:
    """Keeps prepared spans in Arrow files of the work folder; a file of one span never leaves memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[Prepared | None] = []
        self._rest: list[Prepared] = []

    def __len__(self) -> int:
        return len(self._rest)

    def add(self, prepared: Prepared) -> None:
        """Keep one more span."""
        if self._held:
            self._spill(len(self._held) - 1)
        self._held.append(prepared)
        nothing = pa.table({})
        self._rest.append(replace(prepared, header=nothing, lines=nothing))

    def park(self) -> None:
        """Keep nothing in memory: other files come before these spans are asked for."""
        if self._held:
            self._spill(len(self._held) - 1)

    def replace_last_problems(self, index: int, problems: tuple[Found, ...], broken: tuple[BrokenRecord, ...]) -> None:
        """Set what is wrong with span `index` after scattered documents moved elsewhere."""
        self._rest[index] = replace(self._rest[index], problems=problems, broken=broken)

    def broken(self) -> list[BrokenRecord]:
        """Return the unreadable records of all spans."""
        return [record for rest in self._rest for record in rest.broken]

    def get(self, index: int, *, lines: bool = True) -> Prepared:
        """Return span `index`; without its lines where they are not needed."""
        held = self._held[index]
        rest = self._rest[index]
        if held is not None:
            return replace(held, problems=rest.problems, broken=rest.broken)
        return replace(
            rest, header=self._read(index, "header"), lines=self._read(index, "lines") if lines else rest.lines
        )

    def _spill(self, index: int) -> None:
        prepared = self._held[index]
        if prepared is None:
            return
        for name, table in (("header", prepared.header), ("lines", prepared.lines)):
            with pa.OSFile(str(self._path(index, name)), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
        self._held[index] = None

    def _read(self, index: int, name: str) -> pa.Table:
        with pa.memory_map(str(self._path(index, name))) as source:
            return pa.ipc.open_file(source).read_all()

    def _path(self, index: int, name: str) -> Path:
        return self._folder / f"span-{index:05}.{name}.arrow"
