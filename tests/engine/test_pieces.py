"""Pieces of a line and what waits are what was ordered, and cost what it costs."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.pieces import BACKORDERED, FOR, ORDERS, PARTS, Piece, Pieces, expand, rounds, taken_by
from exchange.engine.prepared import Prepared
from exchange.kernel.errors import Stop

MONEY = pa.decimal128(18, 4)
LINE = st.tuples(
    st.integers(1, 50),
    st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100),
    st.decimals(0, 1, places=4),
    st.lists(st.integers(1, 20), max_size=4),
)


def prepared(lines: list[tuple[int, Decimal, Decimal]]) -> Prepared:
    """Return a document with lines of (quantity, price, discount)."""
    table = pa.table(
        {
            "quantity": pa.array([quantity for quantity, _, _ in lines], pa.int64()),
            "unit_price": pa.array([price for _, price, _ in lines], MONEY),
            "line_discount": pa.array([discount for _, _, discount in lines], MONEY),
            "line_total": pa.array([quantity * price - discount for quantity, price, discount in lines], MONEY),
            "line_number": pa.array(range(1, len(lines) + 1)),
            "_owner": pa.array([0] * len(lines), pa.int64()),
        }
    )
    return Prepared(pa.table({"_number": ["1"]}), table, (), ())


def shipped(quantity: int, wanted: list[int]) -> tuple[Piece, ...]:
    """Return pieces of at most so many, none beyond the quantity."""
    made: list[Piece] = []
    for number, many in enumerate(wanted):
        fits = min(many, quantity - sum(piece.quantity for piece in made))
        if fits:
            made.append(Piece(number, fits))
    return tuple(made)


@given(st.lists(LINE, min_size=1, max_size=5))
def test_quantity_and_money_are_conserved_and_what_was_sent_keeps_its_share(
    lines: list[tuple[int, Decimal, Decimal, list[int]]],
) -> None:
    before = prepared([(quantity, price, discount) for quantity, price, discount, _ in lines])
    pieces = [shipped(quantity, wanted) for quantity, _, _, wanted in lines]
    rows = tuple(range(len(lines)))
    made = expand(before, Pieces(rows, tuple(pieces))).lines

    whole = made.filter(pa.array(np.array(made.column(FOR)) == ORDERS))
    assert whole.select(before.lines.column_names) == before.lines
    parts = made.filter(pa.array(np.array(made.column(FOR)) == PARTS)).to_pylist()
    for place, (quantity, price, discount, _) in enumerate(lines):
        own = [part for part in parts if part["line_number"] == place + 1]
        left = whole.column(BACKORDERED)[place].as_py() or 0
        assert sum(part["quantity"] for part in own) + left == quantity
        assert all(part["line_total"] == part["quantity"] * price - part["line_discount"] for part in own)
        told = sum(part["line_discount"] for part in own)
        assert told == discount if not left else 0 <= told <= discount
        if discount % Decimal("0.01") == 0:
            assert all(part["line_discount"] % Decimal("0.01") == 0 for part in own)
    fewer = [each[:-1] for each in pieces]
    earlier = expand(before, Pieces(rows, tuple(fewer))).lines
    kept = earlier.filter(pa.array(np.array(earlier.column(FOR)) == PARTS)).drop_columns([BACKORDERED]).to_pylist()
    assert all(each in [{k: v for k, v in part.items() if k != BACKORDERED} for part in parts] for each in kept)


def test_more_than_was_ordered_is_a_bug() -> None:
    with pytest.raises(Stop, match="2 ordered"):
        expand(prepared([(2, Decimal(1), Decimal(0))]), Pieces((0,), ((Piece(0, 2), Piece(1, 1)),)))


def test_without_pieces_nothing_changes() -> None:
    before = prepared([(2, Decimal(1), Decimal(0))])
    assert expand(before, None) is before
    assert taken_by(before.lines, parts=True).all()
    assert rounds(before.lines, np.array([0])) is None


def test_whole_orders_and_parts_are_told_apart() -> None:
    made = expand(prepared([(5, Decimal(1), Decimal(0)), (1, Decimal(1), Decimal(0))]), Pieces((0,), ((Piece(1, 2),),)))
    assert taken_by(made.lines, parts=False).tolist() == [True, False, True]
    assert taken_by(made.lines, parts=True).tolist() == [False, True, True]
    found = rounds(made.lines, np.arange(3))
    assert found is not None
    assert found.tolist() == [0, 1, 0]
    assert all(a <= b for a, b in pairwise(made.lines.column("line_number").to_pylist()))
