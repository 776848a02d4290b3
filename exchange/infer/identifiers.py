"""Recognises what texts are by themselves: GTINs by check digit, ISO codes, e-mail addresses, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pycountry
from stdnum import ean

from exchange.infer.sample import Column
from exchange.postal.countries import codes, named

LOOKED_AT = 1000
"""Different texts of a column that are recognised one by one."""
_ODD = 0.05
"""Share of the texts that may be something else."""
_FEW = 2
"""Of more texts than these, one may always be something else."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"'?(?:\+|00|\(?0)[0-9 ()/.-]{6,20}|\+?1?[ -]?\(?[0-9]{3}\)?[ -][0-9]{3}-[0-9]{4}")
_CODE = re.compile(r"(?=.*[0-9A-Z])[^\s,;@]{1,40}")


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _gtin(text: str) -> bool:
    return len(text) in {8, 12, 13, 14} and text.isdecimal() and bool(ean.is_valid(text))


def _sscc(text: str) -> bool:
    digits = text.removeprefix("00") if len(text) == 20 else text
    if len(digits) != 18 or not digits.isdecimal():
        return False
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits[:-1])))
    return (10 - total % 10) % 10 == int(digits[-1])


RECOGNISED: dict[str, tuple[str, Callable[[str], bool]]] = {
    "email": ("e-mail addresses", lambda text: bool(_EMAIL.fullmatch(text))),
    "gtin": ("GTINs with right check digits", _gtin),
    "sscc": ("SSCCs with right check digits", _sscc),
    "currency": ("ISO 4217 currency codes", lambda text: text.upper() in _currencies()),
    "country": ("ISO 3166 country codes", lambda text: text.upper() in codes()),
    "country_name": ("names or codes of countries", lambda text: named(text) is not None),
    "phone": ("telephone numbers", lambda text: bool(_PHONE.fullmatch(text)) and sum(map(str.isdigit, text)) > 6),
}
"""What a column is called -> (for people, how one text is recognised); the first that fits nearly all of them wins."""


def recognised(column: Column) -> str:
    """Return which of RECOGNISED the texts of a column are; blank where they are none."""
    texts = column.distinct[:LOOKED_AT].to_pylist()
    allowed = max(int(len(texts) > _FEW), int(len(texts) * _ODD))
    for name, (_, fits) in RECOGNISED.items():
        misses = 0
        for text in texts:
            misses += not fits(text)
            if misses > allowed:
                break
        else:
            if texts:
                return name
    return ""


def share_of_codes(column: Column) -> float:
    """Return how many of a column's texts look like item numbers and other codes rather than words, from 0 to 1."""
    texts = column.distinct[:LOOKED_AT].to_pylist()
    return sum(bool(_CODE.fullmatch(text)) for text in texts) / len(texts) if texts else 0.0


def kept_as_text(column: Column) -> str:
    """Return why digits are not a number but a name: leading zeros, or more than anything counts; blank if neither."""
    texts = [text for text in column.distinct[:LOOKED_AT].to_pylist() if text.isdecimal()]
    if any(len(text) > 1 and text.startswith("0") for text in texts):
        return "leading zeros"
    return "long digits" if any(len(text) > 11 for text in texts) else ""
