"""Shares of several channels in one stock that come to more than all of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exchange.rules.exceptions import Line
from exchange.rules.shares import Seller, over_whole

ITEMS = {"100": "tea", "200": "cups", "300": ""}


def line(row: int, share: str, **where: str) -> Line:
    return Line(row, where, {"share": Fraction(share)})


def seller(channel: str, share: str, *lines: Line, locations: tuple[str, ...] = ()) -> Seller:
    return Seller(channel, Fraction(share), ITEMS, locations, "stock_rules", lines)


def found(*sellers: Seller) -> list[tuple[str, int | None, str, str]]:
    return [
        (over.seller.channel, over.line.row if over.line else None, f"{float(over.all):g}", over.location)
        for over in over_whole(sellers)
    ]


def test_shares_of_channels_are_added_up() -> None:
    assert found(seller("shop", "0.7"), seller("amazon", "0.3")) == []
    assert found(seller("shop", "0.7"), seller("amazon", "0.4")) == [("shop", None, "1.1", "")]
    assert found(seller("shop", "1"), seller("amazon", "1")) == [], "all of it for all: chosen"
    assert found(seller("shop", "1")) == []


def test_the_last_line_that_brings_them_over_is_told_once() -> None:
    lines = (line(0, "0.6", channel="shop"), line(3, "0.6", channel="amazon", item_class="tea"))
    assert found(seller("shop", "0.5", *lines), seller("amazon", "0.4", *lines)) == [("amazon", 3, "1.2", "")]
    one = line(1, "0.8", item_number="200", location="HAM")
    assert found(seller("shop", "0.5", one), seller("amazon", "0.5", one)) == [("shop", 1, "1.6", "HAM")]
    assert found(seller("shop", "0.5", one), seller("amazon", "0.2", locations=("LYO",))) == []


def test_channels_that_sell_other_things_or_from_other_places_share_nothing() -> None:
    other = replace(seller("amazon", "0.9"), kinds={"900": ""})
    assert found(seller("shop", "0.9"), other) == []
    both = seller("shop", "0.9", locations=("HAM",)), seller("amazon", "0.9", locations=("LYO",))
    assert found(*both) == []
    assert found(both[0], replace(both[1], locations=("LYO", "HAM"))) == [("shop", None, "1.8", "HAM")]
