"""Dotted field names as nested dictionaries: what a template sees as `order.ShipTo.Name`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Tree = dict[str, Any]
"""Name -> leaf (a column, or None while only names matter) or another tree."""


def nest(values: Mapping[str, Any]) -> Tree:
    """Return the tree of dotted names; ValueError names the field that is both a value and a group."""
    tree: Tree = {}
    for name, value in values.items():
        *groups, last = name.split(".")
        place = tree
        for group in groups:
            place = place.setdefault(group, {})
            if not isinstance(place, dict):
                raise ValueError(name)  # noqa: TRY004 - a value of the configuration, not a type in the code
        if last in place:
            raise ValueError(name)
        place[last] = value
    return tree


def clashes(names: Iterable[str]) -> list[str]:
    """Return the names that are used both for a value and for a group of values."""
    known = set(names)
    return sorted(name for name in known if any(other.startswith(f"{name}.") for other in known))


def rows(tree: Tree, count: int) -> list[dict[str, Any]]:
    """Turn a tree of lists (each `count` long) into one nested dictionary per row."""
    lists = [rows(branch, count) if isinstance(branch, dict) else branch for branch in tree.values()]
    names = tuple(tree)
    if not lists:
        return [{} for _ in range(count)]
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
