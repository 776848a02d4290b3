"""JSON Lines into rows: an object is a row, or as many as its array of lines is long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.formats.delimited.encoding import UTF8_BOM
from exchange.formats.delimited.flat import RECORD, FlatCopy, natural
from exchange.kernel.layout import columns_named
from exchange.kernel.limits import COLUMNS, DOCUMENT_ROWS, MISTAKE_VALUE, RECORD_BYTES
from exchange.kernel.problems import Problem

_NAMES_SHOWN = 10
_DEPTH = 40
"""Objects in objects; deeper ones are nobody's order."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Flattens the files of one mapping; picklable, without state.

    Columns are named by their way through the object: `customer.email`, and `<lines>.sku` for those of a line.
    """

    wanted: tuple[str, ...]
    """Columns of the copy."""
    lines: str
    """The array whose entries are rows; blank: each object is one row."""
    key: str
    """The column whose value the rows of a document share: it stands on each of them."""
    known: tuple[str, ...] = ()
    """Columns that are not worth a word where the mapping does not read them."""
    patterns: tuple[str, ...] = ()
    """Names with a `*` that the mapping reads: the file is looked through for what they stand for."""

    def __call__(self, path: Path, copy: FlatCopy) -> Iterable[Problem]:
        """Write the file's objects into the copy; yield what is to be said of the file as a whole."""
        copy.header([name for name in self.wanted if name != RECORD] + (self._named(path) if self.patterns else []))
        names = _Names(copy.columns, {*copy.columns, *self.known, RECORD})
        records = 0
        for number, (raw, size) in enumerate(_lines(path), start=1):
            if size > RECORD_BYTES:
                limits = {"limit_bytes": RECORD_BYTES, "limit_lines": 1}
                problem = Problem("RECORD_TOO_LARGE", detail={"size": size, "lines": 1, **limits})
                copy.add_broken(raw.decode("utf-8", "replace"), number, problem)
                records += 1
            elif raw.strip():
                records += 1
                self._add(raw, number, records, copy, names)
        if names.unused:
            shown = ", ".join(list(names.unused)[:_NAMES_SHOWN]) + (", …" if len(names.unused) > _NAMES_SHOWN else "")
            yield Problem("EXTRA_COLUMNS", detail={"count": len(names.unused), "names": shown})

    def _named(self, path: Path) -> list[str]:
        """Return what the patterns stand for in a file."""
        found: dict[str, None] = {}
        for raw, size in _lines(path):
            read = _read(raw) if size <= RECORD_BYTES and raw.strip() else None
            if isinstance(read, dict) and len(found) <= COLUMNS:
                with suppress(RecursionError):
                    lines = read.pop(self.lines, None) if self.lines else None
                    inner = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
                    names = (name for each in inner for name, _ in _flat(each, f"{self.lines}."))
                    found.update(dict.fromkeys([*(name for name, _ in _flat(read, "")), *names]))
        return sorted(set(columns_named(found, self.patterns)) - set(self.wanted), key=natural)

    def _add(self, raw: bytes, number: int, record: int, copy: FlatCopy, names: _Names) -> None:
        read = _read(raw)
        if isinstance(read, Problem):
            copy.add_broken(raw.decode("utf-8", "replace"), number, read)
            return
        found = read.pop(self.lines, None) if self.lines else [{}]
        try:
            flat = _once(_flat(read, "", names.single))
            key = flat.get(self.key)
            own = key if isinstance(key, str) else None
            problem = self._shape(found)
            inner = f"{self.lines}."
            rows = [] if problem else [_once(_flat(line, inner, names.single)) for line in found or [{}]]
        except (RecursionError, ValueError) as fault:
            own, rows = None, []
            problem = Problem("NOT_THIS_RECORD", detail={"reason": _reason(fault)})
        if problem is not None:
            copy.add_broken(raw.decode("utf-8", "replace"), number, problem, own)
            return
        for place, line in enumerate(rows):
            cells = {**line, **flat, RECORD: str(record)} if place == 0 else {**line, self.key: own}
            names.note(cells)
            texts = [*map(cells.get, copy.columns)]
            problems: list[Problem] = []
            if not {list, dict}.isdisjoint(map(type, texts)):
                both = zip(copy.columns, texts, strict=True)
                problems = [_several(name, cell) for name, cell in both if _is_several(cell)]
                texts = [None if _is_several(cell) else cell for cell in texts]
            (copy.add_further if place else copy.add)(texts, number, problems)

    def _shape(self, found: Any) -> Problem | None:
        """Return what is wrong with the array of lines."""
        if not isinstance(found, list | None) or not all(isinstance(line, dict) for line in found or ()):
            reason = f"{self.lines} is no array of objects"
            return Problem("NOT_THIS_RECORD", field=self.lines, detail={"reason": reason})
        if found is not None and len(found) > DOCUMENT_ROWS:
            reason = f"{self.lines} has {len(found)} entries, {DOCUMENT_ROWS} are allowed"
            return Problem("NOT_THIS_RECORD", field=self.lines, detail={"reason": reason})
        return None


