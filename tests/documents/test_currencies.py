"""Digits of amounts by ISO 4217."""

from __future__ import annotations

import pyarrow as pa
from babel.core import get_global

from exchange.documents.currencies import DIGITS, amounts, places_of
from exchange.documents.loader import document


def test_digits_of_each_currency() -> None:
    assert places_of(pa.array(["EUR", "JPY", "BHD", "CLF", None, "???"])).tolist() == [2, 0, 3, 4, 2, 2]


def test_digits_are_those_of_unicode_where_both_say_something() -> None:
    """CLDR has other digits for cash and for money that is not used any more; ours are those of ISO 4217."""
    ours = {code: digits for digits, codes in DIGITS.items() for code in codes}
    theirs = {code: fraction[0] for code, fraction in get_global("currency_fractions").items()}
    assert {code for code in ours if theirs.get(code, 2) != ours[code]} <= {"UYW", "CLF", "IQD", "UGX"}


def test_which_fields_are_amounts() -> None:
    order = document("order")
    assert {"total", "tax1_amount"} <= amounts(order.readable_fields)
    assert {"unit_price", "line_discount", "line_total"} <= amounts(order.readable_lines)
    assert not {"quantity", "weight_g", "sku"} & amounts(order.readable_lines)
    assert amounts(document("stock").lines) == {"value"}
