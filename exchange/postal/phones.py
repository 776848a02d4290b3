"""Writes telephone numbers as E.164 (+4940123456), by the country of the address they belong to."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import phonenumbers

from exchange.kernel.plural import many
from exchange.postal.refusal import Refusal

_CODE = "PHONE_UNREADABLE"
_EXTENSION = re.compile(
    r"\s*(?:[,;]?\s*\b(?:extension|extn|ext|xtn|durchwahl|x)\b\.?\s*:?\s*|;ext=|\s+x\s?|\s*#\s*)(\d{1,9})\s*\Z", re.I
)
_LETTERS = re.compile(r"[^\W\d_]")
_OTHER = re.compile(r"\D+")
_SHORTEST = 4
"""Digits of the shortest numbers that anybody has: on small islands. Fewer are an emergency service or a slip."""
_DIALLED = ("00", "011", "0011", "010", "810", "")
"""What is dialled before a country's own prefix, in most of the world."""


def e164(
    text: str | None, country: str | None, extension: Literal["refuse", "keep"] = "refuse"
) -> str | Refusal | None:
    """Return a telephone number as E.164; blank stays blank.

    `country`: two letters, needed where the number does not begin with + or 00. An extension has no place in E.164: it
    is refused, or kept behind the number (`+12107284548 x71231`). A text is read only where every digit of it is in
    the number or is a known prefix, so nothing is lost.
    """
    if text is None:
        return None
    text = " ".join(text.split())  # a search for what may begin with blanks takes its time over a thousand of them
    main, said = text, ""
    if (found := _EXTENSION.search(text)) is not None:
        main, said = text[: found.start()], _ascii(found[1])
    if said and extension == "refuse":
        return Refusal(_CODE, {"reason": f"it has the extension {said}, which E.164 has no place for"})
    if _LETTERS.search(main):
        return Refusal(_CODE, {"reason": "it has letters in it"})
    number = _read(main, country)
    return f"{number} x{said}" if said and isinstance(number, str) else number


def _read(text: str, country: str | None) -> str | Refusal:
    dialled = text.strip().startswith("00") and country not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(1, ())
    plain = re.sub(r"\A\s*00", "+", text) if dialled else text
    if not country and "+" not in plain:
        return Refusal(_CODE, {"reason": "it has no country prefix, and the address has no country to take it from"})
    try:
        number = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException as fault:
        return Refusal(_CODE, {"reason": _said(str(fault))})
    digits = len(phonenumbers.national_significant_number(number))
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not possible or digits < _SHORTEST:
        told = f"no number with {many(digits, 'digit')} exists behind +{number.country_code}"
        return Refusal(_CODE, {"reason": told})
    if not _whole(text, number):
        return Refusal(_CODE, {"reason": "not all of its digits belong to one number"})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _whole(text: str, number: phonenumbers.PhoneNumber) -> bool:
    """Tell whether every digit of a text is in the number, or before it as a prefix that says nothing more."""
    digits = _ascii(_OTHER.sub("", text))
    own = phonenumbers.national_significant_number(number)
    return digits.endswith(own) and digits.removesuffix(own) in _before(number.country_code or 0)


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(int(mark)) for mark in digits)


@cache
def _before(code: int) -> frozenset[str]:
    """Return what may stand before a number of a country prefix: how it is dialled from anywhere."""
    region = phonenumbers.region_code_for_country_code(code)
    trunk = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""
    return frozenset(f"{start}{tail}" for start in ("", *(f"{idd}{code}" for idd in _DIALLED)) for tail in ("", trunk))


def _said(fault: str) -> str:
    plain = fault.rpartition(") ")[2].rstrip(".")
    return plain[:1].lower() + plain[1:]
