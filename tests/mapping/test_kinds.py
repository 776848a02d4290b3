"""The kinds of values and the small kernels on them."""

from __future__ import annotations

import typing

import numpy as np
import pyarrow as pa
import pytest

from exchange.documents.loader import FieldType
from exchange.mapping.kinds import (
    ARROW,
    bitmap,
    blank_to_null,
    integers,
    kind_of_field,
    mask_of,
    valid_mask,
    without,
)


@pytest.mark.parametrize("field_type", typing.get_args(FieldType))
def test_every_type_of_a_document_has_a_kind(field_type: FieldType) -> None:
    assert kind_of_field(field_type) in ARROW


def test_masks_count_nothing_as_false() -> None:
    assert mask_of(pa.array([True, None, False])).tolist() == [True, False, False]
    assert valid_mask(pa.array(["a", None])).tolist() == [True, False]
    assert valid_mask(pa.array(["a", "b"])).tolist() == [True, True]


def test_values_leave_and_blanks_become_nothing() -> None:
    assert without(pa.array(["a", "b"]), np.array([False, True])).to_pylist() == ["a", None]
    assert blank_to_null(pa.array(["a", "", None, " "])).to_pylist() == ["a", None, None, " "]
    assert integers(pa.array([1, None], pa.int64())).tolist() == [1, 0]


def test_a_bitmap_says_which_rows_hold_a_value() -> None:
    made = pa.Array.from_buffers(
        pa.int64(), 3, [bitmap(np.array([True, False, True])), pa.py_buffer(np.arange(3, dtype=np.int64))]
    )

    assert made.to_pylist() == [0, None, 2]
    assert bitmap(np.array([True, True])) is None
