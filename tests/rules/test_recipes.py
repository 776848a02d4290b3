"""Tables of bundles: nested ones, shares, and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from exchange.kernel.table import Table
from exchange.rules.recipes import Fault, Piece, recipes, share_column


def table(text: str) -> Table:
    """Return a table as its CSV shows it."""
    header, *rows = [line.split(",") for line in text.split()]
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    cells = {
        name: pa.array([c or None for c in column], pa.string()) for name, column in zip(header, columns, strict=True)
    }
    return Table("bundles", tuple(header), cells)


def made(text: str, by: str = "evenly", **prices: str) -> dict[str, list[tuple[str, int, Fraction]]]:
    found, faults = recipes(table(text), by, {name: Decimal(price) for name, price in prices.items()})
    assert faults == []
    return {name: [(p.component, p.quantity, p.share) for p in pieces] for name, pieces in found.items()}


def faults(text: str, by: str = "evenly") -> list[tuple[int, str]]:
    found, wrong = recipes(table(text), by, {})
    assert found == {}
    assert all(isinstance(fault, Fault) and fault.instead for fault in wrong)
    return [(fault.row, fault.what) for fault in wrong]


def test_quantities_multiply_and_shares_of_shares_add_up() -> None:
    text = "bundle,component,quantity,price_share\nA,x,2,3\nA,B,2,1\nB,y,5,1\nB,C,1,1\nC,x,10,7"
    assert made(text, "price_share") == {
        "C": [("x", 10, Fraction(1))],
        "B": [("y", 5, Fraction(1, 2)), ("x", 10, Fraction(1, 2))],
        "A": [("x", 22, Fraction(7, 8)), ("y", 10, Fraction(1, 8))],
    }


def test_shares_by_price_evenly_and_for_nothing() -> None:
    text = "bundle,component,quantity\nA,x,2\nA,B,1\nB,y,4"
    assert made(text, "price", x="5.00", y="2.5")["A"] == [("x", 2, Fraction(1, 2)), ("y", 4, Fraction(1, 2))]
    assert made(text, "price", x="0", y="0")["A"] == [("x", 2, Fraction(1, 2)), ("y", 4, Fraction(1, 2))]
    assert made(text)["A"] == [("x", 2, Fraction(1, 2)), ("y", 4, Fraction(1, 2))]
    assert [what for _, what in faults(text, "price")] == [
        "y has no price, and the price of B is shared out by those",
        "x has no price, and the price of A is shared out by those",
    ]


def test_a_component_by_the_case_stays_a_case() -> None:
    found, _ = recipes(table("bundle,component,quantity,unit\nA,x,2,CS\nA,x,1,\nA,x,1,XCS"), "evenly", {})
    assert found["A"] == (Piece("x", "CS", 3, Fraction(2, 3)), Piece("x", "EA", 1, Fraction(1, 3)))


def test_each_circle_is_told_once_where_it_closes() -> None:
    text = "bundle,component,quantity\nA,x,1\nA,B,1\nB,C,1\nC,A,1\nD,D,1\nE,A,1"
    assert faults(text) == [(3, "the bundle holds itself: A > B > C > A"), (4, "the bundle holds itself: D > D")]


def test_lines_that_cannot_be_used() -> None:
    rows = ["A,,1,1", "A,x,0,1", "A,x,1.5,1", "A,x,1,-1", ",x,1,1", "B,x,1,", "B,y,1,2", "C,B,2,1", "D,x,1000001,1"]
    assert faults("bundle,component,quantity,price_share\n" + "\n".join(rows), "price_share") == [
        (0, "the line has no component"),
        (1, "the quantity '0' is not a whole number from 1 to 1000000"),
        (2, "the quantity '1.5' is not a whole number from 1 to 1000000"),
        (3, "the price_share '-1' is not a number of 0 or more"),
        (4, "the line has no bundle"),
        (8, "the quantity '1000001' is not a whole number from 1 to 1000000"),
        (5, "other lines of B have a price_share"),
    ]
    assert faults("bundle,component\nA,x") == [(-1, "there is no column quantity")]
    assert faults("bundle,component,quantity,unit\nA,B,1,CS\nB,x,1,CS") == [(0, "A holds the bundle B by the CS")]
    assert faults("bundle,component,quantity\nA,B,10000\nB,x,10000") == [
        (0, "one A comes to 100000000 x, more than 1000000")
    ]


def test_what_the_price_is_shared_out_by() -> None:
    plain, shared = table("bundle,component,quantity\nA,x,1"), table("bundle,component,quantity,price_share\nA,x,1,1")
    priced = table("sku,price\nx,1")
    assert share_column(plain, None, None) == "evenly"
    assert share_column(plain, priced, None) == "price"
    assert share_column(shared, priced, None) == "price_share"
    assert share_column(shared, priced, "evenly") == "evenly"
