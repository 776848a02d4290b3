"""Lines as they are shipped: where they come from in the file."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.engine.goods import Goods
from exchange.engine.packed import Unpacked
from exchange.kernel.chunk import Positions

PLACES = Positions(*(np.array([1, 2, 3]) * factor for factor in (1, 10, 100, 1000)))
UNPACKED = Unpacked({}, PLACES, labels={"line_items": pa.array(["a", "b", "c"])})


def test_components_lie_where_their_bundle_lies() -> None:
    goods = Goods({}, np.array([0, 0, 0, 1]), np.array([0, 1, 1, 2]))
    positions, labels = goods.of_lines(UNPACKED)
    assert positions.file_line.tolist() == [10, 20, 20, 30]
    assert labels["line_items"].to_pylist() == ["a", "b", "b", "c"]
    assert goods.first(2).tolist() == [0, 3]


def test_lines_that_are_no_bundles_are_not_touched() -> None:
    goods = Goods({}, np.array([0, 0, 1]), None)
    positions, labels = goods.of_lines(UNPACKED)
    assert positions is PLACES
    assert labels["line_items"].to_pylist() == ["a", "b", "c"]
