"""Finds what a record of an XML file is, which of its elements are lines, and the paths of all values in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.kernel.xmlparser import pull_parser

_ELEMENTS = 200_000
"""Elements that are looked at."""
_LEAVES = 3
"""Values that an element has at least to be a record although it is alone."""
_BLOCK = 64 * 1024
_LINES = ("line", "item", "position", "detail", "row")

Way = tuple[str, ...]
"""Tags from the root down to an element."""


@dataclass(slots=True)
class Seen:
    """What was seen of the elements at one place."""

    times: int = 0
    most: int = 0
    """Most of them within one parent."""
    children: dict[str, None] = field(default_factory=dict)
    text: bool = False
    attributes: dict[str, None] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether it holds more than a text."""
        return bool(self.children or self.attributes)


@dataclass(frozen=True, slots=True)
class Elements:
    """How an XML file is read."""

    record: str
    lines: str
    namespaces: Mapping[str, str]
    columns: tuple[str, ...]
    """Paths from the record; those of lines begin with `lines`."""
    inner: frozenset[str]
    """Columns of the lines."""
    repeated: tuple[str, ...]
    """Values that occur several times in a record or line: they are not read."""
    doctype: bool = False


class Tree:
    """The shape of a file, collected while it is parsed; memory depends on its shape, not on its size."""

    def __init__(self) -> None:
        self.seen: dict[Way, Seen] = {}
        self.namespaces: dict[str, str] = {}
        self.doctype = False
        self._way: list[str] = []
        self._counts: list[dict[str, int]] = []
        self._elements = 0

    def read(self, blocks: Iterable[bytes]) -> None:
        """Take the file's bytes; what is broken or too long ends the reading."""
        parser = pull_parser(("start", "end"))
        for block in blocks:
            for at in range(0, len(block), _BLOCK):
                parser.feed(block[at : at + _BLOCK])
                for event, element in parser.read_events():
                    (self._start if event == "start" else self._end)(element)
                if self._elements > _ELEMENTS:
                    self._stop()
                    return

    def _start(self, element: Any) -> None:
        if not isinstance(element.tag, str):
            return
        if not self._way:
            self.doctype = element.getroottree().docinfo.internalDTD is not None
        self._elements += 1
        for prefix, space in element.nsmap.items():
            self.namespaces.setdefault(prefix or "", space)
        if self._counts:
            counts = self._counts[-1]
            counts[element.tag] = counts.get(element.tag, 0) + 1
            self.seen[tuple(self._way)].children.setdefault(element.tag)
        self._way.append(element.tag)
        self._counts.append({})
        own = self.seen.setdefault(tuple(self._way), Seen())
        own.times += 1
        own.attributes.update(dict.fromkeys(name for name in element.attrib if not name.startswith("{")))

    def _end(self, element: Any) -> None:
        if not isinstance(element.tag, str):
            return
        way = tuple(self._way)
        own = self.seen[way]
        own.text = own.text or bool((element.text or "").strip())
        self._count()
        element.clear()
        parent = element.getparent()
        if parent is not None and len(parent) > 1:
            del parent[0]

    def _count(self) -> None:
        """Note how many of each child the innermost element has, and leave it."""
        way = tuple(self._way)
        for tag, times in self._counts.pop().items():
            child = self.seen[(*way, tag)]
            child.most = max(child.most, times)
        self._way.pop()

    def _stop(self) -> None:
        while self._way:
            self._count()


def elements_of(blocks: Iterable[bytes]) -> Elements | None:
    """Return how the XML in the blocks is read, None where no record can be told; raises XMLSyntaxError."""
    tree = Tree()
    tree.read(blocks)
    root = next((way for way in tree.seen if len(way) == 1), None)
    record = _record(tree, root) if root is not None else None
    if record is None:
        return None
    lines = _lines(tree, record)
    prefixes = {space: prefix for prefix, space in reversed(tree.namespaces.items())}
    columns: list[str] = []
    inner: list[str] = []
    repeated: list[str] = []
    for way, seen in tree.seen.items():
        if way[: len(record)] != record or _several(tree, way, record, lines):
            continue
        below = way[len(record) :]
        path = _path(below, prefixes)
        names = [path or "."] if seen.text and not seen.children else []
        names += [f"{path}/@{name}" if path else f"@{name}" for name in seen.attributes]
        many = seen.most > 1 and way not in {lines, record}
        (repeated if many else columns).extend(names)
        if lines is not None and way[: len(lines)] == lines and not many:
            inner.extend(names)
    return Elements(
        "/" + _path(record, prefixes),
        _path(lines[len(record) :], prefixes) if lines is not None else "",
        {prefix: space for space, prefix in prefixes.items() if _used(space, tree.seen)},
        tuple(columns),
        frozenset(inner),
        tuple(repeated),
        tree.doctype,
    )


def _record(tree: Tree, way: Way) -> Way | None:
    """Return the place of the records: the first element on the way down that repeats or has values of its own."""
    own = tree.seen[way]
    below = {(*way, tag): tree.seen[(*way, tag)] for tag in own.children}
    leaves = sum(seen.text and not seen.children for seen in below.values())
    many = [(seen.times, place) for place, seen in below.items() if seen.most > 1 and seen.holds]
    if leaves + len(own.attributes) >= _LEAVES and (len(way) > 1 or leaves >= _LEAVES):
        return way
    if many:
        return max(many)[1]
    holding = [place for place, seen in below.items() if seen.children]
    if len(holding) != 1 or leaves:
        return way if leaves or holding else None
    return _record(tree, holding[0])


def _lines(tree: Tree, record: Way) -> Way | None:
    """Return the place of the elements of a record that are its lines."""
    below = [(way, seen) for way, seen in tree.seen.items() if way[: len(record)] == record and len(way) > len(record)]
    many = [(-len(way), seen.times, way) for way, seen in below if seen.most > 1 and _may_be_line(way, seen)]
    if many:
        return max(many)[2]
    named = (way for way, seen in below if len(seen.children) > 1 and _local(way).endswith(_LINES))
    leaved = (way for way in named if any(not tree.seen[(*way, tag)].children for tag in tree.seen[way].children))
    return min(leaved, key=len, default=None)


def _may_be_line(way: Way, seen: Seen) -> bool:
    """Tell whether an element that repeats may be a line: not one that is a value with a note of what it is in."""
    if seen.children or not seen.text:
        return seen.holds
    return len(seen.attributes) > 1 or (seen.holds and _local(way).endswith(_LINES))


def _local(way: Way) -> str:
    return way[-1].rpartition("}")[2].lower()


def _several(tree: Tree, way: Way, record: Way, lines: Way | None) -> bool:
    """Tell whether a place lies within an element that occurs several times and is no line."""
    above = (way[:depth] for depth in range(len(record) + 1, len(way)))
    return any(tree.seen[each].most > 1 and each != lines for each in above)


def _path(tags: Way, prefixes: Mapping[str, str]) -> str:
    return "/".join(_steps(tags, prefixes))


def _steps(tags: Way, prefixes: Mapping[str, str]) -> Iterator[str]:
    for tag in tags:
        space, _, name = tag.removeprefix("{").rpartition("}")
        prefix = prefixes.get(space, "")
        yield f"{prefix}:{name}" if prefix else name


def _used(space: str, seen: Mapping[Way, Seen]) -> bool:
    return any(way[-1].startswith(f"{{{space}}}") for way in seen)
