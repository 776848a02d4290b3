"""Takes the names of columns apart: words in one spelling, and units that a name ends with, such as `Weight (kg)`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from unicodedata import combining, normalize

_SHORT = {
    "qty": "quantity",
    "no": "number",
    "nr": "number",
    "num": "number",
    "nbr": "number",
    "addr": "address",
    "adr": "address",
    "tel": "phone",
    "telephone": "phone",
    "desc": "description",
    "descr": "description",
    "amt": "amount",
    "wt": "weight",
    "ref": "reference",
    "ident": "id",
    "email": "mail",
    "e": "",
    "whs": "warehouse",
    "whse": "warehouse",
    "wh": "warehouse",
    "postal": "post",
    "zipcode": "zip",
    "postcode": "post code",
    "lineitem": "line item",
    "shipto": "ship to",
    "billto": "bill to",
}
_EMPTY = {"of", "the", "for", "in", "a", "and", "de", "der", "die", "das", "des"}
_UNITS = {
    "kg": ("g", "1000"),
    "g": ("g", "1"),
    "gr": ("g", "1"),
    "mg": ("g", "0.001"),
    "t": ("g", "1000000"),
    "lb": ("g", "453.59237"),
    "lbs": ("g", "453.59237"),
    "oz": ("g", "28.349523125"),
    "mm": ("mm", "1"),
    "cm": ("mm", "10"),
    "m": ("mm", "1000"),
    "in": ("mm", "25.4"),
    "ft": ("mm", "304.8"),
    "ml": ("ml", "1"),
    "l": ("ml", "1000"),
    "eur": ("EUR", "1"),
    "usd": ("USD", "1"),
    "gbp": ("GBP", "1"),
    "chf": ("CHF", "1"),
    "€": ("EUR", "1"),
    "£": ("GBP", "1"),
}
"""Unit -> (what it is a multiple of, how many of those)."""
_BRACKETED = re.compile(r"^(?P<name>.+?)\s*[(\[](?:in\s+)?(?P<unit>[^)\]]{1,4})[)\]]\s*$")
_TRAILING = re.compile(r"^(?P<name>.*[^\W_].*?)(?:_|\s+in\s+|\s+)(?P<unit>[a-zA-Z€£]{1,3})$")
_LETTERS = {"t", "m", "l", "g", "in"}
"""Units that are words or letters too: only a bracket, or what is measured, makes units of them."""
_VAGUE = {"number", "id", "name", "code", "date", "type", "status", "value", "line", "item"}
"""Words that say little of a field where they stand alone."""
_PREFIX = re.compile(r"(?<![^\W_])[A-Za-z][\w-]*:(?=\w)")
"""Namespace prefixes in the path of an element."""
_SLIP = 0.85
"""How alike two spellings are of which one is a slip, from 0 to 1."""
_SLIP_OF_WORDS = 0.75
"""How alike the words are in which they differ."""
_WRAPPERS = {
    *("address", "post", "party", "contact", "name"),
    *("detail", "header", "request", "info", "information", "data"),
}
"""Words of elements that hold others and say nothing of them."""
_WRAPPING = re.compile(r"(?<=[a-z])Party$")
_MEASURED = ("weight", "gewicht", "mass", "length", "width", "height", "depth", "volume")


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that a column's name ends with."""

    text: str
    """As it is written."""
    of: str
    """What it is a multiple of: g, mm, ml, or a currency."""
    factor: str
    """How many of those, exactly."""


def unit_of(name: str) -> tuple[str, Unit | None]:
    """Return a column's name without its unit, and the unit where it has one."""
    for form in (_BRACKETED, _TRAILING):
        found = form.match(name)
        key = found["unit"].strip().lower() if found else ""
        if found is None or key not in _UNITS:
            continue
        measured = any(word in name.lower() for word in _MEASURED)
        if form is _BRACKETED or measured or key not in _LETTERS:
            of, factor = _UNITS[key]
            return found["name"], Unit(found["unit"].strip(), of, factor)
    return name, None


def without_accents(text: str) -> str:
    """Return a text with plain letters: `Quantité` and `Quantite` are the same word."""
    return "".join(letter for letter in normalize("NFKD", text) if not combining(letter))


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in one spelling: `OrderNo.`, `order_number` and `Order number` are the same."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", _PREFIX.sub("", name))
    apart = re.sub(r"(?<=[A-Za-z])(?=[0-9])", " ", apart).replace("#", " number ")
    found = re.findall(r"[^\W_]+", without_accents(apart.casefold()))
    spelled = (word for each in found for word in _SHORT.get(each, each).split())
    kept = [_singular(word) for word in spelled if word not in _EMPTY]
    return tuple(kept) or tuple(found)


def within(path: str, shared: Collection[str]) -> str:
    """Return the path of an element without the steps that say nothing of the value: those of `shared`, and wrappers.

    `Request/OrderRequest/ShipTo/Address/PostalAddress/City` is the city of `ShipTo`.
    """
    *above, leaf = path.split("/")
    told = (step for step in above if step not in shared and not set(words(step)) <= _WRAPPERS)
    return "/".join([*(_WRAPPING.sub("", step) for step in told), leaf])


def shared_steps(paths: Collection[str]) -> frozenset[str]:
    """Return the steps that most of these paths go through: they tell none from another."""
    counts = Counter(step for path in paths for step in set(path.split("/")[:-1]))
    return frozenset(step for step, times in counts.items() if times > len(paths) / 2)


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


@cache
def alike(name: tuple[str, ...], other: tuple[str, ...], *, misspelt: bool = True) -> float:
    """Return how much two names mean the same, from 0 to 1; `misspelt`: whether one may be the other with a slip."""
    mine, theirs = set(name), set(other)
    if not mine or not theirs:
        return 0.0
    if mine == theirs or "".join(name) == "".join(other):
        return 1.0 if "".join(name) == "".join(other) else 0.97
    if mine < theirs and mine <= _VAGUE:
        return 0.4
    if theirs < mine or mine < theirs:
        share = len(mine & theirs) / len(mine | theirs)
        return float((0.9 if theirs < mine else 0.8) * share**0.5)
    return _misspelt(name, other) if misspelt else 0.0


def _misspelt(name: tuple[str, ...], other: tuple[str, ...]) -> float:
    same = set(name) & set(other)
    rest, others = (" ".join(word for word in each if word not in same) for each in (name, other))
    if _ratio(rest, others) < _SLIP_OF_WORDS:  # the words that differ are other words, however long the rest is
        return 0.0
    ratio = _ratio(" ".join(name), " ".join(other))
    return 0.85 * ratio if ratio >= _SLIP else 0.0


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < _SLIP_OF_WORDS or matcher.quick_ratio() < _SLIP_OF_WORDS:
        return 0.0
    return matcher.ratio()
