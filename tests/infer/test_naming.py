"""Names of columns, taken apart."""

from __future__ import annotations

import pytest

from exchange.infer.naming import alike, shared_steps, unit_of, within, words


@pytest.mark.parametrize(
    ("name", "unit", "of", "factor"),
    [
        ("Weight (kg)", "kg", "g", "1000"),
        ("Weight [lbs]", "lbs", "g", "453.59237"),
        ("Length_cm", "cm", "mm", "10"),
        ("Weight kg", "kg", "g", "1000"),
        ("Weight in oz", "oz", "g", "28.349523125"),
        ("Height_m", "m", "mm", "1000"),
        ("Total (EUR)", "EUR", "EUR", "1"),
        ("Total €", "€", "EUR", "1"),
    ],
)
def test_units_in_headers(name: str, unit: str, of: str, factor: str) -> None:
    _, found = unit_of(name)

    assert found is not None
    assert (found.text, found.of, found.factor) == (unit, of, factor)


@pytest.mark.parametrize("name", ["Checked in", "Item t", "cm", "kg", "Name", "Price (old)"])
def test_no_units(name: str) -> None:
    assert unit_of(name) == (name, None)


def test_spellings_are_one() -> None:
    assert {words(name) for name in ("Order No.", "order_number", "OrderNumber", "ORDER-NR", "Order #")} == {
        ("order", "number")
    }
    assert words("cac:OrderLine/cbc:ID") == ("order", "line", "id")
    assert words("Lineitem sku") == ("line", "item", "sku")
    assert words("addresses1") == ("address", "1")


def test_accents_make_no_other_word() -> None:
    assert words("Quantité commandée") == words("quantite commandee")
    assert words("Währung") == ("wahrung",)


def test_how_much_names_are_alike() -> None:
    assert alike(("order", "number"), ("order", "number")) == 1.0
    assert alike(("number", "order"), ("order", "number")) == 0.97
    assert 0.6 < alike(("order", "number"), ("sales", "order", "number")) < 0.9
    assert alike(("number",), ("item", "number")) == 0.4
    assert alike(("quantiy",), ("quantity",)) > 0.7
    assert alike(("country",), ("county",), misspelt=False) == 0.0
    assert alike((), ("a",)) == 0.0


def test_a_slip_is_in_a_word_however_long_the_rest_is() -> None:
    assert alike(("buyer", "customer", "biling", "city"), ("buyer", "customer", "billing", "city")) > 0.7
    assert alike(("buyer", "customer", "id"), ("buyer", "customer", "company")) == 0.0


def test_steps_of_a_path_that_tell_nothing_are_left_out() -> None:
    paths = ("Msg/Order/@id", "Msg/Order/ShipTo/Address/PostalAddress/City", "Msg/Order/Total/Money", "Msg/From/Id")
    shared = shared_steps(paths)

    assert shared == {"Msg", "Order"}
    assert [within(path, shared) for path in paths] == ["@id", "ShipTo/City", "Total/Money", "From/Id"]
    assert within("cac:BuyerCustomerParty/cac:Party/cbc:Name", frozenset()) == "cac:BuyerCustomer/cbc:Name"
