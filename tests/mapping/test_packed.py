"""Packed cells are taken apart as their exporters pack them, and never in two ways."""

from __future__ import annotations

import string

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.config.explode import Explode
from exchange.mapping.packed import items_of, values_of

WOO = Explode(columns=("line_item_*",), pairs="|", equals=":")
BIG = Explode(
    columns=("Product Details",),
    lines="|",
    pairs=",",
    equals=":",
    keys=("Product ID", "Product Qty", "Product Name", "Product Variation Details"),
)
MAGENTO = Explode(columns=("additional_attributes",), pairs=",", equals="=", keys=("color", "description", "size"))
ANY_KEY = Explode(columns=("additional_attributes",), pairs=",", equals="=", keys=("*",))
ORDERED = Explode(columns=("associated_skus",), lines=",", pairs="=", keys=("sku", "qty"))


def text(*cells: str | None) -> pa.Array:
    return pa.array(cells, pa.string())


def apart(how: Explode, cell: str, *wanted: str) -> list[list[str | None] | str]:
    """Return the wanted values of each item of a cell, or why it has none."""
    items = items_of([text(cell)], how)
    found = values_of(items.text, how, wanted)
    rows = zip(*(found.columns[name].to_pylist() for name in wanted), strict=True)
    return [reason or list(row) for row, reason in zip(rows, found.reasons, strict=True)]


@pytest.mark.parametrize(
    ("how", "cell", "wanted", "made"),
    [
        (WOO, "name:X|product_id:13|sku:A12|quantity:1", ("sku", "quantity"), [["A12", "1"]]),
        (WOO, "name:Fly: a story|sku:A|color:Red", ("name", "sku"), [["Fly: a story", "A"]]),
        (WOO, "sku:|quantity:2", ("sku", "quantity"), [[None, "2"]]),
        (WOO, "sku:A|", ("sku", "quantity"), [["A", None]]),
        (WOO, " sku : A", ("sku",), [[" A"]]),
        (
            BIG,
            "Product ID: 1, Product Qty: 2, Product Name: Tea, green|Product ID: 3, Product Qty: 4, Product Name: Mug",
            ("Product Qty", "Product Name"),
            [[" 2", " Tea, green"], [" 4", " Mug"]],
        ),
        (
            BIG,
            "Product ID: 1, Product Qty: 2, Product Name: a|b: c, d, Product Variation Details: ",
            ("Product Name", "Product Variation Details"),
            [[" a|b: c, d", " "]],
        ),
        (MAGENTO, "color=Red,description=Soft, warm,size=XL", ("color", "description"), [["Red", "Soft, warm"]]),
        (MAGENTO, "description=a=b", ("description",), [["a=b"]]),
        (ANY_KEY, "brand=Alba,note=Soft, warm,size=XL", ("note", "size"), [["Soft, warm", "XL"]]),
        (ORDERED, "A=1,B=2,", ("sku", "qty"), [["A", "1"], ["B", "2"]]),
    ],
)
def test_packed_cells_of_real_exporters(
    how: Explode, cell: str, wanted: tuple[str, ...], made: list[list[str]]
) -> None:
    assert apart(how, cell, *wanted) == made


@pytest.mark.parametrize(
    ("how", "cell", "wanted", "why"),
    [
        (WOO, "name:X|loose|sku:A", ("sku",), "no ':'"),
        (WOO, "sku:A|sku:B", ("sku",), "sku occurs twice"),
        (MAGENTO, "Red,size=XL", ("size",), "does not begin"),
        (MAGENTO, "colour=Red", ("color",), "does not begin"),
        (ORDERED, "A=1=2", ("sku", "qty"), "another number of values than 2"),
    ],
)
def test_a_cell_that_reads_in_no_way_says_why(how: Explode, cell: str, wanted: tuple[str, ...], why: str) -> None:
    [reason] = apart(how, cell, *wanted)

    assert isinstance(reason, str)
    assert why in reason


def test_a_pair_that_nobody_reads_may_occur_twice() -> None:
    assert apart(WOO, "color:Red|color:Blue|sku:A", "sku") == [["A"]]


def test_items_come_in_the_order_of_rows_then_columns() -> None:
    items = items_of([text("sku:1", None, "sku:5"), text("sku:2", "sku:3", " ")], WOO)

    assert items.text.to_pylist() == ["sku:1", "sku:2", "sku:3", "sku:5"]
    assert (items.row.tolist(), items.column.tolist()) == ([0, 0, 1, 2], [0, 1, 1, 0])


def test_items_of_one_cell_are_counted_from_one() -> None:
    items = items_of([text("A=1,B=2", None, "C=1,,D=1")], ORDERED)

    assert list(zip(items.row.tolist(), items.ordinal.tolist(), items.text.to_pylist(), strict=True)) == [
        (0, 1, "A=1"),
        (0, 2, "B=2"),
        (2, 1, "C=1"),
        (2, 3, "D=1"),
    ]


def test_no_column_has_no_items() -> None:
    assert len(items_of([], WOO).text) == 0


VALUE = st.text(string.ascii_letters + " :,.=äß", min_size=1).filter(lambda made: made == made.strip())


@given(st.lists(st.fixed_dictionaries({"sku": VALUE, "name": VALUE, "quantity": VALUE}), min_size=1, max_size=5))
def test_what_was_packed_comes_out(packed: list[dict[str, str]]) -> None:
    cells = [text("|".join(f"{key}:{value}" for key, value in item.items())) for item in packed]

    found = values_of(items_of(cells, WOO).text, WOO, ("name", "quantity", "sku"))

    rows = zip(*(found.columns[name].to_pylist() for name in ("sku", "name", "quantity")), strict=True)
    assert [dict(zip(("sku", "name", "quantity"), row, strict=True)) for row in rows] == packed


CLOSED = Explode(columns=("packed",), lines="|", pairs=",", equals="=", keys=("sku", "note"))
FREE = st.text(string.ascii_letters + " ,|:", min_size=1)


@given(st.lists(st.fixed_dictionaries({"sku": FREE, "note": FREE}), min_size=1, max_size=5))
def test_values_may_hold_what_separates_where_the_keys_are_known(packed: list[dict[str, str]]) -> None:
    cell = "|".join(",".join(f"{key}={value}" for key, value in item.items()) for item in packed)

    items = items_of([text(cell)], CLOSED)
    found = values_of(items.text, CLOSED, ("sku", "note"))

    rows = zip(found.columns["sku"].to_pylist(), found.columns["note"].to_pylist(), strict=True)
    assert [{"sku": sku, "note": note} for sku, note in rows] == packed
    assert set(found.reasons) == {""}
