"""How old each document is, by its rows; and a file by its documents. The whole way: tests/flows/test_as_of.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa

from exchange.engine.ages import AGE, MOMENT, aged, ages_of, document_ages, own_ages, with_ages
from exchange.engine.prepared import Prepared
from exchange.kernel.chunk import CellFailure
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.pipeline import RowAges
from tests.engine.desk import AS_OF, claim_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def machine(cells: list[int | None], wrong: int) -> Any:
    """Return what reads these ages off the rows; row `wrong` says something else."""

    def read(_: pa.Array) -> RowAges:
        known = np.array([cell is not None for cell in cells])
        return RowAges(
            np.array([cell or 0 for cell in cells]), known, [CellFailure(wrong, "At", "At", "x", "AS_OF_UNREADABLE")]
        )

    return SimpleNamespace(age_column="At", ages=read)


def test_newest_row_counts_and_blank_documents_are_told_once() -> None:
    grouping: Any = SimpleNamespace(owner=np.array([0, 0, 1, 2, 3]), head=np.array([0, 2, 3, 4]), size=4)

    ages, failures = document_ages(machine([5, 9, None, None, 7], wrong=3), {}, grouping)

    assert ages is not None
    assert ages.cast(pa.int64()).to_pylist() == [9, None, None, 7]
    assert [(each.row, each.code) for each in failures] == [(3, "AS_OF_UNREADABLE"), (2, "AS_OF_MISSING")]
    nobody: Any = SimpleNamespace(ages=None)
    assert document_ages(nobody, {}, grouping) == (None, [])


def prepared(*ages: int | None) -> Prepared:
    """Return documents 1, 2 ... of these ages."""
    numbers = pa.array([str(place) for place in range(1, len(ages) + 1)])
    header = with_ages(pa.table({"_number": numbers}), pa.array(ages, pa.int64()).cast(MOMENT))
    return Prepared(header, pa.table({}), (), ())


class Spans(list[Prepared]):
    """Spans that never leave memory."""

    def get(self, index: int, *, lines: bool = True) -> Prepared:
        """Return a span."""
        del lines
        return self[index]


def test_file_is_as_old_as_its_newest_document() -> None:
    claim = claim_of()
    spans: Any = Spans([prepared(5, None), prepared(9, 7)])

    assert aged(claim, spans) == replace(claim, as_of=EPOCH + timedelta(microseconds=9))
    nothing: Any = Spans([prepared(None)])
    assert aged(claim, nothing).as_of == AS_OF
    silent: Any = Spans([Prepared(pa.table({"_number": ["1"]}), pa.table({}), (), ())])
    assert aged(claim, silent) is claim


def test_ages_of_what_is_known() -> None:
    span = prepared(5, None, 7)
    known = {number: KnownDocument(number, None, None, None, AS_OF, "c", None) for number in ("2", "3", "4")}

    assert own_ages([span], [span.header.column("_number").combine_chunks()], known) == {
        "3": EPOCH + timedelta(microseconds=7)
    }
    assert own_ages([span], [], {}) == {}
    assert set(ages_of(span, np.array([0, 1]))) == {0}
    assert AGE not in with_ages(pa.table({}), None).column_names
