"""Money: sums are checked, discounts reach the lines to the cent, and nothing is rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.flows.shop import Line, Shop, order

FLOW = "mappings/flows/orders.yaml"


def column(shop: Shop, name: str) -> list[Decimal]:
    """Return an amount of every row that the ERP got."""
    return [Decimal(row[name]) for row in shop.erp()]


@pytest.mark.parametrize(
    ("lines", "discount", "shares"),
    [
        ((Line("CANDLE-S"),) * 3, "10.00", ["3.34", "3.33", "3.33"]),
        ((Line("LAMP-SHIP"), Line("KNIFE-PAR", "3"), Line("TEA-ROOIBOS", "7")), "37.77", ["21.12", "8.19", "8.46"]),
        ((Line("TEA-MINT"),), "4.90", ["4.90"]),
        ((Line("TEA-MINT", price="0.00"), Line("TEA-MINT")), "0.01", ["0.00", "0.01"]),
    ],
)
def test_discount_is_allocated_by_value_and_adds_up(
    shop: Shop, lines: tuple[Line, ...], discount: str, shares: list[str]
) -> None:
    one = order(1, *lines, discount=discount)
    assert shop.take("a.csv", one).exit == 0
    assert column(shop, "LineDiscount") == [Decimal(share) for share in shares]
    assert sum(column(shop, "LineDiscount")) == Decimal(discount)
    assert sum(column(shop, "LineTotal")) == column(shop, "Subtotal")[0]


def test_a_lines_own_discount_is_part_of_the_orders(shop: Shop) -> None:
    own = Line("BOARD-OAK", cells={"Lineitem discount": "8.00"})
    assert shop.take("a.csv", order(1, own, Line("KNIFE-PAR"), discount="12.00")).exit == 0
    assert sum(column(shop, "LineDiscount")) == Decimal("12.00")
    assert column(shop, "LineDiscount")[0] >= Decimal("8.00")
    assert sum(column(shop, "LineTotal")) == column(shop, "Subtotal")[0]


@pytest.mark.parametrize(
    ("cells", "ok"),
    [
        ({"Subtotal": "25.01", "Total": "35.59"}, True),
        ({"Subtotal": "25.02", "Total": "35.60"}, False),
        ({"Total": "35.59"}, True),
        ({"Total": "35.60"}, False),
        ({"Duties": "3.00", "Total": "38.58"}, True),
        ({"Duties": "3.00"}, None),
    ],
)
def test_sums_are_checked_with_a_tolerance_of_a_cent(shop: Shop, cells: dict[str, str], ok: bool | None) -> None:
    one = order(1, Line("TEA-ASSAM", "2"))
    assert {row["Total"] for row in one.rows()} == {"35.58"}
    ran = shop.take("a.csv", order(1, Line("TEA-ASSAM", "2"), cells=cells))
    assert ran.row["problems"] == ({"TOTALS_MISMATCH": 1} if ok is False else {})


def test_tolerance_is_a_setting(shop: Shop) -> None:
    shop.edit(FLOW, 'tolerance: "0.01"', 'tolerance: "0.10"')
    assert shop.take("a.csv", order(1, Line("TEA-ASSAM", "2"), cells={"Total": "35.68"})).exit == 0
    assert shop.take("b.csv", order(2, Line("TEA-ASSAM", "2"), cells={"Total": "35.69"})).exit == 3


def test_mismatch_names_the_formula_and_both_sides(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, cells={"Total": "1.00"}))
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["field"], problem["value"]) == ("TOTALS_MISMATCH", "Total", "1.00")
    assert "subtotal + shipping + taxes = total" in problem["message"]
    assert "35.58" in problem["message"]


def test_warn_lets_the_order_go_and_says_so(shop: Shop) -> None:
    shop.edit(FLOW, "on_mismatch: reject", "on_mismatch: warn")
    ran = shop.take("a.csv", order(1, cells={"Total": "1.00"}))
    assert (ran.exit, ran.row["problems"]) == (0, {"TOTALS_MISMATCH": 1})
    assert shop.sent() == ({"1"}, {"1"})
    assert ran.row["rejects"] == []
    [problem] = shop.trace(1)[0]["problems"]
    assert (problem["code"], problem["severity"]) == ("TOTALS_MISMATCH", "warning")


def test_taxes_that_prices_contain_are_not_added(shop: Shop) -> None:
    cells = {"Subtotal": "25.00", "Taxes": "4.77", "Tax 1 Value": "4.77", "Total": "29.90"}
    assert shop.take("a.csv", order(1, cells=cells)).row["problems"] == {"TOTALS_MISMATCH": 1}
    shop.edit(FLOW, 'tolerance: "0.01"', 'tolerance: "0.01", taxes: inclusive')
    assert shop.take("b.csv", order(2, cells=cells)).exit == 0
    assert shop.erp()[0]["LineTotal"] == "25.00"


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"Taxes": "5.00"}, "Total"),
        ({"Taxes": "5.00", "Total": "34.90"}, "Taxes"),
        ({"Tax 1 Value": "5.00"}, "Taxes"),
    ],
)
def test_wrong_taxes_are_one_problem(shop: Shop, cells: dict[str, str], field: str) -> None:
    [problem] = shop.problems(shop.take("a.csv", order(1, cells=cells)))
    assert (problem["code"], problem["field"]) == ("TOTALS_MISMATCH", field)


def test_discount_larger_than_the_lines_is_a_problem(shop: Shop) -> None:
    cells = {"Subtotal": "0.00", "Taxes": "0.93", "Tax 1 Value": "0.93", "Total": "5.83"}
    ran = shop.take("a.csv", order(1, Line("TEA-MINT", "2"), discount="20.00", cells=cells))
    assert ran.row["problems"] == {"DISCOUNT_TOO_LARGE": 1}


@pytest.mark.parametrize(
    ("price", "code"),
    [("12,50", "NOT_A_NUMBER"), ("1e2", "NOT_A_NUMBER"), ("1.23456", "NOT_EXACT"), ("-1.00", "OUT_OF_RANGE")],
)
def test_prices_are_exact_decimals_or_a_problem(shop: Shop, price: str, code: str) -> None:
    ran = shop.take("a.csv", [order(1, Line("TEA-ASSAM", cells={"Lineitem price": price})), order(2)])
    assert ran.row["problems"] == {code: 1}
    assert shop.sent() == ({"2"}, {"2"})


def test_four_decimals_survive(shop: Shop) -> None:
    one = order(1, Line("SOAP-OLIVE", "1000", price="0.0355"), tax="0", shipping="0.00")
    assert shop.take("a.csv", one).exit == 0
    assert [(row["UnitPrice"], row["LineTotal"]) for row in shop.erp()] == [("0.0355", "35.50")]
