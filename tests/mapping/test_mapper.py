"""What a compiled mapping makes of rows, good and bad."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from exchange.config.models import Mapping
from exchange.documents.loader import document
from exchange.kernel.table import Table
from exchange.mapping.mapper import apply
from exchange.mapping.plan import MappingPlan, compile_mapping

ITEMS = Table(
    "items",
    ("sku", "item_number", "warehouse"),
    {"sku": pa.array(["A", "B"]), "item_number": pa.array(["1", "2"]), "warehouse": pa.array(["EU", None])},
)
FIELDS: dict[str, Any] = {
    "order_number": {"from": "Name", "steps": ["strip", {"remove_prefix": "#"}], "required": True, "max_length": 5},
    "ordered_at": {"from": "Created", "steps": [{"parse_datetime": "%Y-%m-%d %H:%M:%S %z"}]},
    "payment_status": {"from": "Status"},
    "currency": {"steps": [{"constant": "EUR"}]},
    "total": {"from": "Total", "steps": ["decimal"]},
    "ship_to": {
        "address": {
            "line1": ["Street", "House"],
            "postcode": "Zip",
            "country": {"from": "Country", "steps": [{"replace": {"text": "UK", "with": "gb"}}]},
        }
    },
}
LOOKUP = {"lookup": {"table": "items", "key": "sku", "value": "item_number"}}
WAREHOUSE = {"lookup": {"table": "items", "key": "sku", "value": "warehouse"}}
LINES: dict[str, Any] = {
    "sku": {"from": "SKU", "steps": ["strip", "upper"]},
    "item_number": {"from": "SKU", "steps": ["strip", "upper", LOOKUP]},
    "warehouse": {"from": "SKU", "steps": ["strip", "upper", WAREHOUSE, {"default": "US"}]},
    "quantity": {"from": "Qty", "steps": ["integer"]},
    "unit_price": {"from": ["Price", "Factor"], "steps": ["strip", "decimal", "multiply"]},
    "unit": {"from": "Qty", "steps": [{"when": {"column": "quantity", "is": ["12"], "then": "CS", "otherwise": "EA"}}]},
}


def inbound() -> MappingPlan:
    raw = {"reads": "order", "format": {"type": "csv"}, "fields": FIELDS, "lines": LINES}
    return compile_mapping(Mapping.model_validate(raw), document("order"), {"items": ITEMS}, "shop/orders")


def text(*cells: str | None) -> pa.Array:
    return pa.array(cells, pa.string())


def test_header_fields_have_the_types_of_the_document() -> None:
    columns = {
        "Name": text(" #1001 ", "#1002"),
        "Created": text("2026-03-04 17:05:09 +0100", "2026-12-31 23:59:59 -0500"),
        "Status": text("paid", ""),
        "Total": text("12.5", "-3"),
        "Street": text(" Ring 1 ", None),
        "House": text("b", None),
        "Zip": text("'01067", " '0815"),
        "Country": text("UK", "de"),
    }
    out, failures = apply(inbound().header, columns, 2)
    assert failures == []
    assert {name: values.to_pylist() for name, values in out.items()} == {
        "order_number": ["1001", "1002"],
        "ordered_at": [datetime(2026, 3, 4, 16, 5, 9, tzinfo=UTC), datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC)],
        "payment_status": ["paid", None],
        "currency": ["EUR", "EUR"],
        "total": [Decimal("12.5000"), Decimal("-3.0000")],
        "ship_to.line1": ["Ring 1 b", None],
        "ship_to.postcode": ["01067", "0815"],
        "ship_to.country": ["GB", "DE"],
    }
    assert out["total"].type == pa.decimal128(18, 4)
    assert out["ordered_at"].type == pa.timestamp("us", tz="UTC")


def test_absent_columns_are_blank_and_required_says_so() -> None:
    out, failures = apply(inbound().header, {"Created": text(None)}, 1)
    assert out["total"].to_pylist() == [None]
    assert [(one.code, one.field, one.column, one.value) for one in failures] == [
        ("REQUIRED_MISSING", "order_number", "Name", None)
    ]


def test_a_failed_cell_is_blank_and_fails_once_with_the_source_text() -> None:
    columns = {
        "SKU": text(" a ", "zz", "b", None),
        "Qty": text("12", "two", "1.5", None),
        "Price": text("2.50", "x", "1", "1"),
        "Factor": text("2", "y", "1,5", None),
    }
    out, failures = apply(inbound().lines, columns, 4)
    assert {name: values.to_pylist() for name, values in out.items()} == {
        "sku": ["A", "ZZ", "B", None],
        "item_number": ["1", None, "2", None],
        "warehouse": ["EU", None, "US", "US"],
        "quantity": [12, None, None, None],
        "unit_price": [Decimal("5.0000"), None, None, None],
        "unit": ["CS", "EA", "EA", "EA"],
    }
    assert [(one.row, one.field, one.column, one.value, one.code) for one in failures] == [
        (1, "item_number", "SKU", "zz", "LOOKUP_MISS"),
        (1, "warehouse", "SKU", "zz", "LOOKUP_MISS"),
        (1, "quantity", "Qty", "two", "NOT_AN_INTEGER"),
        (2, "quantity", "Qty", "1.5", "NOT_AN_INTEGER"),
        (1, "unit_price", "Price", "x", "NOT_A_NUMBER"),
        (2, "unit_price", "Factor", "1,5", "NOT_A_NUMBER"),
    ]


def test_too_long_is_said_and_never_cut() -> None:
    _, failures = apply(inbound().header, {"Name": text("#123456", "#12345")}, 2)
    assert [(one.row, one.code, one.value, one.detail) for one in failures] == [
        (0, "TOO_LONG", "#123456", {"limit": 5, "length": 6})
    ]


def test_no_rows() -> None:
    out, failures = apply(inbound().lines, {"SKU": text()}, 0)
    assert failures == []
    assert {len(values) for values in out.values()} == {0}


def test_sliced_columns_are_read_where_they_start() -> None:
    columns = {
        "Name": text("#1", "#2", "#3").slice(1),
        "Created": text(None, "2026-01-01 00:00:00 +0000", "2026-01-02 00:00:00 +0000").slice(1),
        "Total": text("1", "2", "3").slice(1),
    }
    out, failures = apply(inbound().header, columns, 2)
    assert failures == []
    assert out["order_number"].to_pylist() == ["2", "3"]
    assert out["total"].to_pylist() == [Decimal("2.0000"), Decimal("3.0000")]
    assert [moment.day for moment in out["ordered_at"].to_pylist()] == [1, 2]


def test_outbound_fields_are_text() -> None:
    raw = {
        "writes": "order",
        "format": {"type": "csv"},
        "fields": {
            "OrderedAt": {"from": "ordered_at"},
            "Local": {
                "from": "ordered_at",
                "steps": [{"to_timezone": "Europe/Berlin"}, {"format_datetime": "%d.%m.%Y %H:%M %z"}],
            },
            "Total": {"from": "total"},
            "Part": {"from": "part", "max_length": 1},
        },
        "lines": {
            "Taxable": {"from": "taxable"},
            "Kg": {"from": "weight_g", "steps": [{"scale": "0.001"}, {"round": 3}]},
        },
    }
    plan = compile_mapping(Mapping.model_validate(raw), document("order"), {}, "erp/orders")
    moment = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    header = {
        "ordered_at": pa.array([moment, None, moment.replace(microsecond=5000)], pa.timestamp("us", tz="UTC")),
        "total": pa.array([Decimal("12.5"), Decimal("-0.3456"), Decimal("7.120")], pa.decimal128(18, 4)),
        "part": pa.array([1, None, 12]),
    }
    out, failures = apply(plan.header, header, 3)
    assert {name: values.to_pylist() for name, values in out.items()} == {
        "OrderedAt": ["2026-07-01T12:00:00Z", None, "2026-07-01T12:00:00.005000Z"],
        "Local": ["01.07.2026 14:00 +0200", None, "01.07.2026 14:00 +0200"],
        "Total": ["12.50", "-0.3456", "7.12"],
        "Part": ["1", None, None],
    }
    assert [(one.row, one.column, one.value, one.code) for one in failures] == [(2, "part", "12", "TOO_LONG")]
    lines = {
        "taxable": pa.array([True, False, None]),
        "weight_g": pa.array([Decimal("1234.5678"), Decimal(250), None], pa.decimal128(18, 4)),
    }
    out, failures = apply(plan.lines, lines, 3)
    assert failures == []
    assert out["Taxable"].to_pylist() == ["true", "false", None]
    assert out["Kg"].to_pylist() == ["1.235", "0.25", None]
