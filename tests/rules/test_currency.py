"""Coins by ISO 4217."""

from __future__ import annotations

import pyarrow as pa
from babel.core import get_global

from exchange.rules.currency import DIGITS, coins


def test_coins_of_each_currency() -> None:
    header = {"currency": pa.array(["EUR", "JPY", "BHD", "CLF", None, "???"])}
    assert coins(header, 6).tolist() == [100, 10_000, 10, 1, 100, 100]
    assert coins({}, 2).tolist() == [100, 100]


def test_digits_are_those_of_unicode_where_both_say_something() -> None:
    """CLDR has other digits for cash and for money that is not used any more; ours are those of ISO 4217."""
    ours = {code: digits for digits, codes in DIGITS.items() for code in codes}
    theirs = {code: fraction[0] for code, fraction in get_global("currency_fractions").items()}
    assert {code for code in ours if theirs.get(code, 2) != ours[code]} <= {"UYW", "CLF", "IQD", "UGX"}
