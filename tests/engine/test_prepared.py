"""A spool gives back what was put into it, from memory or from its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from exchange.engine.prepared import LABEL, Prepared, Spool, as_ints, as_mask, place_of
from exchange.kernel.chunk import BrokenRecord
from exchange.kernel.problems import Problem

PROBLEM = Problem("REQUIRED_MISSING", 2, 0, "Email")


def prepared(place: int) -> Prepared:
    """Return a span of two documents."""
    header = pa.table({"_number": [f"{place}-a", None], "_rows": pa.array([place, 2]), "_bad": [True, False]})
    lines = pa.table({"_owner": pa.array([0, 1, 1]), "sku": ["A", "B", None]})
    return Prepared(header, lines, ((0, PROBLEM),), (BrokenRecord(place, 9, 0, 5, None, PROBLEM),))


@pytest.mark.parametrize("spans", [1, 2, 4])
def test_spans_come_back_as_they_were(tmp_path: Path, spans: int) -> None:
    spool = Spool(tmp_path)
    for place in range(spans):
        spool.add(prepared(place))

    assert len(spool) == spans
    for place in reversed(range(spans)):
        found, given = spool.get(place), prepared(place)
        assert found.header.to_pylist() == given.header.to_pylist()
        assert found.lines.to_pylist() == given.lines.to_pylist()
        assert (found.problems, found.broken) == (given.problems, given.broken)


def test_one_span_never_touches_the_disk(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add(prepared(0))

    assert spool.get(0).header.num_rows == 2
    assert list(tmp_path.iterdir()) == []


def test_a_parked_spool_keeps_nothing_in_memory(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.park()
    spool.add(prepared(0))
    spool.park()

    assert len(list(tmp_path.iterdir())) == 2
    assert spool.get(0).lines.to_pylist() == prepared(0).lines.to_pylist()
    spool.add(prepared(1))
    assert spool.get(1).header.to_pylist() == prepared(1).header.to_pylist()


def test_lines_are_left_where_they_are_unless_they_are_needed(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add(prepared(0))
    spool.add(prepared(1))
    (tmp_path / "span-00000.lines.arrow").unlink()

    assert spool.get(0, lines=False).header.column("_number").to_pylist() == ["0-a", None]


def test_columns_as_numpy() -> None:
    made = prepared(7)

    assert as_ints(made.lines, "_owner").tolist() == [0, 1, 1]
    assert as_ints(made.lines, "_owner").dtype == np.int64
    assert as_mask(made.header, "_bad").tolist() == [True, False]
    assert made.numbers("_rows").tolist() == [7, 2]


@pytest.mark.parametrize(
    ("row", "column", "place"),
    [(0, "items.sku", "item_1.sku"), (1, "items.sku", "items.sku"), (0, "sku", "sku"), (0, "other.sku", "other.sku")],
)
def test_packed_values_are_told_by_their_cells(row: int, column: str, place: str) -> None:
    lines = pa.table({"sku": ["A", "B"], LABEL + "items": pa.array(["item_1", None])})

    assert place_of(lines, row, column) == place
