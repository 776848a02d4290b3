"""A row with packed lines becomes rows, with header cells once and each value's place known."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from exchange.config.explode import Explode
from exchange.kernel import limits
from exchange.kernel.pipeline import Exploded
from exchange.mapping import explode
from exchange.mapping.explode import Exploder, exploder

WOO = Explode(columns=("line_item_*",), pairs="|", equals=":")
READ = (("order_id", "total"), ("line_items.sku", "currency", "line_items.quantity"))


def made(entries: dict[str, Explode] | None = None, read: Any = READ, starts: tuple[str, ...] = ()) -> Exploder:
    found = exploder(entries or {"line_items": WOO}, read, ("order_id", starts), "mappings/shop/orders.yaml")
    assert found is not None
    return found


def columns(**cells: list[str | None]) -> dict[str, pa.Array]:
    return {name: pa.array(values, pa.string()) for name, values in cells.items()}


def lists(exploded: Exploded) -> dict[str, list[str | None]]:
    return {name: cells.to_pylist() for name, cells in exploded.columns.items()}


BATCH = columns(
    order_id=["1", "2", "3"],
    total=["5", "6", "7"],
    currency=["EUR", "USD", "GBP"],
    line_item_1=["sku:A|quantity:1", None, "sku:C|quantity:3"],
    line_item_2=["sku:B|quantity:2", None, None],
)


def test_header_cells_stand_once_and_line_cells_on_every_line() -> None:
    got = made()(BATCH, 3)

    assert lists(got) == {
        "order_id": ["1", "1", "2", "3"],
        "total": ["5", None, "6", "7"],
        "currency": ["EUR", "EUR", "USD", "GBP"],
        "line_item_1": ["sku:A|quantity:1", None, None, "sku:C|quantity:3"],
        "line_item_2": ["sku:B|quantity:2", None, None, None],
        "line_items.sku": ["A", "B", None, "C"],
        "line_items.quantity": ["1", "2", None, "3"],
    }
    assert got.source.tolist() == [0, 0, 1, 2]
    assert got.labels["line_items"].to_pylist() == ["line_item_1", "line_item_2", None, "line_item_1"]
    assert got.failures == ()


def test_a_column_that_starts_documents_does_so_once_for_a_row_even_where_lines_read_it() -> None:
    got = made(read=(("order_id",), ("order_id", "line_items.sku")), starts=("order_id",))(BATCH, 3)

    assert got.columns["order_id"].to_pylist() == ["1", "1", "2", "3"]
    assert got.starts["order_id"].to_pylist() == ["1", None, "2", "3"]


def test_lines_of_one_cell_are_numbered_in_their_labels() -> None:
    how = Explode(columns=("packed",), lines=";", pairs="|", equals=":")
    got = made({"items": how}, (("order_id",), ("items.sku",)))(columns(order_id=["1"], packed=["sku:A;sku:B"]), 1)

    assert got.columns["items.sku"].to_pylist() == ["A", "B"]
    assert got.labels["items"].to_pylist() == ["packed[1]", "packed[2]"]


def test_values_of_a_single_cell_make_columns_and_no_lines() -> None:
    how = Explode(columns=("coupons",), pairs="|", equals=":")
    read = (("order_id", "coupon.code"), ("line_items.sku",))
    batch = {**BATCH, **columns(coupons=["code:A|amount:1", None, "code"])}

    got = made({"coupon": how, "line_items": WOO}, read)(batch, 3)

    assert got.columns["coupon.code"].to_pylist() == ["A", "A", None, None]
    assert [(failure.row, failure.column, failure.value) for failure in got.failures] == [(3, "coupons", "code")]


def test_a_cell_that_cannot_be_taken_apart_is_told_at_its_line() -> None:
    batch = columns(order_id=["1", "2"], line_item_1=["sku:A", "sku:B"], line_item_2=["sku:C", "torn"])

    [failure] = made()(batch, 2).failures

    assert (failure.row, failure.code, failure.column, failure.value) == (3, "PACKED_CELL", "line_item_2", "torn")
    assert failure.detail["mapping"] == "mappings/shop/orders.yaml"
    assert "no ':'" in str(failure.detail["reason"])


def test_a_row_of_no_document_stays_one_row() -> None:
    batch = columns(order_id=[None, " "], line_item_1=["sku:A", "sku:B"], line_item_2=["sku:C", "sku:D"])

    assert made()(batch, 2).source.tolist() == [0, 1]


@pytest.mark.parametrize(("limit", "value"), [("DOCUMENT_ROWS", 1), ("EXPLODED_BYTES", 7)])
def test_more_lines_than_a_document_may_have_are_not_made(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explode, limit, value)

    got = made()(BATCH, 3)

    assert got.source.tolist() == [0, 1, 2]
    assert [(failure.row, failure.column, failure.code) for failure in got.failures] == [
        (0, "line_item_1", "PACKED_CELL")
    ]
    assert got.columns["line_items.sku"].to_pylist() == [None, None, "C"]


def test_no_rows_and_no_columns_are_no_trouble() -> None:
    got = made()(columns(order_id=[], total=[]), 0)

    assert (len(got.source), lists(got)["line_items.sku"]) == (0, [])
    assert made()(columns(order_id=["1"]), 1).columns["line_items.sku"].to_pylist() == [None]


def test_a_mapping_without_packed_cells_has_no_exploder() -> None:
    assert exploder({}, ((), ()), ("id", ()), "m") is None


def test_it_travels_to_other_processes() -> None:
    again = pickle.loads(pickle.dumps(made()))

    assert np.array_equal(again(BATCH, 3).source, made()(BATCH, 3).source)


def test_the_limit_of_repeated_cells_leaves_room_for_real_orders() -> None:
    assert limits.EXPLODED_BYTES >= 3_000 * limits.DOCUMENT_ROWS
