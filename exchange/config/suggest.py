"""Alone words "did you mean": from a mistyped name and the names that exist to advice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_MEANT = re.compile(r"did you mean '(.+)'\?")
_SHOWN = 12
_CUTOFF = 0.65
"""Of 1: `Total` and `Taxes` are not close, `Lineitem skus` and `Lineitem sku` are."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` most probably means; None where nothing is close."""
    by_folded = {other.casefold(): other for other in known}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=_CUTOFF)
    return by_folded[found[0]] if found else None


def suggest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return `did you mean X?`, else `otherwise`, else the names that exist."""
    names = sorted(set(known))
    close = closest(name, names)
    if close is not None:
        return f"did you mean {close!r}?"
    if otherwise or not names:
        return otherwise or "there are none"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"known: {', '.join(names[:_SHOWN])}{more}"


def replacement(advice: str) -> str:
    """Return the name that `did you mean X?` offers; blank for any other advice."""
    found = _MEANT.fullmatch(advice)
    return found[1] if found else ""
