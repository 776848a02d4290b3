"""How much an element looks like a line of its record."""

from __future__ import annotations

import pytest

from exchange.infer.line_likeness import called_a_line, likeness


def test_a_quantity_counts_most_and_an_item_more_than_a_price() -> None:
    assert likeness("OrderLine", ["LineItem/Quantity", "LineItem/Item/ID", "LineItem/Price/PriceAmount"]) == 8
    assert likeness("Pozycja", ["Towar", "Ilosc", "Cena"]) == 6
    assert likeness("Position", ["Artikelnummer", "Menge"]) == 2 + 3, "a word within another one tells nothing"
    assert likeness("Entry", ["a", "b"]) == 0


@pytest.mark.parametrize("name", ["TaxTotal", "AllowanceCharge", "OrderLineReference", "PartyIdentification"])
def test_what_its_name_says_is_something_else_is_no_line(name: str) -> None:
    assert likeness(name, ["Quantity", "Item/ID"]) < 0


@pytest.mark.parametrize(
    ("name", "line"), [("Line", True), ("OrderLine", True), ("ItemOut", True), ("Lines", False), ("Itemised", False)]
)
def test_a_line_by_its_name(name: str, *, line: bool) -> None:
    assert called_a_line(name) is line
