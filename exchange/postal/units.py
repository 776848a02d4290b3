"""Finds the part of a street line that says where within the building: apartment, suite, floor, unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from exchange.postal.wordlists import wordlist

_ID = r"(?:(?:no|nr)\.?\s*)?#?\s*(?:\d{1,4}(?![\d])(?:[-/]?[^\W_]){0,6}|[^\W\d_](?:[-/]?\d{1,4}[^\W\d_]?)?)(?![\w])"
"""What tells one unit from another: 4, 4B, 12-3, B, B12; never a word, and no number as long as a postcode."""
_NUMERAL = r"\d{1,3}(?:st|nd|rd|th|er|re|ère|ème|eme|e|è|[.ºª°ao])?"
_NUMBER_SIGN = r"#\s?\d{1,5}[^\W\d_]?(?![\w])"
_BETWEEN = r"[\s,;]"


def unit_parted(line: str, country: str | None) -> tuple[str, str]:
    """Return a street line in two: the street, and the unit that was at its end (or at its beginning, with a comma).

    Where nothing at either end surely is a unit, the line stays whole. Together both hold every word of the line.
    """
    whole, behind, before = _patterns(country or "")
    if (found := whole.fullmatch(line)) is not None:
        return "", found["unit"].strip()
    if (found := behind.fullmatch(line)) is not None and (_has_number(found["street"]) or "," in found["between"]):
        return found["street"].strip(), found["unit"].strip()
    if (found := before.fullmatch(line)) is not None and _has_number(found["street"]):
        return found["street"].strip(), found["unit"].strip()
    return line, ""


def street_only(text: str | None, country: str | None) -> str | None:
    """Return a street line without its unit; a line that is nothing but a unit is blank."""
    return None if text is None else unit_parted(text, country)[0] or None


def unit_only(text: str | None, country: str | None) -> str | None:
    """Return the unit of a street line, blank where it has none."""
    return None if text is None else unit_parted(text, country)[1] or None


def _has_number(text: str) -> bool:
    return any(mark.isdigit() for mark in text)


@cache
def _patterns(country: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what a line fits that is a unit, ends with one, and begins with one."""
    groups = [group for group in wordlist("designators") if country in group.get("countries", (country,))]
    before, behind, alone = (
        _any(word for group in groups for word in group.get(kind, ())) for kind in ("before", "behind", "alone")
    )
    phrase = rf"(?:(?:{before})\b\.?\s*{_ID}|{_NUMERAL}\s*(?:{behind})(?![\w])\.?|(?:{alone})(?![\w])|{_NUMBER_SIGN})"
    phrases = rf"(?P<unit>{phrase}(?:{_BETWEEN}+{phrase})*)"
    return (
        re.compile(rf"\s*{phrases}\s*", re.IGNORECASE),
        re.compile(rf"(?P<street>.*?[^\s,;])(?P<between>{_BETWEEN}+){phrases}{_BETWEEN}*", re.IGNORECASE),
        re.compile(rf"\s*{phrases}\s*[,;]\s*(?P<street>.*)", re.IGNORECASE),
    )


def _any(words: Iterable[str]) -> str:
    longest_first = sorted(dict.fromkeys(words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
