"""Alone turns the text of a YAML file into plain data with the line and column of every key and value.

It is built from the parser's events: scalars keep their text, nothing is constructed from tags, and depth, aliases
and size are bounded before anything is expanded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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

from exchange.config.discretion import may_hold_secret, without_example, without_text
from exchange.config.encodings import decoded
from exchange.config.oddities import Odd, odd_key, odd_nothing, odd_value
from exchange.config.recovering import cause, mended, original_places, place_of
from exchange.config.refusals import refusal
from exchange.config.scalars import read_plain
from exchange.config.slips import Slip
from exchange.config.slips_of_values import put_quotes
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


NOT_YAML = "NOT_YAML"
_LARGE = "YAML_TOO_LARGE"
_ROUNDS = 12
"""Slips of one file that are told at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the text, before any model is asked."""

    place: Place
    what: str
    instead: str = ""
    code: str = NOT_YAML


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
    odd: dict[Place, Odd] = field(default_factory=dict)
    """What may be the reason of a mistake at a place."""

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
    """Read one YAML document; every fault is returned as a value.

    The same text is read once: a file is looked at by the check of its references and by whoever uses it.
    """
    if len(content) > YAML_BYTES:
        return _failed((1, 1), f"the file has {len(content)} bytes, the limit is {YAML_BYTES}", "split it", _LARGE)
    text, faults = decoded(content)
    return _read(text, [Fault(place, what, "save the file as UTF-8", "CONFIG_UNREADABLE") for place, what in faults])


def _read(written: str, faults: list[Fault]) -> Parsed:
    """Read a text; what is no YAML is told, and read as it was meant where that can be found out."""
    text = written
    for _ in range(_ROUNDS):
        composer = _Composer(text.splitlines())
        try:
            composer.read(YAML(typ="safe", pure=True).parse(text))
        except _TooMuch as fault:
            return Parsed(faults=(*faults, fault.args[0]))
        except _Second as fault:
            line = fault.args[0]
            what, sign = "a second document starts here", text.splitlines()[line][:3]
            faults.append(Fault((line + 1, 1), f"{what}, and a file holds one", f"remove the line `{sign}`"))
            text = mended(text, Slip(line, 0, what, "", {line: ""}))
        except MarkedYAMLError as fault:
            slip = cause(text, fault, composer.entries())
            if slip is None:
                line, column = place_of(fault) or (0, 0)
                return Parsed(faults=(*faults, Fault((line + 1, column + 1), *refusal(fault))))
            place = original_places(written, text)((slip.line + 1, slip.column + 1))
            faults.append(_discreet(Fault(place, slip.what, slip.instead), text.splitlines(), slip.line))
            text = mended(text, slip)
        except YAMLError as fault:
            position = getattr(fault, "position", 0)
            place = (text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1) + 1)
            faults.append(Fault(place, "a control character that YAML does not allow", "remove it"))
            text = text[:position] + " " + text[position + 1 :]
        else:
            return composer.parsed(faults, original_places(written, text))
    return Parsed(faults=tuple(faults))


def _failed(place: Place, what: str, instead: str, code: str = NOT_YAML) -> Parsed:
    return Parsed(faults=(Fault(place, what, instead, code),))


def _discreet(fault: Fault, lines: Sequence[str], number: int) -> Fault:
    if not may_hold_secret(lines, number):
        return fault
    return replace(fault, what=without_text(fault.what), instead=without_example(fault.instead))


class _TooMuch(Exception):
    """Reading cannot go on; carries the fault."""


class _Second(Exception):
    """Another document begins; carries the line of `---` or `...`, from 0."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end was not read yet."""

    data: Any
    path: Path
    anchor: str | None
    nodes: int = 1
    key: str | None = None
    braces: bool = False
    """Whether it is written in { }."""


