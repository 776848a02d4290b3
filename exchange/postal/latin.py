"""Writes text in plain letters for targets that know no others: every character has its own, or the text is refused."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Literal

from exchange.postal.refusal import Refusal
from exchange.postal.wordlists import wordlist

Umlauts = Literal["ae", "a"]
_INVISIBLE = frozenset({"Cf"})
"""Marks without a shape: joiners and directions."""


def transliterated(
    text: str | None, umlauts: Umlauts = "ae", keep: Literal["ascii", "latin-1"] = "ascii"
) -> str | Refusal | None:
    """Return a text in ASCII, or in ISO 8859-1; blank stays blank.

    `umlauts`: `ae` writes ä as ae, as German has it, `a` as a. A character that nobody has a plain letter for (Chinese,
    Arabic) is refused with the text: it is never left out, and never becomes a question mark.
    """
    if text is None or text.isascii():
        return text
    whole = "".join(mark for mark in unicodedata.normalize("NFC", text) if unicodedata.category(mark) not in _INVISIBLE)
    made: list[str] = []
    unknown: list[str] = []
    for at, mark in enumerate(whole):
        plain = mark if _kept(mark, keep) else _plain(mark, umlauts)
        if plain is None:
            unknown.append(mark)
            continue
        if (odd := _running_on(plain, made, whole[max(at - 1, 0) : at + 1])) and "/" in plain:
            made.append(" ")  # 12½ is 12 1/2
        elif odd:
            unknown.append(odd)
        made.append(_cased(plain, whole, at) if len(plain) > 1 else plain)
    if unknown:
        return Refusal("NOT_TRANSLITERATED", {"characters": " ".join(dict.fromkeys(unknown))})
    return "".join(made)


def _running_on(plain: str, made: list[str], marks: str) -> str:
    """Return the character that would make one number of two: 10² is not 102. `marks`: the last two as given."""
    meet = plain[:1].isdecimal() and "".join(made[-1:])[-1:].isdecimal()
    return next((mark for mark in marks if not mark.isdecimal()), "") if meet else ""


def _kept(mark: str, keep: str) -> bool:
    return mark.isascii() or (keep == "latin-1" and "\xa0" < mark <= "\xff")


@cache
def _plain(mark: str, umlauts: Umlauts) -> str | None:
    lists = wordlist("latin")
    known: dict[str, str] = {**lists["letters"], **lists["signs"], **(lists["umlauts"] if umlauts == "ae" else {})}
    if mark in known:
        return known[mark]
    if (small := mark.lower()) in known:
        return known[small].capitalize()
    apart = unicodedata.normalize("NFKD", mark)
    if apart == mark:
        return None
    bare = [each for each in apart if not unicodedata.combining(each)]
    # A letter is the same without its accent. One that stands alone (¨) is a blank and a mark, and ≠ is = and a mark.
    if len(bare) < len(apart) and not all(map(str.isalnum, bare)):
        return None
    base = [known.get(each, each) for each in bare]
    if any(not each.isascii() for each in base):
        small_base = [known.get(each.lower()) for each in bare]
        return "".join(each.capitalize() for each in small_base if each) if all(small_base) else None
    return "".join(base)


def _cased(plain: str, text: str, at: int) -> str:
    """Return several letters for a capital in capitals where the word is written so: ÄRZTE is AERZTE, Ärzte Aerzte."""
    beside = text[at + 1 : at + 2] or text[at - 1 : at] if at else text[at + 1 : at + 2]
    return plain.upper() if text[at].isupper() and beside.isupper() else plain
