"""Parts a street line into street and house number, as the country writes them."""

from __future__ import annotations

import re
from functools import cache

from exchange.postal.wordlists import wordlist

_MORE = r"(?:\s?(?:bis|ter|quater|quinquies)(?!\w)|\s?[^\W\d_](?!\w))?"
_ONE = rf"\d+{_MORE}(?:\s?\d/\d(?!\d))?"
_FIRST = re.compile(rf"\s*(?P<number>{_ONE}(?:\s?[-/&+]\s?{_ONE})*)(?:\s*,\s*|\s+)(?P<street>.*[^\W\d_].*?)\s*", re.I)
_LAST = re.compile(
    rf"\s*(?P<street>[A-Z]\s?\d{{1,2}}(?=[\s,])|.*?[^\W\d_][^\d]*?(?:\s\d+\.?\s.*?)??)(?:(?<=\.)|[\s,]+)"
    rf"(?P<number>(?:(?:nr|no|n)\.?\s?º?\s?)?{_ONE}(?:\s?[-/&+]\s?(?:{_ONE}|[^\W\d_](?!\w)))*\.?)\s*",
    re.I,
)
"""The first kind of street is a block, as in Mannheim: `C 4, 12`."""
_ODD = re.compile(r"\b(?:highway|hwy|route|rte|interstate|kilom[eè]tre|km|box|postfach|packstation)\s*\Z", re.I)
"""What a number behind it belongs to: Route 66 has no house number."""
_LISTED = re.compile(r",\s*\d")
"""Another number of its own: which of them is the house's cannot be known."""


def house_parted(line: str, country: str | None) -> tuple[str, str]:
    """Return a street line in two: street and house number; the number is blank where none can surely be told.

    Together both hold every letter and digit of the line.
    """
    if (country or "") in _number_first():
        found = _FIRST.fullmatch(line)
    else:
        found = _LAST.fullmatch(line)
        if found is not None and (_ODD.search(found["street"]) or _LISTED.search(found["street"])):
            found = None
        if found is None and country:  # `12 Hauptstrasse`, as a foreigner writes it: only one number, and it is first
            found = _FIRST.fullmatch(line) if len(re.findall(r"\d+", line)) == 1 else None
    return (line, "") if found is None else (found["street"].strip(" ,"), found["number"])


def street_name(text: str | None, country: str | None) -> str | None:
    """Return a street line without its house number."""
    return None if text is None else house_parted(text, country)[0] or None


def house_number(text: str | None, country: str | None) -> str | None:
    """Return the house number of a street line, blank where none can surely be told."""
    return None if text is None else house_parted(text, country)[1] or None


@cache
def _number_first() -> frozenset[str]:
    return frozenset(wordlist("houses")["first"])
