"""Alone knows when two spellings of a name are the same: capitals, accents, punctuation and spaces do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BETWEEN = re.compile(r"[\W_]+")
_STOPS = re.compile("(?<=\\w)[.'\u2019](?=\\w|$)|(?<=\\w)\\.(?=\\s)")


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Return a text for comparing: `U.S.A.` and `usa` are the same, so are `Île-de-France` and `ile de france`."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return _BETWEEN.sub(" ", _STOPS.sub("", plain.casefold().replace("&", " and "))).strip()
