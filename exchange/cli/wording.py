"""Words that the commands share: counts of things, lines of files, text from outside; light, as idle runs speak too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from exchange.kernel.plural import many

NOTHING = "nothing to do: no file is ready"
_ACTIONS = {"new": "new", "change": "change", "cancel": "cancellation", "return": "return"}


def told(actions: Mapping[str, int]) -> str:
    """Return what targets were told: `5 new, 1 change, 2 cancellations`; blank for nothing but new ones."""
    if not set(actions) - {"new"}:
        return ""
    found = [(actions.get(action, 0), word) for action, word in _ACTIONS.items()]
    return ", ".join(f"{number:,} new" if word == "new" else many(number, word) for number, word in found if number)


def nothing_due(coming: Mapping[str, datetime]) -> str:
    """Return what is said where no schedule has come round: when the next ones will."""
    first = sorted(coming.items(), key=lambda row: row[1])[:3]
    return "nothing is due; next: " + ", ".join(f"{flow} at {moment:%Y-%m-%d %H:%M} UTC" for flow, moment in first)


def at_line(before: str, line: int | None, after: str = "") -> str:
    """Return `line 4` between two texts; blank for what is not of one line."""
    return f"{before}line {line}{after}" if line else ""


def clean(text: str) -> str:
    """Return text from outside with its control characters made visible: a name must not drive the terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
