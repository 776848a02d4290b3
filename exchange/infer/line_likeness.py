"""Says how much an element of XML looks like a line of its record, by its name and by the names of what is in it."""

from __future__ import annotations

from collections.abc import Iterable

from exchange.infer.naming import words
from exchange.infer.synonyms import line_words

_LINES = ("line", "item", "position", "detail", "row")
_QUANTITY, _ITEM, _PRICE, _NAMED, _OTHER = 3, 2, 1, 2, -9


def likeness(name: str, values: Iterable[str]) -> int:
    """Return how much an element is a line: less than nothing where its name says that it is something else.

    `values`: the way from it to each value in it, by names without prefixes: `Item/SellersItemIdentification/ID`.
    """
    if line_words("other") & set(words(name)):
        return _OTHER
    found = [(words(value), words(value.rpartition("/")[2])) for value in values]
    score = _NAMED * called_a_line(name)
    score += _QUANTITY * any(line_words("quantity") & set(leaf) for _, leaf in found)
    score += _PRICE * any(line_words("price") & set(leaf) for _, leaf in found)
    return score + _ITEM * any(line_words("item") & set(way) for way, _ in found)


def called_a_line(name: str) -> bool:
    """Tell whether an element is called so: `Line`, `OrderLine`, `ItemOut`; not `Lines`, which holds them."""
    begins = any(name.startswith(word.capitalize()) and name[len(word) :][:1].isupper() for word in _LINES)
    return begins or name.lower().endswith(_LINES)