class _Composer:
    """Builds data and positions from parser events, without recursion."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.data: Any = None
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.faults: list[Fault] = []
        self.odd: dict[Place, Odd] = {}
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._documents = 0

    def parsed(self, before: list[Fault], original: Callable[[Place], Place]) -> Parsed:
        """Return what was read, each place as it was before anything was mended."""
        keys, values = ({path: original(place) for path, place in each.items()} for each in (self.keys, self.values))
        here = (replace(fault, place=original(fault.place)) for fault in self.faults)
        odd = {original(place): each for place, each in self.odd.items()}
        return Parsed(self.data, keys, values, (*before, *here), odd)

    def entries(self) -> dict[int, int]:
        """Return the lines of what stands below the top-level keys -> the lines of these keys, from 0."""
        tops = {path: place[0] for path, place in self.keys.items() if len(path) == 1 and place[1] == 1}
        below = {**self.values, **self.keys}
        return {
            place[0] - 1: tops[path[:1]] - 1
            for path, place in below.items()
            if len(path) == 2 and path[:1] in tops and place[0] > tops[path[:1]]
        }

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
            above = range(min(int(event.start_mark.line), len(self._lines) - 1), -1, -1)
            marks = [line for line in above if self._lines[line].startswith(("---", "..."))]
            if marks:
                raise _Second(marks[0])
            raise _TooMuch(Fault(_place(event), "a second document starts here", "remove it"))

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
            self._tag(event, str(tag), place)
        if isinstance(event, SequenceStartEvent | MappingStartEvent):
            self._begin(event, path, place)
            return
        value, nodes = self._alias(event) if isinstance(event, AliasEvent) else (_scalar(event), 1)
        if isinstance(event, ScalarEvent):
            self._look(event, place, top)
        if event.anchor is not None and not isinstance(event, AliasEvent):
            self._anchors[event.anchor] = (value, nodes)
        self._add(value, nodes, place)

    def _tag(self, event: Any, tag: str, place: Place) -> None:
        first, last = event.start_mark, event.end_mark
        if tag.startswith("!") and isinstance(event, ScalarEvent) and first.line == last.line:
            written = self._lines[first.line][first.column : last.column].rstrip()
            fault = Fault(place, "a value that begins with ! names a tag", put_quotes(written))
            self.faults.append(_discreet(fault, self._lines, first.line))
        else:
            self.faults.append(Fault(place, f"tag {tag} is not understood here", "remove it"))

    def _look(self, event: Any, place: Place, top: _Open | None) -> None:
        """Note what is odd about a value."""
        odd = odd_value(event, self._lines[event.end_mark.line] if event.end_mark.line < len(self._lines) else "")
        self._note(place, odd, event.end_mark.line)
        if top is not None and top.key is not None and not event.value and event.style is None:
            before = next(reversed(top.data), None) if top.braces else None
            behind = self._lines[place[0] - 1][place[1] - 1 + len(top.key) :]
            self._note(place, odd_nothing(before, top.data.get(before), top.key, behind))

    def _note(self, place: Place, odd: Odd | None, last: int = 0) -> None:
        """Keep what is odd; `last` is the line, from 0, that a value of several lines goes on to."""
        lines = range(place[0] - 1, min(max(place[0], last + 1), len(self._lines)))
        if odd is not None and any(may_hold_secret(self._lines, number) for number in lines):
            odd = replace(odd, what=without_text(odd.what), instead=without_example(odd.instead), secret=True)
        if odd is not None:
            self.odd.setdefault(place, odd)

    def _begin(self, event: NodeEvent, path: Path, place: Place) -> None:
        if len(self._open) >= YAML_DEPTH:
            raise _TooMuch(Fault(place, f"nested deeper than {YAML_DEPTH} levels", "write it flatter", _LARGE))
        mapping = isinstance(event, MappingStartEvent)
        braces = isinstance(event, MappingStartEvent) and bool(event.flow_style)
        self._open.append(_Open({} if mapping else [], path, event.anchor, braces=braces))

    def _key(self, event: NodeEvent, top: _Open) -> None:
        place = _place(event)
        if not isinstance(event, ScalarEvent):
            raise _TooMuch(Fault(place, "a key must be text", "put quotes around it, or around the whole value"))
        name = event.value
        path = (*top.path, name)
        if name in top.data:
            line = self.keys[path][0]
            what = f"key {name!r} occurs twice, first in line {line}"
            entry = any(isinstance(part, int) for part in top.path) and not top.braces
            instead = "remove one of them" + (", or begin the next entry with `- `" if entry else "")
            self.faults.append(Fault(place, what, instead, "DUPLICATE_KEY"))
        self._note(place, odd_key(event))
        self.keys.setdefault(path, place)
        top.key = name

    def _alias(self, event: AliasEvent) -> tuple[Any, int]:
        if event.anchor not in self._anchors:
            raise MarkedYAMLError(problem=f"`*{event.anchor}` names no anchor", problem_mark=event.start_mark)
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
