"""Alone knows how a count is told: `1 column`, `2 columns`, and the words that go with them; light."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CHOICE = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")
"""In a message: a value by name, the words for one, the words for any other number."""


def many(number: int, word: str) -> str:
    """Return `1 order`, `2 orders`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def which(number: int, one: str, others: str) -> str:
    """Return the words for one, or those for none and for several: `which(number, "is", "are")`."""
    return one if number == 1 else others


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a message with its values in it; `{count:column is|columns are}` chooses the words for a number."""
    if "|" in template:
        template = _CHOICE.sub(lambda found: found[2] if str(values[found[1]]) == "1" else found[3], template)
    return template.format_map(values)


def unfilled(template: str) -> str:
    """Return a message as it reads of several, its other values left open."""
    return _CHOICE.sub(r"\3", template)
