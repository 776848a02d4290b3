"""Streams the records of an XML file: one element at a time, in a copy of its ancestors, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from exchange.formats.xml.feed import Feed
from exchange.formats.xml.opening import syntax_problem
from exchange.formats.xml.places import Level, Place, place_of
from exchange.formats.xml.shape import Shape
from exchange.formats.xml.strays import Strays
from exchange.kernel.problems import Problem
from exchange.kernel.xmlparser import LINES_KEPT, line_of

REJECT_ID = "reject-id"
"""Processing instruction before a record that was set aside: which reject it answers."""


class Record(NamedTuple):
    """One record element; it is gone when the next one comes."""

    element: Any
    place: Place | None
    """Its ancestors, with the element in them; None where it is the root itself."""
    line: int
    """Physical line of its start tag."""
    reject_id: str
    """The reject that it corrects; blank where it was never set aside."""


class RecordStream:
    """The records of one file, in file order; afterwards `problems` says what is wrong with the file as a whole."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self.problems: list[Problem] = []
        """Filled once the records are read."""
        self.cut_short: Problem | None = None
        """Why reading ended early although what came before it counts."""
        self._shape = shape
        self._feed = Feed(path)
        self._strays = Strays(shape)
        self._levels: list[Level] = []
        self._place: Place | None = None
        self._reject_id = ""
        self._made = 0
        self._count = 0

    def __iter__(self) -> Iterator[Record]:
        """Yield the records."""
        feed, alone = self._feed, len(self._shape.record) == 1
        for over in feed.blocks():
            broken = over and (feed.fault is not None or feed.large is not None)
            if feed.root is None or (broken and not self._shape.keep_records):
                continue
            if not alone:
                yield from self._below(feed.root, 0, over=over and not broken)
            elif over and not broken:
                self._count += 1
                yield Record(feed.root, None, line_of(feed.root), _reject_id(feed.root.getprevious()))
        self._end()

    def _end(self) -> None:
        feed = self._feed
        if feed.large is not None:
            self.problems.append(feed.large)
        elif feed.fault is not None and self._shape.keep_records:
            self.cut_short = syntax_problem(feed.fault, "XML_CUT_SHORT", feed.column_shift)
        elif feed.fault is not None:
            self.problems.append(syntax_problem(feed.fault, shift=feed.column_shift))
        else:
            self.problems += self._strays.problems(self._count)

    def _below(self, element: Any, depth: int, *, over: bool) -> Iterator[Record]:
        """Take out what is complete of an ancestor of records: all but its last child, or all where it is `over`."""
        level = self._level(element, depth)
        children = element[:] if over else element[:-1]
        if depth + 2 == len(self._shape.record):
            yield from self._records(element, children, level)
            return
        step = self._shape.record[depth + 1]
        for child in children:
            if child.tag == step:
                yield from self._below(child, depth + 1, over=True)
                self._leave(depth + 1)
            else:
                self._other(child, level)
            element.remove(child)
        if not over and len(element) and element[-1].tag == step:
            yield from self._below(element[-1], depth + 1, over=False)

    # --- ancestors -----------------------------------------------------------------------------------------
    def _level(self, element: Any, depth: int) -> Level:
        if depth == len(self._levels):
            if self._levels:
                self._levels[-1].passed = True
            self._levels.append(Level(element, self._made))
            self._made += 1
        return self._levels[depth]

    def _leave(self, depth: int) -> None:
        del self._levels[depth:]
        self._place = None

    def _other(self, node: Any, level: Level) -> None:
        """Take note of what is neither a record nor on the way to one."""
        if node.tag is etree.PI:
            self._reject_id = _reject_id(node)
        elif level.passed:
            self._strays.note(node)
        elif isinstance(node.tag, str):
            self._strays.header(node)
            level.head.append(node)

    # --- records -------------------------------------------------------------------------------------------
    def _records(self, element: Any, children: Sequence[Any], level: Level) -> Iterator[Record]:
        """Yield those children that are records, each moved from its parent into the place of all of them."""
        # Once per record, and so written out: as little as can be.
        step, taken, place = self._shape.record[-1], self._feed.taken, self._place
        for child in children:
            if child.tag != step:
                self._other(child, level)
                element.remove(child)
                continue
            self._count += 1
            line = child.sourceline
            if line is None or line >= LINES_KEPT:
                line = line_of(child)
            if place is None:
                level.passed = True
                place = self._place = place_of(self._levels)
            holder = place.levels[-1]
            holder.append(child)
            reject_id, self._reject_id = self._reject_id, ""
            yield Record(child, place, line, reject_id)
            holder.remove(child)
            taken()


def _reject_id(node: Any) -> str:
    """Return the reject id where a node is the processing instruction that holds one."""
    if node is not None and node.tag is etree.PI and node.target == REJECT_ID:
        return str(node.text or "").strip()
    return ""
