"""Document checks: types, ranges and vocabularies of the canonical order."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from exchange.checks.document import DocumentCheck
from exchange.documents.loader import document
from exchange.kernel.chunk import CellFailure
from exchange.kernel.problems import Problem

ORDER = document("order")
MONEY = pa.decimal128(18, 4)


def header(name: str, array: pa.Array) -> list[CellFailure]:
    return DocumentCheck(ORDER.fields).check({name: array})


def message(failure: CellFailure) -> str:
    return Problem(failure.code, field=failure.field, value=failure.value, detail=failure.detail).message


def test_required_fields_of_each_type() -> None:
    blank = {
        "order_number": pa.array([None], pa.string()),
        "ordered_at": pa.array([None], pa.timestamp("us", tz="UTC")),
        "total": pa.array([None], MONEY),
        "subtotal": pa.array([None], MONEY),
    }
    failures = DocumentCheck(ORDER.fields).check(blank)
    assert [(failure.field, failure.code, failure.value) for failure in failures] == [
        ("order_number", "REQUIRED_MISSING", None),
        ("ordered_at", "REQUIRED_MISSING", None),
        ("total", "REQUIRED_MISSING", None),
    ]


def test_a_good_order_passes() -> None:
    good = {
        "order_number": pa.array(["1001"]),
        "ordered_at": pa.array([datetime(2026, 3, 4, tzinfo=UTC)], pa.timestamp("us", tz="UTC")),
        "payment_status": pa.array(["paid"]),
        "currency": pa.array(["EUR"]),
        "total": pa.array([Decimal("0")], MONEY),
        "ship_to.country": pa.array([None], pa.string()),
    }
    assert DocumentCheck(ORDER.fields).check(good) == []


def test_countries_and_currencies() -> None:
    failures = header("ship_to.country", pa.array(["DE", "XX", "de", None, "XK", "Germany"]))
    assert [(failure.row, failure.value, failure.code) for failure in failures] == [
        (1, "XX", "UNKNOWN_COUNTRY"),
        (2, "de", "UNKNOWN_COUNTRY"),
        (5, "Germany", "UNKNOWN_COUNTRY"),
    ]
    [failure] = header("currency", pa.array(["EUR", "JPY", "EURO"]))
    assert (failure.row, message(failure)) == (2, "currency: 'EURO' is not an ISO 4217 currency code")


@pytest.mark.parametrize("damaged", ["4.00638E+12", "4,00638E+12", "4.00638e12", "1E+05"])
def test_numbers_that_a_spreadsheet_shortened(damaged: str) -> None:
    [failure] = header("ship_to.postcode", pa.array(["1E5", damaged, "12E5", "4.00638E+12x", "A4.0E+1"]))
    assert (failure.row, failure.value, failure.code) == (1, damaged, "SPREADSHEET_DAMAGE")


def test_ranges_of_decimals_and_integers() -> None:
    [failure] = header("subtotal", pa.array([Decimal("0"), Decimal("-0.0001"), None], MONEY))
    assert (failure.row, failure.value, failure.code) == (1, "-0.0001", "OUT_OF_RANGE")
    assert message(failure) == "subtotal: -0.0001 is less than 0"
    lines = DocumentCheck(ORDER.lines).check({"quantity": pa.array([1, 0, -1, 1_000_000, 1_000_001])})
    assert [(f.row, f.detail["relation"], f.detail["bound"]) for f in lines] == [
        (1, "less than", 1),
        (2, "less than", 1),
        (4, "more than", 1_000_000),
    ]


def test_values_and_lengths() -> None:
    [failure] = header("payment_status", pa.array(["paid", "Paid"]))
    assert failure.code == "NOT_ALLOWED"
    assert message(failure).startswith("payment_status: 'Paid' is not one of pending, authorized, ")
    [failure] = header("order_number", pa.array(["1" * 61]))
    assert (failure.code, failure.detail) == ("TOO_LONG", {"limit": 60, "length": 61})


def test_columns_of_the_other_level_are_not_looked_at() -> None:
    assert DocumentCheck(ORDER.lines).check({"nothing": pa.array([1])}) == []
