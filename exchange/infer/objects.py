"""Finds the names in JSON Lines: the values of an object, and the array whose entries are its lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Names:
    """What the objects of a file hold."""

    columns: tuple[str, ...]
    """Columns as a mapping names them: `customer.email`, and `<lines>.sku` for those of a line."""
    lines: str = ""
    """The array whose entries are lines; blank where there is none."""
    others: tuple[str, ...] = ()
    """Further arrays: nothing reads them."""


def names_of(lines: Iterable[str]) -> Names | None:
    """Return the names in the objects of the lines, None where they are no objects."""
    heads: dict[str, None] = {}
    inner: dict[str, dict[str, None]] = {}
    entries: Counter[str] = Counter()
    arrays: dict[str, None] = {}
    for line in filter(str.strip, lines):
        read = _read(line)
        if read is None:
            continue
        for name, value in read.items():
            if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
                entries[name] += len(value)
                inner.setdefault(name, {}).update(dict.fromkeys(key for entry in value for key in _flat(entry, "")))
        heads.update(dict.fromkeys(_flat({name: value for name, value in read.items() if name not in inner}, "")))
        arrays.update(dict.fromkeys(name for name, value in read.items() if isinstance(value, list)))
    if not heads and not inner:
        return None
    chosen = entries.most_common(1)[0][0] if entries else ""
    own = [f"{chosen}.{name}" for name in inner.get(chosen, ())]
    kept = [name for name in heads if name not in inner]
    return Names((*kept, *own), chosen, tuple(name for name in arrays if name != chosen))


def _read(line: str) -> dict[str, Any] | None:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _flat(read: Mapping[str, Any], before: str) -> Iterator[str]:
    if before.count(".") > _DEPTH:
        return
    for name, value in read.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif not isinstance(value, list):
            yield before + name