class _Names:
    """What the names in the file are to the mapping."""

    def __init__(self, columns: tuple[str, ...], known: set[str]) -> None:
        self.unused: dict[str, None] = {}
        """Those that nobody reads."""
        self.single = frozenset(name for name in columns if not any(each.startswith(f"{name}.") for each in columns))
        """Those that are read as one value; of the others what is in them is read too."""
        self._known = known

    def note(self, cells: Mapping[str, object]) -> None:
        """Take the names of one row."""
        if not cells.keys() <= self._known and len(self.unused) < COLUMNS:
            self.unused.update(dict.fromkeys(name[:MISTAKE_VALUE] for name in cells if name not in self._known))
            self._known.update(cells)


def _is_several(cell: object) -> bool:
    return isinstance(cell, list | dict)


def _several(name: str, cell: object) -> Problem:
    found = "an object" if isinstance(cell, dict) else "an array" if cell else "an empty array"
    return Problem("NOT_A_SINGLE_VALUE", field=name, detail={"found": found})


def _lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield (bytes, size) of each physical line; of one that is too long the front alone."""
    with path.open("rb") as stream:
        if stream.read(len(UTF8_BOM)) != UTF8_BOM:
            stream.seek(0)
        while raw := stream.readline(RECORD_BYTES + 2):
            size, piece = len(raw), raw
            while not piece.endswith(b"\n") and (piece := stream.readline(RECORD_BYTES)):
                size += len(piece)
            line = raw.rstrip(b"\r\n")
            yield line, size if size > len(raw) else len(line)


def _read(raw: bytes) -> dict[str, Any] | Problem:
    """Return the object of a line, its numbers as they are written, or why it is none."""
    try:
        read = _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as fault:
        byte = f"0x{fault.object[fault.start]:02x}"
        return Problem("UNDECODABLE", detail={"byte": byte, "position": fault.start + 1, "encoding": "utf-8"})
    except json.JSONDecodeError as fault:
        reason = f"it is no JSON: {fault.msg}, at character {fault.pos + 1}"
        return Problem("NOT_THIS_RECORD", detail={"reason": reason})
    except (ValueError, RecursionError) as fault:
        return Problem("NOT_THIS_RECORD", detail={"reason": _reason(fault)})
    if not isinstance(read, dict):
        return Problem("NOT_THIS_RECORD", detail={"reason": "the line is no JSON object"})
    return read


def _reason(fault: Exception) -> str:
    return "it is nested too deeply" if isinstance(fault, RecursionError) else str(fault)


def _refuse(constant: str) -> str:
    raise ValueError(f"{constant} is no JSON number")


def _once(found: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return names and values; which of two values a name has (also `a.b` beside b in a) cannot be known."""
    pairs = list(found)
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice")
    return made


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
"""Keeps the digits of numbers, and refuses what two readers could read in two ways."""


def _flat(read: Mapping[str, Any], before: str, single: frozenset[str] = frozenset()) -> Iterator[tuple[str, Any]]:
    """Yield (dotted name, text) of each value; an array stays one, null is left out.

    An object stays one too where its name is to have a `single` value.
    """
    if before.count(".") > _DEPTH:
        raise RecursionError
    for name, value in read.items():
        if type(value) is str:
            yield before + name, value
        elif isinstance(value, dict):
            if f"{before}{name}" in single:
                yield before + name, value
            yield from _flat(value, f"{before}{name}.", single)
        elif isinstance(value, bool):
            yield before + name, "true" if value else "false"
        elif value is not None:
            yield before + name, value
