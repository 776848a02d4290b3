"""The steps from a column to a field."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.documents.loader import Field, document
from exchange.infer.steps import Steps, country_steps, steps_for
from tests.infer.columns import looks

ORDER, STOCK, SHIPMENT = document("order"), document("stock"), document("shipment")


def steps(field: Field, *cells: str, name: str = "x") -> Steps:
    return steps_for(looks({name: cells})[name], field)


@pytest.mark.parametrize(
    ("field", "cells", "expected"),
    [
        (ORDER.fields["order_number"], ("#1", "#2"), ["strip", {"remove_prefix": "#"}]),
        (ORDER.fields["customer_phone"], ("'040 555 0101", "040"), ["strip", {"remove_prefix": "'"}]),
        (ORDER.fields["notes"], ("a", "b"), ["strip"]),
        (ORDER.fields["total"], ("1.5",), ["strip", "decimal"]),
        (ORDER.fields["total"], ("1.234,50",), ["strip", {"decimal": {"point": ",", "group": "."}}]),
        (ORDER.fields["total"], ("$1.50", "$2.75"), ["strip", {"remove_prefix": "$"}, "decimal"]),
        (ORDER.lines["quantity"], ("1", "2"), ["strip", "integer"]),
        (ORDER.lines["quantity"], ("2.00",), ["strip", {"extract": r"^([+-]?[0-9]+)(?:\.0*)?$"}, "integer"]),
        (ORDER.lines["quantity"], ("2,0", "1"), ["strip", {"extract": r"^([+-]?[0-9]+)(?:,0*)?$"}, "integer"]),
        (
            ORDER.lines["quantity"],
            ("1.200,0", "1"),
            ["strip", {"replace": {"text": ".", "with": ""}}, {"extract": r"^([+-]?[0-9]+)(?:,0*)?$"}, "integer"],
        ),
        (ORDER.lines["taxable"], ("ja", "nein"), ["strip", {"boolean": {"yes": ["ja"], "no": ["nein"]}}]),
        (ORDER.lines["taxable"], ("yes", "no"), ["strip", "boolean"]),
        (ORDER.fields["ordered_at"], ("04.03.2026",), ["strip", {"parse_date": "%d.%m.%Y"}]),
        (
            ORDER.fields["ordered_at"],
            ("2026-03-04 10:00",),
            ["strip", {"parse_datetime": {"format": "%Y-%m-%d %H:%M", "timezone": "UTC"}}],
        ),
        (ORDER.fields["currency"], ("eur",), ["strip", "upper"]),
        (ORDER.fields["payment_status"], ("PAID",), ["strip", "lower"]),
        (ORDER.fields["payment_status"], ("Bezahlt",), ["strip", "lower", {"map_values": {"bezahlt": "paid"}}]),
        (STOCK.lines["expires_on"], ("2026-03-04",), ["strip"]),
        (
            STOCK.lines["expires_on"],
            ("04.03.2026",),
            ["strip", {"parse_date": "%d.%m.%Y"}, {"format_datetime": "%Y-%m-%d"}],
        ),
    ],
)
def test_steps_by_field_and_content(field: Field, cells: tuple[str, ...], expected: list[Any]) -> None:
    assert list(steps(field, *cells).steps) == expected
    assert steps(field, *cells).choose == ""


def test_units_in_headers_are_converted() -> None:
    made = steps(SHIPMENT.fields["weight_g"], "1.5", name="Weight (kg)")

    assert made.steps == ("strip", "decimal", {"scale": "1000"})
    assert made.notes == ("the column is in kg, the field in g",)
    assert "grams are assumed" in steps(SHIPMENT.fields["weight_g"], "1.5", name="Weight").notes[0]


def test_ambiguous_dates_and_numbers_are_for_a_person() -> None:
    dates = steps(ORDER.fields["ordered_at"], "03/04/2026", name="Date")
    assert dates.steps == ("strip", {"parse_date": ""})
    assert dates.choose == "day/month"
    assert dates.notes == (
        'ambiguous day/month (as "03/04/2026"): choose {parse_date: "%d/%m/%Y"} or {parse_date: "%m/%d/%Y"}',
    )
    numbers = steps(ORDER.fields["total"], "1.234")
    assert numbers.steps == ("strip", {"decimal": {"point": ""}})
    assert '{decimal: {point: "."}} or {decimal: {point: ",", group: "."}}' in numbers.notes[0]
    whole = steps(ORDER.lines["quantity"], "12", "1.200")
    assert whole.steps == ("strip", {"decimal": {"point": ""}}, "integer")
    assert whole.choose == "thousands or decimals"
    assert whole.notes[0].startswith('ambiguous (as "1.200"): a thousand and more, or one and a bit?')


def test_what_does_not_fit_is_named_by_its_line() -> None:
    made = steps(STOCK.lines["quantity"], "1", "2", "many")
    assert made.notes == ('these do not fit and will be rejected: line 4 "many"',)
    assert "Known" not in steps(ORDER.fields["payment_status"], "paid", "odd one").notes[0]
    assert "not known: odd one" in steps(ORDER.fields["payment_status"], "paid", "odd one").notes[0]


def test_countries_become_codes() -> None:
    look = looks({"Land": ("Deutschland", "France")})["Land"]

    assert country_steps(look) == ({"map_values": {"Deutschland": "DE", "France": "FR"}},)
    assert country_steps(looks({"Land": ("DE",)})["Land"]) == ()
