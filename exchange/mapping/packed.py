"""Takes packed cells apart by column kernels: cells into items, items into named values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.explode import Explode
from exchange.kernel.chunk import Ints, Mask
from exchange.mapping.kinds import blank_to_null, mask_of

_ITEM, _PAIR, _EQUALS = "\x1d", "\x1e", "\x1f"
"""What separators become that count as such; a record that holds one of these is refused by its reader."""
_REASONS = (
    "",
    "it does not begin with the name of a value and {equals!r}",
    "a part of it has no {equals!r} that tells a name from its value",
    "it has another number of values than {count}",
)
_TWICE = len(_REASONS)


@dataclass(frozen=True, slots=True)
class Items:
    """What lies in the packed cells of a batch, one entry for each item, in row and file order."""

    row: Ints
    """Row that the item lies in."""
    column: Ints
    """Which of the columns it lies in."""
    ordinal: Ints
    """Which item of its cell it is, from 1."""
    text: pa.Array
    """As it lies there."""

    def take(self, chosen: Mask) -> Items:
        """Return some of the items."""
        return Items(self.row[chosen], self.column[chosen], self.ordinal[chosen], self.text.filter(pa.array(chosen)))


@dataclass(frozen=True, slots=True)
class Values:
    """The named values of items: one entry for each item."""

    columns: Mapping[str, pa.Array]
    reasons: tuple[str, ...]
    """Why an item cannot be taken apart; blank where it can."""


def items_of(cells: Sequence[pa.Array], how: Explode) -> Items:
    """Return the items in some columns of text; blank ones are none."""
    cells = cells or [pa.nulls(0, pa.string())]
    rows = [np.flatnonzero(mask_of(cell.is_valid())) for cell in cells]
    row = np.concatenate(rows)
    column = np.repeat(np.arange(len(cells)), [len(found) for found in rows])
    text = pa.concat_arrays([cell.take(pa.array(found)) for cell, found in zip(cells, rows, strict=True)])
    order = np.lexsort((column, row))
    row, column, text = row[order], column[order], text.take(pa.array(order))
    ordinal = np.ones(len(row), np.int64)
    if how.lines:
        parts = _split_lines(text, how)
        cell = pc.list_parent_indices(parts).to_numpy().astype(np.int64)
        row, column, text = row[cell], column[cell], pc.list_flatten(parts)
        ordinal = np.arange(len(cell)) - np.searchsorted(cell, cell) + 1
    made = Items(row.astype(np.int64), column.astype(np.int64), ordinal.astype(np.int64), text)
    filled = mask_of(pc.not_equal(pc.utf8_trim_whitespace(text), ""))
    return made if filled.all() else made.take(filled)


def values_of(text: pa.Array, how: Explode, wanted: Sequence[str]) -> Values:
    """Return the wanted values of items."""
    return _named(text, how, wanted) if how.equals else _in_order(text, how, wanted)


def _split_lines(text: pa.Array, how: Explode) -> pa.Array:
    if not (how.equals and how.keys):
        return pc.split_pattern(text, how.lines)
    begins = rf"{re.escape(how.lines)}{_name_of_value(how)}"
    marked = pc.replace_substring_regex(text, begins, rf"{_ITEM}\1{_escaped(how.equals)}")
    return pc.split_pattern(marked, _ITEM)


def _in_order(text: pa.Array, how: Explode, wanted: Sequence[str]) -> Values:
    """Read values that stand in the order of the keys."""
    parts = pc.split_pattern(text, how.pairs)
    fits = pc.equal(pc.list_value_length(parts), len(how.keys))
    whole = pc.if_else(fits, parts, pa.scalar([None] * len(how.keys), parts.type))
    columns = {name: blank_to_null(pc.list_element(whole, how.keys.index(name))) for name in wanted}
    return Values(columns, _told(np.where(mask_of(fits), 0, 3), how))


def _named(text: pa.Array, how: Explode, wanted: Sequence[str]) -> Values:
    """Read values that have their names before them."""
    faults = np.zeros(len(text), np.int64)
    pieces, item = _pieces(text, how, faults)
    halves = pc.split_pattern(pieces, _EQUALS if how.keys else how.equals, max_splits=1)
    paired = mask_of(pc.equal(pc.list_value_length(halves), 2))
    faults[item[~paired]] = 2
    item = item[paired]
    both = pc.list_flatten(halves.filter(pa.array(paired)))
    names = pc.utf8_trim_whitespace(both.take(pa.array(np.arange(0, len(both), 2))))
    columns: dict[str, pa.Array] = {}
    for number, name in enumerate(wanted):
        at = np.flatnonzero(mask_of(pc.equal(names, name)))
        having = item[at]  # ascending
        place = np.full(len(text), -1)
        place[having] = 2 * at + 1
        faults[having[1:][np.diff(having) == 0]] = _TWICE + number
        columns[name] = blank_to_null(both.take(pa.array(place, mask=place < 0)))
    return Values(columns, _told(faults, how, wanted))


def _pieces(text: pa.Array, how: Explode, faults: Ints) -> tuple[pa.Array, Ints]:
    """Return the pairs of all items and which item each belongs to; blank ones are none."""
    if how.keys:
        begins = rf"(?:\A|{re.escape(how.pairs)}){_name_of_value(how)}"
        text = pc.replace_substring_regex(text, begins, rf"{_PAIR}\1{_EQUALS}")
    parts = pc.split_pattern(text, _PAIR if how.keys else how.pairs)
    item = pc.list_parent_indices(parts).to_numpy().astype(np.int64)
    pieces = pc.list_flatten(parts)
    filled = mask_of(pc.not_equal(pc.utf8_trim_whitespace(pieces), ""))
    if how.keys:  # what stands before the first name belongs to none
        stray = filled & (np.diff(item, prepend=-1) != 0)
        faults[item[stray]] = 1
        filled &= ~stray
    return pieces.filter(pa.array(filled)), item[filled]


def _name_of_value(how: Explode) -> str:
    """Return the expression of a known name with what follows it: `*` is anything but what separates."""
    anything = f"[^{re.escape((how.lines + how.pairs + how.equals).replace(' ', ''))}]*"
    known = (anything.join(map(re.escape, key.split("*"))) for key in sorted(how.keys, key=len, reverse=True))
    return rf"\s*({'|'.join(known)})\s*{re.escape(how.equals)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


def _told(faults: Ints, how: Explode, wanted: Sequence[str] = ()) -> tuple[str, ...]:
    if not faults.any():
        return ("",) * len(faults)
    words = [reason.format(equals=how.equals, count=len(how.keys)) for reason in _REASONS]
    words += [f"{name} occurs twice in it" for name in wanted]
    return tuple(words[fault] for fault in faults.tolist())
