"""Reads countries: ISO 3166-1 alpha-2 from names in many languages, codes of every kind, and what people write."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from functools import cache

import pycountry

from exchange.postal.folding import folded
from exchange.postal.refusal import Refusal
from exchange.postal.wordlists import wordlist

_LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "pt")
"""Languages besides English in which names of countries are known."""
_FURTHER = (
    "ar",
    "bg",
    "ca",
    "cs",
    "da",
    "el",
    "fi",
    "hu",
    "ja",
    "ko",
    "nb",
    "ro",
    "ru",
    "sk",
    "sv",
    "tr",
    "uk",
    "zh_CN",
    "zh_TW",
)
"""Languages that are asked where those do not know a name."""


def country_code(text: str | None) -> str | Refusal | None:
    """Return the two-letter code (ISO 3166-1) of a country's name or code; blank stays blank."""
    if text is None:
        return None
    asked = folded(text)
    found = _known().get(asked) or _known().get(asked.removeprefix("the ")) or _elsewhere().get(asked)
    return Refusal("UNKNOWN_COUNTRY") if found is None else found.partition("-")[0]


def part_of_country(text: str | None) -> str | None:
    """Return the region (such as `SCT`) that the name of a part of a country (Scotland) tells beside the country."""
    return _known().get(folded(text), "").partition("-")[2] or None if text else None


def named(text: str) -> str | None:
    """Return the two-letter code that a country's name, or its code of letters, means in the usual languages.

    None for anything else: a column of numbers is not one of countries, though each country has a number too.
    """
    asked = folded(text)
    return None if asked.isdecimal() or asked not in _known() else _known()[asked].partition("-")[0]


@cache
def codes() -> frozenset[str]:
    """Return every two-letter code that is understood."""
    return frozenset(code.partition("-")[0] for code in _known().values())


@cache
def _known() -> dict[str, str]:
    known = {name: code for language in _LANGUAGES for name, code in _named(language)}
    known |= {folded(name): code for name, code in wordlist("countries").items()}
    for country in pycountry.countries:
        known |= {code.casefold(): country.alpha_2 for code in (country.alpha_2, country.alpha_3, country.numeric)}
    return known


@cache
def _elsewhere() -> dict[str, str]:
    """Return names in further languages, read where a name is in none of the usual ones; not those of two countries."""
    meant: dict[str, set[str]] = {}
    for language in _FURTHER:
        for name, code in _named(language):
            meant.setdefault(name, set()).add(code)
    return {name: next(iter(of)) for name, of in meant.items() if len(of) == 1}


def _named(language: str) -> Iterator[tuple[str, str]]:
    """Yield folded names and codes of all countries, in English and another language."""
    said = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True).gettext
    for country in pycountry.countries:
        for kind in ("official_name", "common_name", "name"):
            if name := getattr(country, kind, ""):
                yield from ((folded(text), country.alpha_2) for text in (name, said(name)))
