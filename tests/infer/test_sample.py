"""Columns of a sample: trimmed, blank where blank, each text once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tests.infer.columns import column


def test_cells_are_trimmed_and_blank_ones_are_missing() -> None:
    made = column(" a ", "  ", None, "b", "a")

    assert made.cells.to_pylist() == ["a", None, None, "b", "a"]
    assert made.distinct.to_pylist() == ["a", "b"]
    assert made.codes.tolist() == [0, -1, -1, 1, 0]
    assert made.filled.tolist() == [True, False, False, True, True]
    assert made.line_of("b") == 5


def test_one_cell_may_be_odd_and_one_in_eleven() -> None:
    good = pa.array([True, False])

    assert column("a", "a", "b").mostly(good)
    assert not column("a", "b").mostly(good)
    assert not column("a", "a", "b", "b").mostly(good)
    assert column(*["a"] * 20, "b", "b").mostly(good)
    assert np.array_equal(column("b").mostly(pa.array([False])), np.False_)
