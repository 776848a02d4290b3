"""Makes rows of packed cells: a row with n packed lines becomes n rows, their values become columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.explode import Explode
from exchange.kernel.chunk import CellFailure, Ints, Mask
from exchange.kernel.layout import columns_named
from exchange.kernel.limits import DOCUMENT_ROWS, EXPLODED_BYTES
from exchange.kernel.pipeline import Columns, Exploded
from exchange.mapping.kinds import blank_to_null, mask_of
from exchange.mapping.packed import Items, Values, items_of, values_of


@dataclass(frozen=True, slots=True)
class Packed:
    """One entry of `explode:`, with what the mapping reads of it."""

    name: str
    """What its values are called by: `<name>.<key>`."""
    how: Explode
    wanted: tuple[str, ...]
    """Names of the values that the mapping reads."""


@dataclass(frozen=True, slots=True)
class Exploder:
    """The compiled `explode:` of one mapping; picklable."""

    entries: tuple[Packed, ...]
    """At most one of them makes lines."""
    key: str
    """The column whose value the rows of a document share."""
    repeated: frozenset[str]
    """Columns that every line has; the others stand on the first line of their row."""
    starts: tuple[str, ...]
    """Columns that make a row start a document: only the first line of a row does."""
    mapping: str
    """The mapping file's path, for messages."""

    def __call__(self, columns: Columns, rows: int) -> Exploded:
        """Return `rows` rows with their packed cells taken apart, in the same order."""
        found = [_Found.of(entry, columns) for entry in self.entries]
        source, item, large = self._lines(found, columns, rows)
        first = np.diff(source, prepend=-1) != 0
        places = [item if each.entry.how.makes_lines else each.of_rows(rows)[source] for each in found]
        made = self._repeated(columns, source, first)
        starts = {name: _only(made[name], first) for name in self.starts if name in made}
        failures = [_too_large(columns, found, row, int(np.searchsorted(source, row)), self.mapping) for row in large]
        for each, place in zip(found, places, strict=True):
            made |= each.columns(place)
            told = place >= 0 if each.entry.how.makes_lines else (place >= 0) & first
            failures += each.failures(place, told, self.mapping)
        labels = {each.entry.name: each.labels(place) for each, place in zip(found, places, strict=True)}
        return Exploded(made, source, starts, labels, tuple(failures))

    def _repeated(self, columns: Columns, source: Ints, first: Mask) -> dict[str, pa.Array]:
        if first.all():
            return dict(columns)
        every, once = pa.array(source), pa.array(source, mask=~first)
        return {name: cells.take(every if name in self.repeated else once) for name, cells in columns.items()}

    def _lines(self, found: Sequence[_Found], columns: Columns, rows: int) -> tuple[Ints, Ints, list[int]]:
        """Return the row and the item of each line (-1 where it has none), and rows that would be too many lines."""
        multiple = next((each.items for each in found if each.entry.how.makes_lines), None)
        source = np.arange(rows, dtype=np.int64)
        if multiple is None:
            return source, np.full(rows, -1), []
        counts = np.bincount(multiple.row, minlength=rows).astype(np.int64)
        width = sum((_widths(columns[name]) for name in self.repeated if name in columns), np.zeros(rows, np.int64))
        large = np.flatnonzero((counts > DOCUMENT_ROWS) | (counts * width > EXPLODED_BYTES))
        nameless = mask_of(pc.equal(pc.fill_null(pc.utf8_trim_whitespace(columns[self.key]), ""), ""))
        begin = np.cumsum(counts) - counts
        shown = np.where(nameless, np.minimum(counts, 1), counts)  # a row of no document is one whatever it holds
        shown[large] = 0
        times = np.maximum(shown, 1)
        source = np.repeat(source, times)
        item = np.arange(len(source)) - np.repeat(np.cumsum(times) - times, times) + begin[source]
        item[shown[source] == 0] = -1
        return source, item, large.tolist()


@dataclass(frozen=True, slots=True)
class _Found:
    """What one entry found in a batch."""

    entry: Packed
    names: tuple[str, ...]
    """The columns of the batch that it takes apart."""
    items: Items
    values: Values

    @classmethod
    def of(cls, entry: Packed, columns: Columns) -> _Found:
        names = tuple(columns_named(columns, entry.how.columns))
        items = items_of([blank_to_null(columns[name]) for name in names], entry.how)
        return cls(entry, names, items, values_of(items.text, entry.how, entry.wanted))

    def of_rows(self, rows: int) -> Ints:
        """Return the only item of each row, -1 where there is none."""
        made = np.full(rows, -1)
        made[self.items.row] = np.arange(len(self.items.row))
        return made

    def columns(self, place: Ints) -> dict[str, pa.Array]:
        """Return the values of chosen items as columns."""
        chosen = pa.array(place, mask=place < 0)
        return {f"{self.entry.name}.{key}": cells.take(chosen) for key, cells in self.values.columns.items()}

    def labels(self, place: Ints) -> pa.Array:
        """Return where each chosen item lies: its column, and which of several items of a cell it is."""
        chosen = pa.array(place, mask=place < 0)
        column = pa.array(self.names, pa.string()).take(pa.array(self.items.column)).take(chosen)
        if not self.entry.how.lines:
            return column
        ordinal = pa.array(self.items.ordinal).cast(pa.string()).take(chosen)
        return pc.binary_join_element_wise(column, "[", ordinal, "]", "")

    def failures(self, place: Ints, told: Mask, mapping: str) -> Iterator[CellFailure]:
        """Yield the items that cannot be taken apart, by the line they stand on."""
        if not any(self.values.reasons):
            return
        labels = self.labels(place)
        for row in np.flatnonzero(told & (place >= 0)).tolist():
            if reason := self.values.reasons[place[row]]:
                column, value = labels[row].as_py(), self.items.text[place[row]].as_py()
                yield CellFailure(row, column, column, value, "PACKED_CELL", {"reason": reason, "mapping": mapping})


def exploder(
    entries: Mapping[str, Explode],
    read: tuple[tuple[str, ...], tuple[str, ...]],
    group: tuple[str, tuple[str, ...]],
    mapping: str,
) -> Exploder | None:
    """Compile `explode:`; None where the mapping has none.

    `read`: columns that header and line fields read. `group`: (key column, columns that start a document).
    """
    if not entries:
        return None
    packed = tuple(Packed(name, how, tuple(_keys(name, (*read[0], *read[1])))) for name, how in entries.items())
    return Exploder(packed, group[0], frozenset({group[0], *read[1]}), group[1], mapping)


def _keys(name: str, read: Iterable[str]) -> Iterator[str]:
    """Yield the keys of an entry's values among the columns that are read, each once."""
    for column in dict.fromkeys(read):
        if column.startswith(f"{name}."):
            yield column.removeprefix(f"{name}.")


def _only(cells: pa.Array, rows: Mask) -> pa.Array:
    return cells if rows.all() else pc.if_else(pa.array(rows), cells, pa.scalar(None, cells.type))


def _widths(cells: pa.Array) -> Ints:
    made: Ints = pc.fill_null(pc.binary_length(cells), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return made


def _too_large(columns: Columns, found: Sequence[_Found], row: int, line: int, mapping: str) -> CellFailure:
    each = next(each for each in found if each.entry.how.makes_lines)
    column = next(name for name in each.names if columns[name][row].is_valid)
    reason = f"it holds more lines than a document may have ({DOCUMENT_ROWS}, or {EXPLODED_BYTES} bytes)"
    detail = {"reason": reason, "mapping": mapping}
    return CellFailure(line, column, column, columns[column][row].as_py(), "PACKED_CELL", detail)
