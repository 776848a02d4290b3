"""Lines of packed rows: whose record they are, where their values lie, and in what order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.engine.packed import Unpacked, record_starts
from exchange.kernel.chunk import CellFailure, Ints, Mask, Positions
from exchange.kernel.pipeline import Columns


def ints(*values: int) -> Ints:
    return np.array(values, np.int64)


def lines() -> Unpacked:
    """Two records: the first with two lines, of which the second is torn."""
    torn = CellFailure(1, "item_2", "item_2", "x", "PACKED_CELL")
    return Unpacked(
        {"id": pa.array(["1", "1", "2"]), "total": pa.array(["5", None, "6"])},
        Positions(ints(0, 0, 1), ints(2, 2, 3), ints(0, 0, 9), ints(8, 8, 8)),
        {"id": pa.array(["1", None, "2"])},
        {"items": pa.array(["item_1", "item_2", None])},
        (torn,),
    )


def test_the_first_line_of_each_record() -> None:
    assert lines().first.tolist() == [True, False, True]
    assert record_starts(ints()).tolist() == []


def test_places_are_told_by_the_cell_that_a_value_lies_in() -> None:
    made = lines()

    assert made.place(0, "items.sku") == "item_1.sku"
    assert made.place(2, "items.sku") == "items.sku"
    assert made.place(0, "total") == "total"


def test_only_values_of_a_torn_cell_are_lost() -> None:
    made = lines()

    assert made.lost(1, "items.sku")
    assert not made.lost(0, "items.sku")
    assert not made.lost(1, "total")


def test_sorting_takes_everything_along() -> None:
    made = lines().sorted(ints(2, 0, 1))

    assert made.columns["id"].to_pylist() == ["2", "1", "1"]
    assert made.starts["id"].to_pylist() == ["2", "1", None]
    assert made.positions.record.tolist() == [1, 0, 0]
    assert [failure.row for failure in made.failures] == [2]
    assert made.place(2, "items.sku") == "item_2.sku"


def test_the_file_is_checked_by_its_records_not_by_their_lines() -> None:
    seen: list[tuple[list[str | None], list[bool]]] = []

    def check(columns: Columns, heads: Mask) -> list[CellFailure]:
        seen.append((columns["total"].to_pylist(), heads.tolist()))
        return [CellFailure(1, "total", "total", "6", "TOO_LONG")]

    found = list(lines().check(check, np.array([True, False, True])))

    assert seen == [(["5", "6"], [True, True])]
    assert [(failure.row, failure.code) for failure in found] == [(1, "PACKED_CELL"), (2, "TOO_LONG")]
