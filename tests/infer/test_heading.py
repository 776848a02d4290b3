"""The row that names the columns."""

from __future__ import annotations

import pytest

from exchange.infer.heading import doubts, header_row, telling_names

HEAD, ROW = ("sku", "place", "on hand"), ("TEA-1", "HAM", "12")
EMPTY = ("", "", "")


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([HEAD, ROW, ROW], 0),
        ([EMPTY, EMPTY, HEAD, ROW], 2),
        ([("Stock of March", "", ""), EMPTY, HEAD, ROW, ROW], 2),
        ([("printed", "04.03.2026", ""), HEAD, ROW], 1),
        ([("printed", "by hand", ""), HEAD, ROW], 1),
        ([("a", "b", "c", ""), EMPTY, ("sku", "place", "on hand", "unit"), (*ROW, "EA")], 2),
        ([HEAD, EMPTY, ROW, ROW], 0),
        ([("sku", "place", "on hand", ""), (*ROW, "x"), (*ROW, "y")], 0),
        ([("item", "", "stock"), ("", "", ""), ("sku", "name", "on hand"), ROW, ROW], 2),
        ([("", "", "stock"), HEAD, ROW, ROW], 1),
        ([("Stock", "", ""), HEAD], 1),
        ([("only one",), ("a",), ("b",)], 0),
        ([("1", "2"), ("3", "4")], 0),
        ([EMPTY], None),
        ([], None),
    ],
)
def test_header_row(rows: list[tuple[str, ...]], at: int | None) -> None:
    assert header_row(rows) == at


def test_a_header_is_found_by_names_that_no_row_above_has() -> None:
    head = ("a", "b", "", "c", "d")

    assert telling_names([EMPTY, head, ROW], 1) == []
    assert telling_names([("title",), head], 1) == ["a", "b", "c"]
    assert telling_names([("a", "b", "c"), head], 1) == ["a", "b", "c", "d"]


def test_doubts() -> None:
    assert doubts(["sku", "name"]) == []
    assert doubts(["sku", "12.50", "sku"]) == [
        'the first row looks like data ("12.50"): a file without a header cannot be read, ask for one',
        'the column "sku" stands there 2 times: such a file is rejected whole, ask for other names',
    ]
