"""Did-you-mean for names in mappings."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return advice that names the closest known name, else `otherwise`, else the known names."""
    names = sorted(known)
    by_lower = {known_name.lower(): known_name for known_name in names}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean {by_lower[close[0]]}?"
    return otherwise or (f"known are {', '.join(names)}" if names else "")
