"""Numbers of lines over changes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.line_numbers import as_before
from exchange.engine.moves import CANCEL, CHANGE, Moves
from exchange.engine.prepared import Prepared, as_ints
from exchange.engine.sent import Recalled, lines_given

Row = tuple[str, int]
ROWS = st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 2)), min_size=1, max_size=5)


def lines(rows: list[Row], numbers: list[int]) -> pa.Table:
    """Return lines of (sku, quantity) of one document."""
    return pa.table(
        {
            "sku": pa.array([sku for sku, _ in rows], pa.string()),
            "quantity": pa.array([quantity for _, quantity in rows], pa.int64()),
            "line_number": pa.array(numbers, pa.int64()),
            "_owner": pa.array([0] * len(rows), pa.int64()),
        }
    )


def sent(rows: list[Row], numbers: list[int], last: int = 0) -> Recalled:
    """Return a document as it was sent."""
    header = pa.table({"_number": ["1"], "_last_line": pa.array([last], pa.int64())})
    return Recalled(header, lines(rows, numbers), np.array([0]))


def numbered(now: list[Row], before: Recalled, action: int = CHANGE) -> list[int]:
    """Return the numbers of the lines of a document as it is now."""
    prepared = Prepared(pa.table({"_number": ["1"]}), lines(now, list(range(1, len(now) + 1))), (), ())
    made: list[int] = as_ints(as_before(prepared, Moves(np.array([action]), before)).lines, "line_number").tolist()
    return made


def test_a_line_keeps_its_number() -> None:
    before = sent([("A", 1), ("B", 1), ("A", 2)], [1, 2, 3])
    assert numbered([("A", 1), ("B", 2), ("A", 2)], before) == [1, 2, 3]
    assert numbered([("B", 1), ("A", 2)], before) == [2, 3], "the first was removed"
    assert numbered([("A", 2), ("B", 1)], before) == [3, 2], "equal lines first, then those of one item"
    assert numbered([("A", 7), ("C", 1), ("B", 1)], before) == [1, 4, 2]
    assert numbered([("B", 1)], before, CANCEL) == [1], "a cancellation tells what was sent"


def test_a_number_is_never_given_twice() -> None:
    before = sent([("A", 1)], [1], last=5)
    assert lines_given(before) == {0: 5}
    assert numbered([("A", 1), ("B", 1)], before) == [1, 6]


def test_pieces_of_a_line_are_one_line() -> None:
    before = sent([("A", 3), ("A", 2), ("A", 1), ("B", 1)], [1, 1, 1, 2])
    assert numbered([("B", 1)], before) == [2]
    assert numbered([("A", 3), ("A", 2), ("B", 1)], before) == [1, 3, 2]


@given(before=ROWS, now=ROWS)
def test_numbers_are_unique_and_those_of_what_stays(before: list[Row], now: list[Row]) -> None:
    numbers = list(range(1, len(before) + 1))
    made = numbered(now, sent(before, numbers))
    assert len(set(made)) == len(made)
    kept = {number: row for number, row in zip(made, now, strict=True) if number <= len(before)}
    assert all(before[number - 1][0] == sku for number, (sku, _) in kept.items())
    for sku in "AB":
        stays = min(sum(row[0] == sku for row in before), sum(row[0] == sku for row in now))
        assert sum(row[0] == sku for row in kept.values()) == stays
    if now == before:
        assert made == numbers
