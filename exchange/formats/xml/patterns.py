"""Finds what a path with a `*` stands for in one file: `Items/line_item_*` is every such element that a record has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.formats.delimited.flat import natural
from exchange.formats.xml.records import RecordStream
from exchange.formats.xml.shape import Shape
from exchange.kernel.limits import COLUMNS
from exchange.kernel.xmlpath import STAR, XmlPath, read_pattern


@dataclass(frozen=True, slots=True)
class Pattern:
    """One path whose last name has a `*`."""

    written: str
    """As the mapping writes it."""
    path: XmlPath
    """With `kernel.xmlpath.STAR` in its last name."""
    spelled: re.Pattern[str]
    """Fits the tags, or the names of attributes, that are meant; its group is what the `*` stands for."""

    def names(self, record: Any) -> Iterator[str]:
        """Yield the paths of what a record has, as the mapping would write them."""
        steps = [step.tag for step in (self.path.steps if self.path.attribute else self.path.steps[:-1])]
        above = [record]
        for tag in steps:
            above = [child for element in above for child in element.iterchildren(tag)]
        for element in above:
            found = element.attrib if self.path.attribute else (child.tag for child in element.iterchildren("*"))
            for name in found:
                if fit := self.spelled.fullmatch(name):
                    yield self.written.replace("*", fit[1])


def pattern(text: str, namespaces: Mapping[str, str]) -> Pattern:
    """Return the pattern written as `text`; raises PathFault."""
    path = read_pattern(text, namespaces)
    name = path.attribute or path.steps[-1].tag
    return Pattern(text, path, re.compile(re.escape(name).replace(STAR, r"([^{}]*)")))


def names_in(path: Path, shape: Shape, patterns: Iterable[Pattern]) -> list[str]:
    """Return what the patterns stand for in the records of a file, in natural order (2 before 10)."""
    found: dict[str, None] = {}
    listed = tuple(patterns)
    for record in RecordStream(path, shape):
        for each in listed:
            found.update(dict.fromkeys(each.names(record.element)))
        if len(found) > COLUMNS:
            break
    return sorted(found, key=natural)
