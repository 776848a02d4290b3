"""Fits the lines of an address into the number and length of lines that a target has, between words only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from exchange.postal.refusal import Refusal


@lru_cache(maxsize=4096)
def wrapped(texts: tuple[str | None, ...], lines: int, length: int) -> tuple[str, ...] | Refusal:
    """Return at most `lines` lines of at most `length` characters with every word of `texts`, in order.

    Each text keeps lines of its own where they are enough; else all run on. A word is never cut, so what does not fit
    is refused.
    """
    given = [words for text in texts if text and (words := text.split())]
    apart = [line for words in given for line in _filled(words, length)]
    if len(apart) > lines:
        apart = _filled([word for words in given for word in words], length)
    if len(apart) > lines or any(len(line) > length for line in apart):
        needed = max(map(len, apart)) if len(apart) <= lines else len(apart)
        what = "characters in one word" if len(apart) <= lines else "lines"
        return Refusal("ADDRESS_TOO_LONG", {"lines": lines, "length": length, "needed": f"{needed} {what}"})
    return tuple(apart)


def _filled(words: Sequence[str], length: int) -> list[str]:
    """Return lines filled with as many words as fit; a word that is too long has a line of its own."""
    made: list[str] = []
    for word in words:
        if made and len(made[-1]) + 1 + len(word) <= length:
            made[-1] = f"{made[-1]} {word}"
        else:
            made.append(word)
    return made
