"""Flattens XML: each record becomes adjacent rows of the flat copy, one for each of its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from lxml import etree

from exchange.formats.delimited.flat import FlatCopy
from exchange.formats.xml.opening import Opening, look
from exchange.formats.xml.paths import Columns
from exchange.formats.xml.places import Place
from exchange.formats.xml.records import Record, RecordStream
from exchange.formats.xml.shape import Shape
from exchange.formats.xml.walk import Row, Walk
from exchange.kernel.problems import Problem


class Fault(Protocol):
    """One thing that a schema refuses."""

    @property
    def line(self) -> int:
        """Physical line in the file; 0 where it is not known."""
        ...

    @property
    def place(self) -> str:
        """Path of the element or attribute."""
        ...

    @property
    def reason(self) -> str:
        """What is wrong there."""
        ...


Check = Callable[[Any, Any], Sequence[Fault]]
"""(root of the tree that the record stands in, record) -> what a schema refuses in the record."""


@dataclass(frozen=True, slots=True)
class XmlFlatten:
    """Flattens the files of one mapping; fulfils `formats.delimited.flat.Flatten`."""

    shape: Shape
    columns: Columns
    check: Callable[[], Check] | None = None
    """Makes the check of one file."""
    of_file: Callable[[Path], Columns] | None = None
    """Makes the columns of one file, where the mapping reads what only the file can name."""

    def __call__(self, path: Path, copy: FlatCopy) -> Iterator[Problem]:
        """Write the rows of all records; yield what is wrong with the file as a whole."""
        opening = look(path, self.shape)
        if isinstance(opening, Problem):
            yield opening
            return
        flatten = self if self.of_file is None else replace(self, columns=self.of_file(path))
        copy.header(flatten.columns.names)
        stream = RecordStream(path, self.shape)
        rows = _Rows(flatten, opening, copy)
        for ordinal, record in enumerate(stream):
            rows.add(ordinal, record)
        if stream.cut_short is not None:
            copy.add_broken("", stream.cut_short.file_line or 0, stream.cut_short)
        yield from stream.problems


class _Rows:
    """Writes the rows of one file."""

    def __init__(self, flatten: XmlFlatten, opening: Opening, copy: FlatCopy) -> None:
        self._columns, self._copy = flatten.columns, copy
        self._check = flatten.check() if flatten.check is not None else None
        self._walk = Walk(flatten.columns)
        self._entities = opening.doctype
        """What a DOCTYPE declares elsewhere cannot be expanded: a reference to it would be a hole in the text."""
        self._place: Place | None = None
        self._root: Any = None
        """The root of the tree that records stand in."""
        self._around: Row | None = None
        self._known: list[Problem] = []
        """What is wrong around the records, and so with each of them."""

    def add(self, ordinal: int, record: Record) -> None:
        """Write the rows of one record."""
        element, place, line, reject_id = record
        if place is not self._place or place is None:
            self._enter(place, element)
        walk = self._walk
        walk.read(element, self._around)
        rows = walk.rows
        rows[0][0] = str(ordinal)
        if reject_id:
            first = self._copy.rows
            self._copy.reject_ids.update(dict.fromkeys(range(first, first + len(rows)), reject_id))
        refused = self._check(self._root, element) if self._check is not None else ()
        if refused or walk.repeated or self._known or self._entities:
            self._add_told(rows, line, self._problems(element, refused))
        else:
            self._copy.add_record(rows, (line, *walk.lines))

    def _add_told(self, rows: Sequence[Row], line: int, problems: dict[int, list[Problem]]) -> None:
        """Write the rows of a record one by one, each with what is wrong with it."""
        self._copy.add(rows[0], line, problems.get(0, ()))
        for row, at in enumerate(self._walk.lines, start=1):
            self._copy.add_further(rows[row], at, problems.get(row, ()))

    def _enter(self, place: Place | None, element: Any) -> None:
        self._place = place
        self._root = element if place is None else place.root
        if place is not None:
            self._around = self._walk.around(place.root)
            self._known = [self._repeated(at, text) for _, at, text in self._walk.repeated]

    def _problems(self, element: Any, refused: Sequence[Fault]) -> dict[int, list[Problem]]:
        """Return what is wrong with a record, by row."""
        found: dict[int, list[Problem]] = {0: [*self._known]} if self._known else {}
        for row, at, text in self._walk.repeated:
            found.setdefault(row, []).append(self._repeated(at, text))
        for fault in refused:
            problem = Problem(
                "XSD_INVALID", fault.line or None, field=fault.place or None, detail={"reason": fault.reason}
            )
            found.setdefault(0, []).append(problem)
        if self._entities:
            for entity in element.iter(etree.Entity):
                found.setdefault(0, []).append(Problem("XML_ENTITY_REFERENCE", value=entity.text))
        return found

    def _repeated(self, at: int, text: str) -> Problem:
        return Problem("XML_REPEATED", field=self._columns.names[at], value=text)
