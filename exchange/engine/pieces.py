"""Lines that are not shipped whole and at once: a row for the order, and a row for each piece that a warehouse gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.prepared import Prepared
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.errors import Stop

FOR, ROUND = "_for", "_round"
"""Columns of lines, where there are pieces: whom a row is for, and with which shipment of its document it goes."""
ANYBODY, ORDERS, PARTS = range(3)
"""Whom a row is for: all, those who take whole documents, those who take parts."""
BACKORDERED = "backordered"
_CENT = Decimal("0.01")
_FINEST = Decimal("0.0001")


class Piece(NamedTuple):
    """What of a line goes with one shipment."""

    round: int
    """0 for what was sent first, then one more each time that stock had come."""
    quantity: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """Lines of one span and how they are shipped; a line that is not among them goes whole, with the first shipment."""

    lines: tuple[int, ...]
    """Rows in the table of lines, ascending."""
    pieces: tuple[tuple[Piece, ...], ...]
    """Of each of `lines`, by round; what they lack to its quantity waits."""


def expand(prepared: Prepared, pieces: Pieces | None) -> Prepared:
    """Return the documents with the rows of their pieces; raises Stop where more is shipped than was ordered.

    Each of the lines becomes a row as ordered, then a row for each piece with its share of discount and total: to the
    cent, so that the pieces and what waits add up.
    """
    if pieces is None or not pieces.lines:
        return prepared
    lines = prepared.lines
    counts = np.ones(lines.num_rows, np.int64)
    counts[list(pieces.lines)] += [len(of_line) for of_line in pieces.pieces]
    whole = np.cumsum(counts) - counts
    lines = lines.take(pa.array(np.repeat(np.arange(lines.num_rows), counts)))
    for_whom, round_ = np.full(lines.num_rows, ANYBODY), np.zeros(lines.num_rows, np.int64)
    changed: dict[int, dict[str, object]] = {}
    for line, of_line in zip(pieces.lines, pieces.pieces, strict=True):
        first = int(whole[line])
        for_whom[first : first + 1 + len(of_line)] = [ORDERS, *[PARTS] * len(of_line)]
        round_[first : first + 1 + len(of_line)] = [0, *[piece.round for piece in of_line]]
        row = {name: lines.column(name)[first].as_py() for name in _MONEY if name in lines.column_names}
        changed[first] = {BACKORDERED: _left(line, row["quantity"], of_line) or None}
        changed |= {first + 1 + place: cells for place, cells in enumerate(_shares(row, of_line))}
    for name in _MONEY:
        if name in lines.column_names:
            lines = _set(lines, name, changed)
    lines = lines.append_column(BACKORDERED, pa.nulls(lines.num_rows, pa.int64()))
    lines = _set(lines, BACKORDERED, changed)
    lines = lines.append_column(FOR, pa.array(for_whom)).append_column(ROUND, pa.array(round_))
    return replace(prepared, lines=lines)


_MONEY = ("quantity", "line_discount", "line_total", "unit_price")


def _left(line: int, quantity: int, of_line: Sequence[Piece]) -> int:
    left = quantity - sum(piece.quantity for piece in of_line)
    if left < 0 or any(piece.quantity <= 0 for piece in of_line):
        raise Stop(f"line {line}: {quantity} ordered, but {of_line} shipped; please report this with the file")
    return left


def _shares(row: Mapping[str, object], of_line: Sequence[Piece]) -> list[dict[str, object]]:
    """Return quantity, discount and total of each piece; a piece keeps its share when later ones come."""
    quantity, price = int(str(row["quantity"])), row.get("unit_price")
    discount = row.get("line_discount")
    made, before = [], 0
    for piece in of_line:
        cells: dict[str, object] = {"quantity": piece.quantity}
        if isinstance(discount, Decimal):
            share = _up_to(discount, before + piece.quantity, quantity) - _up_to(discount, before, quantity)
            cells["line_discount"] = share
            if isinstance(price, Decimal):
                cells["line_total"] = price * piece.quantity - share
        made.append(cells)
        before += piece.quantity
    return made


def _up_to(amount: Decimal, pieces: int, of: int) -> Decimal:
    """Return what the first `pieces` of a line have of an amount."""
    step = _CENT if amount % _CENT == 0 else _FINEST
    return (amount * pieces / of).quantize(step, ROUND_FLOOR) if pieces < of else amount


def _set(lines: pa.Table, name: str, changed: Mapping[int, Mapping[str, object]]) -> pa.Table:
    rows = sorted(row for row, cells in changed.items() if name in cells)
    if not rows:
        return lines
    column = lines.column(name).combine_chunks()
    mask = np.zeros(lines.num_rows, bool)
    mask[rows] = True
    values = pa.array([changed[row][name] for row in rows], column.type)
    made = pc.replace_with_mask(column, pa.array(mask), values)
    return lines.set_column(lines.column_names.index(name), name, made)


def taken_by(lines: pa.Table, *, parts: bool) -> Mask:
    """Return the rows of lines that are for those who take parts, or for those who take whole documents."""
    if FOR not in lines.column_names:
        return np.ones(lines.num_rows, bool)
    made: Mask = pc.fill_null(lines.column(FOR), ANYBODY).to_numpy() != (ORDERS if parts else PARTS)
    return made


def waits(lines: pa.Table) -> Mask:
    """Return the rows of which something waits."""
    if BACKORDERED not in lines.column_names:
        return np.zeros(lines.num_rows, bool)
    made: Mask = lines.column(BACKORDERED).is_valid().to_numpy()
    return made


def rounds(lines: pa.Table, rows: Ints) -> Ints | None:
    """Return the shipment of some rows; None where all go with the first."""
    if ROUND not in lines.column_names:
        return None
    made: Ints = pc.fill_null(lines.column(ROUND), 0).to_numpy()[rows].astype(np.int64)
    return made if made.any() else None
