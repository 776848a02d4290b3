"""Equal content, equal hash; any compared field makes another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.content import content_hashes

AMOUNT = pa.decimal128(18, 4)
COMPARED = (("number", "total"), ("sku", "quantity"))
CELLS = st.none() | st.text("ab\x00,", max_size=3)
LINES = st.lists(st.tuples(CELLS, st.none() | st.integers(-3, 3)), min_size=1, max_size=4)
DOCUMENTS = st.tuples(CELLS, st.none() | st.decimals(-9, 9, places=4), LINES)


def hashes(documents: list[Any], **extra: Any) -> list[int]:
    """Return the hashes of (number, total, [(sku, quantity)])."""
    header = {
        "number": pa.array([number for number, _, _ in documents], pa.string()),
        "total": pa.array([total for _, total, _ in documents], AMOUNT),
    }
    rows = [row for _, _, lines in documents for row in lines]
    columns = {
        "sku": pa.array([sku for sku, _ in rows], pa.string()),
        "quantity": pa.array([quantity for _, quantity in rows], pa.int64()),
        **{name: pa.repeat(value, len(rows)) for name, value in extra.items()},
    }
    sizes = [len(lines) for _, _, lines in documents]
    first = np.cumsum([0, *sizes[:-1]]) if sizes else np.empty(0, np.int64)
    return [int(made) for made in content_hashes(header, columns, first, COMPARED)]


@given(st.lists(DOCUMENTS, max_size=5))
def test_equal_documents_and_only_they_have_equal_hashes(documents: list[Any]) -> None:
    made = hashes(documents)

    assert len(made) == len(documents)
    for document, found in zip(documents, made, strict=True):
        assert hashes([document]) == [found], "the file around it does not matter"
    for one, first in zip(documents, made, strict=True):
        for other, second in zip(documents, made, strict=True):
            assert (first == second) == (one == other)


def test_fields_that_are_not_compared_do_not_count() -> None:
    document = ("1", Decimal("1.5"), [("A", 1)])

    assert hashes([document], warehouse="HAM") == hashes([document], warehouse="LYO")


def test_a_column_that_does_not_exist_counts_as_blank() -> None:
    first = np.array([0])
    blank = {"sku": pa.array(["A"]), "quantity": pa.array([None], pa.int64())}

    there = content_hashes({"number": pa.array(["1"])}, blank, first, COMPARED)
    gone = content_hashes({"number": pa.array(["1"])}, {"sku": pa.array(["A"])}, first, COMPARED)

    assert there.tolist() == gone.tolist()


def test_hashes_do_not_change_from_release_to_release() -> None:
    """The ledger keeps them: a change here makes every order that was sent a changed one."""
    [made] = hashes([("1001", Decimal("12.5"), [("TEA", 2), (None, None)])])

    assert made == 6939078775834489021
