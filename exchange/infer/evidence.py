"""Says which documents a file may hold at all: those of which a column tells what each of them has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set

from exchange.infer.matching import SURE, Matches
from exchange.infer.synonyms import other_documents, synonyms


def told(found: Mapping[str, Matches], named: Set[str]) -> tuple[str, ...]:
    """Return the documents that a file may hold, in the order of `found`: document -> what its fields were found in.

    `named`: those that the name of the file, or of its elements, tells. A column must tell the rest of them.
    """
    return tuple(kind for kind, matches in found.items() if _is_told(kind, matches, named=kind in named))


def another(elements: Collection[str]) -> str:
    """Return what else the words of an element say that it is, such as an invoice; blank where they say nothing."""
    return next((" ".join(name) for name in other_documents() if set(name) <= set(elements)), "")


def looked_for(found: Mapping[str, Matches]) -> str:
    """Return what would have told each document, and what of it was found, for people."""
    each = (f"{kind} by {', and '.join(map(_one_of, synonyms(kind).evidence))}" for kind in found)
    columns = {column: field for matches in found.values() for field, column in _columns(matches)}
    seen = ", ".join(f'"{column}" may be {field}' for column, field in columns.items())
    return f"Looked for: {'; '.join(each)}. Found: {seen or 'none of them'}"


def _is_told(kind: str, matches: Matches, *, named: bool) -> bool:
    lists = synonyms(kind).evidence
    fields = {field for field, _ in _columns(matches)}
    having = sum(bool(fields & set(one)) for one in lists)
    return having == len(lists) or (named and having == len(lists) - 1 > 0)


def _columns(matches: Matches) -> Iterator[tuple[str, str]]:
    """Yield the fields that tell the document and have a column, with the column; not one that only groups rows."""
    telling = {field for one in synonyms(matches.kind.name).evidence for field in one}
    yield from ((each.field, each.column) for each in matches.chosen if each.field in telling and each.alone >= SURE)


def _one_of(fields: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(fields[:-1]), fields[-1])))
