"""Alone turns the text of a YAML file into plain data with the line and column of every key and value.

It is built from the parser's events: scalars keep their text, nothing is constructed from tags, and depth, aliases
and size are bounded before anything is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from exchange.config.scalars import quote_advice, read_plain
from exchange.kernel.limits import YAML_BYTES, YAML_DEPTH, YAML_NODES

Path = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, both from 1."""


class Elsewhere(tuple[int, int]):
    """A place in another file: in the base of a mapping that extends one."""

    file: str
    """Relative to the workspace."""

    def __new__(cls, place: Place, file: str) -> Elsewhere:
        """Return `place` of `file`."""
        made = super().__new__(cls, place)
        made.file = file
        return made


_QUOTES = "put quotes around the whole value"
_LARGE = "YAML_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the text, before any model is asked."""

    place: Place
    what: str
    instead: str = ""
    code: str = "NOT_YAML"


@dataclass(frozen=True, slots=True)
class Parsed:
    """The plain data of one YAML file, and where each part of it stands."""

    data: Any = None
    """dict, list, str, int, Decimal, bool, None or `Unquoted`; keys are always text."""
    keys: dict[Path, Place] = field(default_factory=dict)
    """Where the key stands under which a value is found; list items have none."""
    values: dict[Path, Place] = field(default_factory=dict)
    """Where each value starts."""
    faults: tuple[Fault, ...] = ()

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return where `path` stands (its key where `key`); for what was not written, where its parent stands."""
        found = path
        while found and found not in self.values:
            found = found[:-1]
        if (key or found != path) and found in self.keys:
            return self.keys[found]
        return self.values.get(found, (1, 1))

    def at(self, path: Path) -> Any:
        """Return what was written at `path`; None where nothing was."""
        found = self.data
        for part in path:
            if isinstance(found, list) and isinstance(part, int) and part < len(found):
                found = found[part]
            else:
                found = found.get(part) if isinstance(found, dict) else None
        return found


@lru_cache(maxsize=32)
def parse(content: bytes) -> Parsed:
    """Read one YAML document; every fault is returned as a value, syntax faults end the reading.

    The same text is read once: a file is looked at by the check of its references and by whoever uses it.
    """
    if len(content) > YAML_BYTES:
        return _failed((1, 1), f"the file has {len(content)} bytes, the limit is {YAML_BYTES}", "split it", _LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        column = fault.start - (content.rfind(b"\n", 0, fault.start) + 1) + 1
        return _failed(
            (line, column),
            f"byte 0x{content[fault.start]:02X} is not UTF-8",
            "save the file as UTF-8",
            "CONFIG_UNREADABLE",
        )
    composer = _Composer()
    try:
        composer.read(YAML(typ="safe", pure=True).parse(text))
    except _TooMuch as fault:
        return Parsed(faults=(fault.args[0],))
    except MarkedYAMLError as fault:
        return Parsed(faults=(_syntax(fault),))
    except YAMLError as fault:
        position = getattr(fault, "position", 0)
        place = (text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1) + 1)
        return _failed(place, "a control character that YAML does not allow", "remove it")
    return Parsed(composer.data, composer.keys, composer.values, tuple(composer.faults))


def _failed(place: Place, what: str, instead: str, code: str = "NOT_YAML") -> Parsed:
    return Parsed(faults=(Fault(place, what, instead, code),))


class _TooMuch(Exception):
    """Reading cannot go on; carries the fault."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end was not read yet."""

    data: Any
    path: Path
    anchor: str | None
    nodes: int = 1
    key: str | None = None


