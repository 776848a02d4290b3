"""Where records stand: copies of their ancestors, in which one record at a time is put."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree


@dataclass(slots=True)
class Level:
    """One ancestor of records, as it is read."""

    element: Any
    """The ancestor itself; what was read of it is taken out."""
    number: int
    """Which ancestor of the file it is: two places that share one share its number."""
    head: list[Any] = field(default_factory=list)
    """Elements that stand before the first step further down."""
    passed: bool = False
    """Whether there was a step further down."""


@dataclass(slots=True)
class Place:
    """Copies of a record's ancestors, and of what stands before the first record in each of them."""

    levels: list[Any]
    """From the root down; the last one holds the record while somebody looks at it."""
    ids: list[int]
    """The number of each level."""
    heads: list[list[Any]]
    """Per level: the elements of the copy that stand before the way down."""

    @property
    def root(self) -> Any:
        """The copy of the root element."""
        return self.levels[0]


def place_of(levels: list[Level]) -> Place:
    """Return the place of the records below these ancestors, from the root down."""
    place = Place([], [level.number for level in levels], [])
    for level in levels:
        known = {"attrib": dict(level.element.attrib), "nsmap": level.element.nsmap}
        above = place.levels[-1] if place.levels else None
        tag = level.element.tag
        copy = etree.Element(tag, **known) if above is None else etree.SubElement(above, tag, **known)
        head = [deepcopy(element) for element in level.head]
        copy.extend(head)
        place.levels.append(copy)
        place.heads.append(head)
    return place
