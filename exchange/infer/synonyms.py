"""Loads what partners call the fields of documents; the words are data, in synonyms.yaml beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exchange.documents.loader import document, names
from exchange.infer.naming import words
from exchange.kernel.packaged import packaged_yaml

Words = tuple[str, ...]
FILE = Path(__file__).with_name("synonyms.yaml")


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What the fields of one document are called."""

    fields: dict[str, tuple[Words, ...]]
    """Header field -> names, the likeliest first; the field's own is among them."""
    lines: dict[str, tuple[Words, ...]]
    told_by: tuple[Words, ...]
    """Words in a file's name that tell this document."""
    instead: dict[str, tuple[str, ...]]
    """Field that must be filled -> fields whose column does where it has none of its own."""
    evidence: tuple[tuple[str, ...], ...]
    """Fields that tell this document: a file of it has a column for one of each list."""
    constants: dict[str, object]
    """Field that must be filled -> what stands for it where nothing in the file says it."""


def kinds() -> tuple[str, ...]:
    """Return the documents that partners send; those that are computed here have no names elsewhere."""
    return tuple(name for name in names() if name in _read()["documents"])


@cache
def synonyms(kind: str) -> Synonyms:
    """Return what the fields of the document `kind` are called."""
    told = _read()
    own = told["documents"][kind]
    fields = {name: _names(name, own["fields"].get(name, ())) for name in document(kind).fields}
    return Synonyms(
        {**fields, **dict(_addresses(kind))},
        {name: _names(name, own["lines"].get(name, ())) for name in document(kind).lines},
        tuple(words(text) for text in own["told_by"]),
        {name: tuple(others) for name, others in told["instead"][kind].items()},
        tuple(map(tuple, told["evidence"][kind])),
        dict(told["constants"][kind]),
    )


@cache
def before_lines() -> tuple[Words, ...]:
    """Return the words that may stand before the name of a line's column, the longest first."""
    return tuple(sorted(map(words, _read()["words_before"]["lines"]), key=len, reverse=True))


@cache
def line_words(of: str) -> frozenset[str]:
    """Return the words of elements that are lines: of `quantity`, `item` and `price`, and of what is `other`."""
    return frozenset(word for text in _read()["line_elements"][of] for word in words(text))


@cache
def other_documents() -> tuple[Words, ...]:
    """Return what documents are called that are drafted only when somebody says what to read them as."""
    return tuple(words(text) for text in _read()["other_documents"])


@cache
def other_parties() -> frozenset[str]:
    """Return the words that name a party whose name and address are neither the buyer's nor the receiver's."""
    return frozenset(word for text in _read()["other_parties"] for word in words(text))


@cache
def all_names() -> frozenset[Words]:
    """Return every name that some field of some document has: none of them is another one misspelt."""
    told = [synonyms(kind) for kind in kinds()]
    return frozenset(
        name for own in told for each in (own.fields, own.lines) for many in each.values() for name in many
    )


def known_values(field: str) -> dict[str, str]:
    """Return what each known text of a field with fixed values means: text (as words) -> value."""
    said: dict[str, list[str]] = _read()["values"].get(field, {})
    return {" ".join(words(text)): value for value, texts in said.items() for text in (value, *texts)}


def _addresses(kind: str) -> Iterator[tuple[str, tuple[Words, ...]]]:
    told = _read()["address"]
    for name in document(kind).fields:
        block, _, part = name.partition(".")
        if part:
            parts = [words(text) for text in told["parts"][part]]
            bare = parts if block == "ship_to" else []
            yield name, (*((*words(before), *each) for before in told[block] for each in parts), *bare)


def _names(name: str, others: list[str] | tuple[str, ...]) -> tuple[Words, ...]:
    return tuple(dict.fromkeys([words(name), *map(words, others)]))


@cache
def _read() -> dict[str, Any]:
    made: dict[str, Any] = packaged_yaml(FILE)
    return made