class _Composer:
    """Builds data and positions from parser events, without recursion."""

    def __init__(self) -> None:
        self.data: Any = None
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.faults: list[Fault] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._documents = 0

    def read(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, DocumentStartEvent):
                self._document(event)
            elif isinstance(event, CollectionEndEvent):
                self._close()
            elif isinstance(event, NodeEvent):
                self._node(event)

    def _document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _TooMuch(Fault(_place(event), "a second document starts here", "remove the line `---` or `...`"))

    def _node(self, event: NodeEvent) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.data, dict) and top.key is None:
            self._key(event, top)
            return
        path = _child(top)
        place = _place(event) if event.start_mark.index < event.end_mark.index else self.keys.get(path, _place(event))
        self.values.setdefault(path, place)  # of a key that occurs twice, the first value counts
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.faults.append(Fault(place, f"tag {tag} is not understood here", "remove it"))
        if isinstance(event, SequenceStartEvent | MappingStartEvent):
            self._begin(event, path, place)
            return
        value, nodes = self._alias(event, place) if isinstance(event, AliasEvent) else (_scalar(event), 1)
        if event.anchor is not None and not isinstance(event, AliasEvent):
            self._anchors[event.anchor] = (value, nodes)
        self._add(value, nodes, place)

    def _begin(self, event: NodeEvent, path: Path, place: Place) -> None:
        if len(self._open) >= YAML_DEPTH:
            raise _TooMuch(Fault(place, f"nested deeper than {YAML_DEPTH} levels", "write it flatter", _LARGE))
        self._open.append(_Open({} if isinstance(event, MappingStartEvent) else [], path, event.anchor))

    def _key(self, event: NodeEvent, top: _Open) -> None:
        place = _place(event)
        if not isinstance(event, ScalarEvent):
            raise _TooMuch(Fault(place, "a key must be text", _QUOTES))
        name = event.value
        path = (*top.path, name)
        if name in top.data:
            line = self.keys[path][0]
            what = f"key {name!r} occurs twice, first in line {line}"
            self.faults.append(Fault(place, what, "remove one of them", "DUPLICATE_KEY"))
        self.keys.setdefault(path, place)
        top.key = name

    def _alias(self, event: AliasEvent, place: Place) -> tuple[Any, int]:
        if event.anchor not in self._anchors:
            raise _TooMuch(Fault(place, f"`*{event.anchor}` names no anchor", quote_advice(f"*{event.anchor}")))
        return self._anchors[event.anchor]

    def _close(self) -> None:
        done = self._open.pop()
        if done.anchor is not None:
            self._anchors[done.anchor] = (done.data, done.nodes)
        self._add(done.data, done.nodes, self.values[done.path])

    def _add(self, value: object, nodes: int, place: Place) -> None:
        if not self._open:
            self.data = value
            return
        top = self._open[-1]
        top.nodes += nodes
        if top.nodes > YAML_NODES:
            raise _TooMuch(Fault(place, f"more than {YAML_NODES} values, aliases followed", "write it shorter", _LARGE))
        if isinstance(top.data, list):
            top.data.append(value)
        else:
            top.data.setdefault(top.key, value)
            top.key = None


def _child(top: _Open | None) -> Path:
    if top is None:
        return ()
    return (*top.path, len(top.data) if isinstance(top.data, list) else str(top.key))


def _scalar(event: Any) -> object:
    plain = event.style is None and event.implicit[0]
    return read_plain(event.value) if plain else event.value


def _place(event: Any) -> Place:
    return (event.start_mark.line + 1, event.start_mark.column + 1)


def _syntax(fault: MarkedYAMLError) -> Fault:
    mark = fault.problem_mark or fault.context_mark
    if "unexpected end of stream" in str(fault.problem):
        mark = fault.context_mark or mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(fault.problem or fault.context)
    for sign, what, instead in _SYNTAX:
        if sign in problem:
            return Fault(place, what, instead)
    start = fault.context_mark
    begun = f" (it began in line {start.line + 1})" if start and start.line + 1 != place[0] else ""
    what = f"not valid YAML: {problem}{' ' + str(fault.context) if fault.context else ''}{begun}"
    return Fault(place, what, f"{_QUOTES} if it holds one of : {{ }} [ ] # * & ! | > % @")


_SYNTAX = (
    (r"character '\t'", "a tab stands where YAML allows spaces only", "indent with spaces"),
    ("that cannot start any token", "a value cannot start with this character", _QUOTES),
    (
        "mapping values are not allowed here",
        "a `:` or an indent stands where no key can be",
        "put quotes around a value that holds `: `, or align the key with the keys above it",
    ),
    ("could not find expected ':'", "a key without `:`", "write `key: value`"),
    ("unexpected end of stream", "a quote is opened and not closed", "close the quote"),
)
"""Part of the parser's message -> our words."""
