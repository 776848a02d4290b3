"""Fixed width into rows: a document's record stands on the first row of its lines; trailers are checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from exchange.formats.delimited.encoding import Encoding, resolve, transcode, transcoded_path
from exchange.formats.delimited.flat import RECORD, FlatCopy
from exchange.formats.fixed.record import Record, Shape, Tally
from exchange.kernel.limits import RECORD_BYTES
from exchange.kernel.problems import Problem

_HEAD = 64


@dataclass(frozen=True, slots=True)
class FixedWidth:
    """Flattens the files of one mapping; picklable, without state."""

    shape: Shape
    key: str
    """The column whose value the rows of a document share: it stands on each of them."""
    mapping: str
    """The mapping file's path, for messages."""

    def __call__(self, path: Path, copy: FlatCopy) -> Iterable[Problem]:
        """Write the file's records into the copy; yield what is wrong with the file as a whole."""
        with path.open("rb") as stream:
            encoding = resolve(self.shape.encoding, stream.read(_HEAD))
        readable = path
        if isinstance(encoding, Encoding) and not encoding.direct:
            readable = transcoded_path(path)
            encoding = transcode(path, encoding, readable) or Encoding("utf-8")
        if isinstance(encoding, str):
            detail = {"encoding": self.shape.encoding, "reason": encoding, "mapping": self.mapping}
            yield Problem("WRONG_ENCODING", detail=detail)
            return
        copy.header(self.shape.columns)
        work = _Work(self.shape, self.key, copy, encoding.name, Tally(self.shape))
        for raw, line in _lines(readable, len(encoding.bom) * encoding.repeated):
            if raw.strip(b" \x1a"):
                yield from work.take(raw, line)
        yield from work.end()


@dataclass(slots=True)
class _Work:
    """What is known while a file is flattened."""

    shape: Shape
    key: str
    copy: FlatCopy
    encoding: str
    tally: Tally
    file: dict[str, str] = field(default_factory=dict)
    """Cells of the file's own record."""
    pending: tuple[dict[str, str], int] | None = None
    """Cells and line of a document whose first line is still to come."""
    own: str | None = None
    """Key of the current document."""
    documents: int = 0
    closed: bool = False
    """Whether the last record was a trailer."""

    def take(self, raw: bytes, line: int) -> Iterator[Problem]:
        """Take one line of the file; yield what a trailer finds wrong."""
        self.closed = False
        try:
            text = raw.decode(self.encoding)
        except UnicodeDecodeError as fault:
            byte = f"0x{fault.object[fault.start]:02x}"
            detail = {"byte": byte, "position": fault.start + 1, "encoding": self.encoding}
            self._break(raw, line, Problem("UNDECODABLE", detail=detail))
            return
        record = self.shape.record_of(text)
        if record is None:
            begins = text[self.shape.type_at :][:20]
            known = ", ".join(record.code for record in self.shape.records)
            self._break(raw, line, Problem("UNKNOWN_RECORD_TYPE", value=begins, detail={"known": known}))
            return
        places: str | bytes = raw if self.shape.by_bytes else text
        problem = self._length(record, places)
        if problem is not None:
            self.tally.add(record, {})
            self._break(raw, line, problem)
            return
        if self.shape.short:
            places = places.ljust(record.length)
        try:
            cells = dict(record.cells(places, self.encoding))
        except UnicodeDecodeError:
            detail = {"name": record.name, "length": len(places), "expected": record.length}
            self._break(raw, line, Problem("WRONG_RECORD_LENGTH", detail=detail))  # a field begins inside a character
            return
        yield from self._add(record, cells, line)

    def _length(self, record: Record, places: str | bytes) -> Problem | None:
        if record.role == "ignore":
            return None
        found, over = len(places), places[record.length :]
        if (found == record.length or not over.strip()) and (found >= record.length or self.shape.short):
            return None
        detail = {"name": record.name, "length": found, "expected": record.length}
        return Problem("WRONG_RECORD_LENGTH", detail=detail)

    def _add(self, record: Record, cells: dict[str, str], line: int) -> Iterator[Problem]:
        if record.role == "trailer":
            yield from self._check(record, cells, line)
            return
        if record.role != "ignore":
            self.tally.add(record, cells)
        if record.role == "file":
            self._flush()
            self.file, self.own = cells, None
        elif record.role == "document":
            self._flush()
            self.pending, self.own = ({**self.file, **cells}, line), cells.get(self.key) or None
        elif record.role == "line":
            self._line(cells, line)

    def _line(self, cells: dict[str, str], line: int) -> None:
        other = self.own is not None and cells.get(self.key, self.own) != self.own
        if not self.shape.nests:
            self._row({**self.file, **cells}, line, starts=True)
        elif self.pending is not None and not other:
            head, at = self.pending
            self.pending = None
            self._row({**cells, **head}, at, starts=True)
        else:
            self._flush()
            self._row(cells if other or self.own is None else {**cells, self.key: self.own}, line, starts=False)

    def _row(self, cells: dict[str, str], line: int, *, starts: bool) -> None:
        self.documents += starts
        known = {**cells, RECORD: str(self.documents)} if starts else cells
        self.copy.add([*map(known.get, self.copy.columns)], line)

    def _flush(self) -> None:
        """Write a document that has no lines."""
        if self.pending is not None:
            (cells, line), self.pending = self.pending, None
            self._row(cells, line, starts=True)

    def _break(self, raw: bytes, line: int, problem: Problem) -> None:
        self._flush()
        self.copy.add_broken(raw.decode(self.encoding, "replace"), line, problem, self.own)

    def _check(self, record: Record, cells: dict[str, str], line: int) -> Iterator[Problem]:
        self._flush()
        for place in record.places:
            found, said = self.tally.of(place), cells[place.name]
            if found is not None and not _equal(said, found):
                what = ", ".join(place.counts) if place.counts else f"the sum of {place.sums}"
                detail = {"said": said, "what": what, "found": str(found)}
                yield Problem("TRAILER_MISMATCH", line, field=place.name, detail=detail)
        self.tally.clear()
        self.closed, self.own, self.file = True, None, {}

    def end(self) -> Iterator[Problem]:
        """Finish the file."""
        self._flush()
        trailers = [record.name for record in self.shape.records if record.role == "trailer"]
        if trailers and not self.closed:
            yield Problem("TRAILER_MISSING", detail={"name": " or ".join(trailers)})


def _equal(said: str, found: Decimal) -> bool:
    return said.replace(".", "", 1).removeprefix("-").isdecimal() and Decimal(said) == found


def _lines(path: Path, skip: int) -> Iterator[tuple[bytes, int]]:
    """Yield (bytes without line end, 1-based line); of a line without end the pieces, none of which fits a record."""
    line = 0
    with path.open("rb") as stream:
        stream.seek(skip)
        while raw := stream.readline(RECORD_BYTES):
            for each in raw.removesuffix(b"\n").removesuffix(b"\r").split(b"\r"):
                line += 1
                yield each, line
