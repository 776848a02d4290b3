"""Streams the records of an XML file: one element at a time, in a copy of its ancestors, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from exchange.formats.xml.opening import syntax_problem
from exchange.formats.xml.places import Place, Places
from exchange.formats.xml.shape import Shape
from exchange.formats.xml.strays import Strays
from exchange.formats.xml.tags import OpenTag
from exchange.kernel.limits import XML_BLOCK, XML_RECORD_BYTES, XML_RECORD_TAGS, XML_TAG_BYTES
from exchange.kernel.problems import Problem
from exchange.kernel.xmlparser import line_of, pull_parser

REJECT_ID = "reject-id"
"""Processing instruction before a record that was set aside: which reject it answers."""


@dataclass(frozen=True, slots=True)
class Record:
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
        self._path, self._shape = path, shape
        self._strays = Strays(shape)
        self._places = Places()
        self._place: Place | None = None
        self._parent: Any = None
        self._parser: Any = None
        self._root: Any = None
        self._since = 0
        """Bytes read since a record ended."""
        self._tags = 0
        """Tags in them."""

    def __iter__(self) -> Iterator[Record]:
        """Yield the records; a record is handed out once the next one was read, when nothing touches it any more."""
        pending = None
        count = 0
        for element in self._elements():
            if pending is not None:
                yield from self._give(pending)
            pending = element
            count += 1
        refused = any(problem.severity == "error" for problem in self.problems)
        if pending is not None and not refused:
            yield from self._give(pending)
        if not refused and self.cut_short is None:
            self._strays.behind(self._parent)
            self.problems += self._strays.problems(self._root, records=count)

    # --- reading -------------------------------------------------------------------------------------------
    def _elements(self) -> Iterator[Any]:
        """Yield the record elements as the parser completes them."""
        self._parser = pull_parser(("end",), self._shape.record[-1])
        with self._path.open("rb") as stream:
            for fault in self._feeds(stream):
                for _, element in self._parser.read_events():
                    if self._is_record(element):
                        self._since = self._tags = 0
                        yield element
                if fault is not None:
                    self._broken(fault)
                    return

    def _feeds(self, stream: BinaryIO) -> Iterator[etree.XMLSyntaxError | None]:
        """Parse one block for each step, with the fault found in it."""
        tag = OpenTag()
        while block := stream.read(XML_BLOCK):
            yield self._fed(block)
            self._since += len(block)
            self._tags += block.count(b"<")
            if large := _too_large(self._since, self._tags, tag.size(block)):
                self.problems.append(large)
                return
        yield self._fed(None)

    def _fed(self, block: bytes | None) -> etree.XMLSyntaxError | None:
        try:
            if block is None:
                self._root = self._parser.close()
            else:
                self._parser.feed(block)
        except etree.XMLSyntaxError as fault:
            return fault
        return None

    def _broken(self, fault: etree.XMLSyntaxError) -> None:
        if self._shape.keep_records:
            self.cut_short = syntax_problem(fault, "XML_CUT_SHORT")
        else:
            self.problems.append(syntax_problem(fault))

    def _is_record(self, element: Any) -> bool:
        """Tell whether an element of the record's name stands on the record's path."""
        if self._parent is not None and element.getparent() is self._parent:
            return True
        tags = [element.tag, *(ancestor.tag for ancestor in element.iterancestors())]
        if tags[::-1] == list(self._shape.record):
            return True
        if len(tags) <= len(self._shape.record):
            self._strays.note(element)
        return False

    # --- handing out ---------------------------------------------------------------------------------------
    def _give(self, element: Any) -> Iterator[Record]:
        parent = element.getparent()
        if parent is None:
            yield Record(element, None, line_of(element), _reject_id(element.getprevious()))
            return
        reject_id = self._before(element, parent)
        line = line_of(element)
        place = self._place
        if place is None:  # `_before` made it; tells the type checker
            return
        place.levels[-1].append(element)
        yield Record(element, place, line, reject_id)
        place.levels[-1].remove(element)

    def _before(self, element: Any, parent: Any) -> str:
        """Take away what was read before a record, and return the reject id that it held."""
        if parent is self._parent and element.getprevious() is None:
            return ""
        if parent is not self._parent:
            self._strays.behind(self._parent)
            return self._enter(element, parent)
        reject_id = ""
        for sibling in list(element.itersiblings(preceding=True)):
            reject_id = reject_id or _reject_id(sibling)
            self._strays.note(sibling)
            parent.remove(sibling)
        return reject_id

    def _enter(self, element: Any, parent: Any) -> str:
        """Make the place of the records in another parent, and let go of everything before it."""
        way = [element, *element.iterancestors()][::-1]
        heads, reject_id = [], ""
        for above, below in pairwise(way):
            before = list(below.itersiblings(preceding=True))[::-1]
            heads.append([sibling for sibling in before if isinstance(sibling.tag, str) and sibling.tag != below.tag])
            for sibling in before:
                above.remove(sibling)
            for sibling in heads[-1]:
                self._strays.header(sibling)
            if below is element and before:
                reject_id = _reject_id(before[-1])
        self._parent = parent
        self._place = self._places.enter(way[:-1], heads)
        return reject_id


def _reject_id(node: Any) -> str:
    """Return the reject id where a node is the processing instruction that holds one."""
    if node is not None and node.tag is etree.PI and node.target == REJECT_ID:
        return str(node.text or "").strip()
    return ""


def _too_large(since: int, tags: int, tag: int) -> Problem | None:
    if since > XML_RECORD_BYTES:
        what, limit = "a record, or what stands between two", f"{XML_RECORD_BYTES} bytes"
    elif tags > XML_RECORD_TAGS:
        what, limit = "a record, or what stands between two", f"{XML_RECORD_TAGS} tags"
    elif tag > XML_TAG_BYTES:
        what, limit = "a tag, comment or instruction", f"{XML_TAG_BYTES} bytes"
    else:
        return None
    return Problem("XML_TOO_LARGE", detail={"what": what, "limit": limit})
