"""Tells what kind of place an address is: a street, a PO box, a parcel locker or a pick-up point."""

from __future__ import annotations

import re
from functools import cache

from exchange.postal.wordlists import wordlist

STREET = "street"
KINDS = (STREET, "po_box", "locker", "pickup")
"""What `kind_of_place` can say."""


def kind_of_place(*lines: str | None) -> str | None:
    """Return what kind of place the street lines of an address name; blank where all of them are."""
    given = [line for line in lines if line]
    if not given:
        return None
    whole = "\n".join(given)
    return next((kind for kind, pattern in _patterns() if pattern.search(whole)), STREET)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile("|".join(told), re.IGNORECASE | re.MULTILINE)) for kind, told in wordlist("kinds").items()
    )
