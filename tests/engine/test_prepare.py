"""Bytes in, documents out: mapped, checked, and each mistake told once at the cell a person can correct."""

from __future__ import annotations

from decimal import Decimal

import pytest

from exchange.engine.prepared import Prepared, as_ints
from tests.engine.desk import Desk, Line, export, order


def told(prepared: Prepared) -> list[tuple[int, str, int | None, str | None, str | None]]:
    """Return (document, code, line, column, value) of each problem."""
    return [(at, p.code, p.file_line, p.field, p.value) for at, p in prepared.problems]


def test_an_order_is_mapped_with_its_lines(desk: Desk) -> None:
    made = desk.prepared(export(order(1001, Line("tea-assam ", "2", price="12.50"), Line("POT-CAST")), order(1002)))

    [first, second] = made.header.to_pylist()
    assert (first["order_number"], first["payment_status"], first["ship_to.city"]) == ("1001", "paid", "Hamburg")
    assert (first["_key"], first["_number"], first["_rows"], first["_kept"]) == ("#1001", "1001", 2, 2)
    assert (first["_bad"], first["_ships"], first["_release"], first["_filter"]) == (False, True, True, False)
    assert (second["_line"], second["_first"]) == (4, 2)
    assert first["_hash"] != second["_hash"]
    lines = made.lines.to_pylist()
    assert [(line["sku"], line["item_number"], line["line_number"]) for line in lines] == [
        ("TEA-ASSAM", "100010", 1),
        ("POT-CAST", "200010", 2),
        ("TEA-ASSAM", "100010", 1),
    ]
    assert [line["line_total"] for line in lines] == [Decimal("25.0000"), Decimal("59.0000"), Decimal("25.0000")]
    assert as_ints(made.lines, "_owner").tolist() == [0, 0, 1]
    assert told(made) == []


@pytest.mark.parametrize(
    ("line", "code", "column", "value"),
    [
        (Line("NOT-SOLD"), "LOOKUP_MISS", "Lineitem sku", "NOT-SOLD"),
        (Line("TEA-ASSAM", "two"), "NOT_AN_INTEGER", "Lineitem quantity", "two"),
        (Line("TEA-ASSAM", cells={"Lineitem quantity": "0"}), "OUT_OF_RANGE", "Lineitem quantity", "0"),
        (Line("TEA-ASSAM", cells={"Lineitem price": "12,50"}), "NOT_A_NUMBER", "Lineitem price", "12,50"),
        (Line("TEA-ASSAM", cells={"Lineitem quantity": ""}), "REQUIRED_MISSING", "Lineitem quantity", None),
    ],
)
def test_a_mistake_is_told_once_at_its_own_line_and_column(
    desk: Desk, line: Line, code: str, column: str, value: str | None
) -> None:
    made = desk.prepared(export(order(1001), order(1002, Line("POT-CAST"), line)))

    assert told(made) == [(1, code, 4, column, value)]
    assert made.header.column("_bad").to_pylist() == [False, True]
    assert made.problems[0][1].message
    assert made.problems[0][1].remedy


def test_header_mistake_is_told_on_the_row_that_holds_the_header(desk: Desk) -> None:
    text = export(order(1001, Line("TEA-ASSAM"), Line("POT-CAST"), cells={"Shipping Country": "XX"}))
    head, first, second = text.splitlines(keepends=True)

    made = desk.prepared(head + second + first)

    assert told(made) == [(0, "UNKNOWN_COUNTRY", 3, "Shipping Country", "XX")]


def test_amounts_of_a_document_that_is_wrong_anyway_are_not_complained_about(desk: Desk) -> None:
    made = desk.prepared(export(order(1001, Line("TEA-ASSAM", cells={"Lineitem price": "many"}), cells={"Total": "1"})))

    assert {code for _, code, *_ in told(made)} == {"NOT_A_NUMBER"}


def test_row_without_a_number_is_a_document_that_nobody_can_name(desk: Desk) -> None:
    made = desk.prepared(export(order(1001, cells={"Name": " "}), order(1002)))

    assert next((at, code, column) for at, code, _, column, _ in told(made)) == (0, "GROUP_KEY_MISSING", "Name")
    assert made.header.column("_number").to_pylist() == ["", "1002"]


def test_unreadable_rows_leave_as_bytes(desk: Desk) -> None:
    text = export(order(1001)).rstrip("\n") + ",too,long\n" + export(order(1002)).partition("\n")[2]

    made = desk.prepared(text)

    assert [(record.problem.code, record.record, record.file_line) for record in made.broken] == [
        ("ROW_TOO_LONG", 0, 2)
    ]
    assert made.header.column("_number").to_pylist() == ["1002"]
