"""Frames and arrays are two views of the same memory."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.kernel.chunk import Positions, arrays, frame


def test_there_and_back_without_a_copy() -> None:
    columns = {"a": pa.array(["x", None, "ü"]), "b": pa.array([1, 2, None], pa.int64())}

    back = arrays(frame(columns))

    assert {name: column.to_pylist() for name, column in back.items()} == {"a": ["x", None, "ü"], "b": [1, 2, None]}
    assert back["a"].buffers()[2].address == columns["a"].buffers()[2].address


def test_no_rows() -> None:
    back = arrays(frame({"a": pa.array([], pa.string())}))

    assert back["a"].type == pa.string()
    assert len(back["a"]) == 0


def test_positions_of_some_rows() -> None:
    at = np.arange(4)
    places = Positions(at, at + 2, at * 10, at * 0 + 9)

    by_mask = places.take(at % 2 == 1)
    by_number = places.take(np.array([3, 1]))

    assert (by_mask.record.tolist(), by_mask.file_line.tolist(), by_mask.start.tolist()) == ([1, 3], [3, 5], [10, 30])
    assert by_number.record.tolist() == [3, 1]
    assert by_number.length.tolist() == [9, 9]
