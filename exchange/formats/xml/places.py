"""Where records stand: copies of their ancestors, in which one record at a time is put."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree


@dataclass(slots=True)
class Place:
    """Copies of a record's ancestors, and of what stands before the first record in each of them."""

    levels: list[Any]
    """From the root down; the last one holds the record while somebody looks at it."""
    ids: list[int]
    """Which ancestor of the file each level is: two places that share one share its number."""
    heads: list[list[Any]] = field(default_factory=list)
    """Per level: the elements of the copy that stand before the way down."""

    @property
    def root(self) -> Any:
        """The copy of the root element."""
        return self.levels[0]


class Places:
    """Makes the places of one file."""

    def __init__(self) -> None:
        self._ancestors: list[Any] = []
        self._ids: list[int] = []
        self._heads: list[list[Any]] = []
        self._made = 0

    def enter(self, ancestors: list[Any], before: list[list[Any]]) -> Place:
        """Return the place of the records below `ancestors` (from the root down).

        `before`: per ancestor, the elements in it that were read before the way down and are to be kept with it.
        """
        same = 0
        while same < min(len(ancestors), len(self._ancestors)) and ancestors[same] is self._ancestors[same]:
            same += 1
        fresh = len(ancestors) - same
        self._ids = [*self._ids[:same], *range(self._made, self._made + fresh)]
        self._heads = [*self._heads[:same], *before[same:]]
        self._made += fresh
        self._ancestors = ancestors
        return _built(ancestors, self._ids, self._heads)


def _built(ancestors: Iterable[Any], ids: list[int], heads: list[list[Any]]) -> Place:
    place = Place([], list(ids))
    for ancestor, before in zip(ancestors, heads, strict=True):
        known = {"attrib": dict(ancestor.attrib), "nsmap": ancestor.nsmap}
        copy = etree.SubElement(place.levels[-1], ancestor.tag, **known) if place.levels else None
        copy = etree.Element(ancestor.tag, **known) if copy is None else copy
        own = [deepcopy(element) for element in before]
        copy.extend(own)
        place.levels.append(copy)
        place.heads.append(own)
    return place
