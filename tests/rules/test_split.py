"""Every line in exactly one part; parts count from 1 in the order their warehouses appear."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.rules.split import SPLITS, by_warehouse, whole

DOCUMENTS = st.lists(st.lists(st.sampled_from(["HAM", "LYO", "", None]), max_size=6), max_size=6)


@given(DOCUMENTS)
def test_lines_of_one_warehouse_and_document_are_one_part(documents: list[list[str | None]]) -> None:
    owner = np.array([place for place, lines in enumerate(documents) for _ in lines], np.int64)
    warehouses = [warehouse for lines in documents for warehouse in lines]

    made = by_warehouse({"warehouse": pa.array(warehouses, pa.string())}, owner).tolist()

    expected = []
    for lines in documents:
        seen = list(dict.fromkeys(warehouse or "" for warehouse in lines))
        expected += [seen.index(warehouse or "") + 1 for warehouse in lines]
    assert made == expected


def test_without_warehouses_nothing_is_split() -> None:
    assert by_warehouse({}, np.array([0, 0, 1])).tolist() == [1, 1, 1]
    assert whole({"warehouse": pa.array(["A", "B"])}, np.array([0, 0])).tolist() == [1, 1]


def test_every_split_of_the_configuration_is_known() -> None:
    assert {"warehouse": by_warehouse, "none": whole} == SPLITS
