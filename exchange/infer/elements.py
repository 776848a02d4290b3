"""Finds what a record of an XML file is, which of its elements are lines, and the paths of all values in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.infer.line_likeness import called_a_line, likeness
from exchange.kernel.xmlparser import pull_parser

_ELEMENTS = 200_000
"""Elements that are looked at."""
_LEAVES = 3
"""Values that an element has at least to be a record although it is alone."""
_BLOCK = 64 * 1024
_REPEATS = 1
"""What it counts for a line that it repeats."""
_ENOUGH = 5
"""How much an element that does not repeat looks like a line at least: by its name, and a quantity in it."""

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
    def is_value(self) -> bool:
        """Whether it holds nothing but a text, beside its attributes."""
        return self.text and not self.children

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it, wherever it stands."""
        return not (self.text or self.children or self.attributes)

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
        within = _several(tree, way, record, lines)
        if way[: len(record)] != record or (within and not _leads(way[:-1], lines)):
            continue
        path = _path(way[len(record) :], prefixes)
        names = [path or "."] if seen.is_value or (seen.is_empty and path) else []
        names += [f"{path}/@{name}" if path else f"@{name}" for name in seen.attributes]
        many = within or (seen.most > 1 and way not in {lines, record})
        if many and seen.children and not _leads(way, lines):
            names = [path]  # what is in it is left out with it
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
    """Return the place of the elements of a record that are its lines: what looks most like them, the highest first."""
    rated = []
    for way, seen in tree.seen.items():
        if way[: len(record)] != record or len(way) == len(record):
            continue
        score = likeness(_local(way), _values(tree, way))
        if seen.most > 1 and _may_be_line(way, seen):
            rated.append((score + _REPEATS, -len(way), seen.times, way))
        elif seen.most == 1 and called_a_line(_local(way)) and (score >= _ENOUGH or _is_alone(tree, way, score)):
            rated.append((score, -len(way), seen.times, way))
    best = max(rated, default=None)
    return best[-1] if best is not None and best[0] > 0 else None


def _may_be_line(way: Way, seen: Seen) -> bool:
    """Tell whether an element that repeats may be a line: not one that is a value with a note of what it is in."""
    if seen.children or not seen.text:
        return seen.holds
    return len(seen.attributes) > 1 or (seen.holds and called_a_line(_local(way)))


def _is_alone(tree: Tree, way: Way, score: int) -> bool:
    """Tell whether an element that is called a line and does not repeat holds values as one."""
    children = tree.seen[way].children
    return score > 0 and len(children) > 1 and any(not tree.seen[(*way, tag)].children for tag in children)


def _values(tree: Tree, way: Way) -> Iterator[str]:
    """Yield the names on the way to each value in an element, without those in elements that repeat in it."""
    for tag in tree.seen[way].children:
        child = tree.seen[(*way, tag)]
        if child.most > 1 and child.holds:
            continue
        if not child.children:
            yield _local((tag,))
        yield from (f"{_local((tag,))}/{below}" for below in _values(tree, (*way, tag)))
    yield from tree.seen[way].attributes


def _local(way: Way) -> str:
    return way[-1].rpartition("}")[2]


def _several(tree: Tree, way: Way, record: Way, lines: Way | None) -> bool:
    """Tell whether a place lies within an element that occurs several times: lines do not, wherever they stand."""
    begin = len(lines) if lines is not None and way[: len(lines)] == lines else len(record)
    return any(tree.seen[way[:depth]].most > 1 for depth in range(begin + 1, len(way)))


def _leads(way: Way, lines: Way | None) -> bool:
    """Tell whether a place is on the way down to the lines."""
    return lines is not None and len(way) < len(lines) and lines[: len(way)] == way


def _path(tags: Way, prefixes: Mapping[str, str]) -> str:
    return "/".join(_steps(tags, prefixes))


def _steps(tags: Way, prefixes: Mapping[str, str]) -> Iterator[str]:
    for tag in tags:
        space, _, name = tag.removeprefix("{").rpartition("}")
        prefix = prefixes.get(space, "")
        yield f"{prefix}:{name}" if prefix else name


def _used(space: str, seen: Mapping[Way, Seen]) -> bool:
    return any(way[-1].startswith(f"{{{space}}}") for way in seen)
