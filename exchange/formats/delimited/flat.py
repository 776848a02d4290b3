"""Other formats read as CSV: a file is flattened once into a CSV copy beside it, which is read as any CSV is."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from exchange.formats.delimited.around import PLAIN
from exchange.formats.delimited.encoding import UTF8_BOM
from exchange.formats.delimited.exact import cells_of
from exchange.formats.delimited.linebook import KEPT, LineBook
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.delimited.rejectfile import DelimitedSetAside, raw_record
from exchange.kernel.layout import REJECT_COLUMNS, Layout, Survey
from exchange.kernel.limits import KEY_BYTES, RAW_REJECT_BYTES, RECORD_LINES
from exchange.kernel.model import Span
from exchange.kernel.problems import Problem

RECORD = "_record"
"""First column of every flat copy: which record (line, element, sheet row) of the file a row comes from."""
_NUMBERS = re.compile(r"(\d+)", re.ASCII)
_BUFFER = 1024 * 1024
_RAW_LINES = RECORD_LINES // 2


class FlatCopy:
    """Writes the flat copy of one file, row by row; a context manager.

    UTF-8, commas, minimal quoting. What is written is remembered by row: the line it comes from, what is wrong with it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        """Where the copy lies."""
        self.columns: tuple[str, ...] = ()
        """The header; empty until it is written."""
        self.reject_ids: dict[int, str] = {}
        """Row -> reject that it corrects, where the format itself says so."""
        self._lines = LineBook(path.with_name(path.name + ".lines"))
        self._records: LineBook | None = None
        """Which record each row is of; None while each row is one."""
        self._record = -1
        self._found: dict[int, tuple[Problem, ...]] = {}
        self._broken: dict[int, str | None] = {}

    def __enter__(self) -> FlatCopy:
        # A lone surrogate becomes bytes that are no UTF-8: the row is found undecodable when it is read.
        self._stream: TextIO = self.path.open(
            "w", encoding="utf-8", errors="surrogatepass", newline="", buffering=_BUFFER
        )
        # Both characters, so that the writer quotes cells that hold either.
        writer = csv.writer(self._stream, lineterminator="\r\n")
        self._row, self._rows = writer.writerow, writer.writerows
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    @property
    def rows(self) -> int:
        """How many rows were written: the ordinal of the next one."""
        return len(self._lines)

    def header(self, columns: Sequence[str]) -> None:
        """Write the header; `_record` comes first unless the columns have it."""
        self.columns = tuple(columns) if RECORD in columns else (RECORD, *columns)
        self._row(self.columns)

    def add(self, cells: Sequence[str | None], line: int, problems: Sequence[Problem] = ()) -> None:
        """Write a row, one cell for each column; `line` is where it starts in the file as it came."""
        if problems:
            self._found[len(self._lines)] = tuple(problems)
        self._begin()
        self._lines.append(line)
        self._row(cells)

    def add_further(self, cells: Sequence[str | None], line: int, problems: Sequence[Problem] = ()) -> None:
        """Write one more row of the record that the row before is of."""
        if problems:
            self._found[len(self._lines)] = tuple(problems)
        self._further().append(self._record)
        self._lines.append(line)
        self._row(cells)

    def add_record(self, rows: Sequence[Sequence[str | None]], lines: Sequence[int]) -> None:
        """Write all rows of one record, with which nothing is wrong."""
        self._begin()
        if len(rows) > 1:
            self._further().extend(repeat(self._record, len(rows) - 1))
        self._lines.extend(lines)
        self._rows(rows)

    def _further(self) -> LineBook:
        """Return the book that tells which record each row is of."""
        if self._records is None:
            self._records = LineBook(self.path.with_name(self.path.name + ".records"))
            for start in range(0, self._record + 1, KEPT):
                self._records.extend(range(start, min(start + KEPT, self._record + 1)))
        return self._records

    def _begin(self) -> None:
        self._record += 1
        if self._records is not None:
            self._records.append(self._record)

    def add_broken(self, raw: str, line: int, problem: Problem, key: str | None = None) -> None:
        """Write a record that cannot become a row: its text in one cell (the front of it, where it is long).

        `key`: the document that it most likely belongs to, which is rejected with it.
        """
        text = "\n".join(raw[:RAW_REJECT_BYTES].splitlines()[:_RAW_LINES])
        self._broken[len(self._lines)] = key
        self._found[len(self._lines)] = (problem,)
        self._begin()
        self._lines.append(line)
        # One cell, or two where one would be a whole row: never as many as the header has.
        self._stream.write('"' + text.replace('"', '""') + ('","' if len(self.columns) == 1 else "") + '"\r\n')

    def layout(self, read: Layout, **known: object) -> Layout:
        """Return the layout of the copy with what is known of the file that it was made from."""
        records = None if self._records is None else self._records.close()
        known = {"records": records, **known}
        made = replace(read, lines=self._lines.close(), found=self._found, broken=self._broken, bom=UTF8_BOM)
        made = replace(made, reject_ids=self.reject_ids) if self.reject_ids else made
        return replace(made, **known)  # type: ignore[arg-type]  # fields of Layout


Flatten = Callable[[Path, FlatCopy], Iterable[Problem]]
"""(file, copy) -> problems of the file as a whole; with an error among them the file is rejected whole."""


@dataclass(frozen=True, slots=True)
class FlatReader:
    """Reads a format through its flat copy; fulfils `kernel.pipeline.Reader`.

    A file of rows that were set aside from an earlier one (CSV that begins with `_record` or ends with the reject
    columns) is read as the CSV it is.
    """

    flatten: Flatten
    rows: DelimitedReader
    """Reads the copy: UTF-8, commas."""
    returned: bool = True
    """Whether rows come back as CSV; not where a format sets aside in its own shape."""

    def survey(self, path: Path) -> Survey:
        """Flatten the file to `<path>.flat.csv` and return the layout of that, or why it is rejected whole."""
        if not path.stat().st_size:
            return Survey(None, (Problem("FILE_EMPTY"),))
        delimiter = returned_rows(path) if self.returned else None
        if delimiter is not None:
            return replace(self.rows, delimiter=delimiter).survey(path)
        with FlatCopy(flat_path(path)) as copy:
            problems = tuple(self.flatten(path, copy))
        refused = any(problem.severity == "error" for problem in problems)
        if not copy.columns:
            return Survey(None, problems or (Problem("FILE_EMPTY"),))
        found = self.rows.survey(copy.path)
        layout = found.layout and copy.layout(found.layout)
        # What is wrong with the copy's header only follows from what is wrong with the file.
        return Survey(layout, problems if refused else (*problems, *found.problems))

    def spans(self, layout: Layout) -> Iterator[Span]:
        """Yield spans of the copy."""
        return self._of(layout).spans(layout)

    def parse(self, span: Span, layout: Layout) -> Any:
        """Return the rows of a span, as a `Chunk`."""
        return self._of(layout).parse(span, layout)

    def count(self, layout: Layout) -> int:
        """Return the number of records, broken ones included."""
        if layout.records is not None:
            return int(layout.records[-1]) + 1
        return self._of(layout).count(layout)

    def _of(self, layout: Layout) -> DelimitedReader:
        return replace(self.rows, delimiter=layout.delimiter) if layout.delimiter != self.rows.delimiter else self.rows


@dataclass(frozen=True, slots=True)
class FlatSetAside(DelimitedSetAside):
    """Sets rows of flat copies aside as CSV; fulfils `kernel.pipeline.SetAside`."""

    def raw_record(self, layout: Layout, start: int, length: int) -> bytes:
        """Return a record that could not become a row as it came, any other as it lies in the copy."""
        raw = raw_record(layout, start, length)
        cells = cells_of(raw.decode("latin-1"), layout.delimiter)
        alone = len(cells) == 1 or cells[1:] == [""]
        return cells[0].encode("latin-1") if alone and len(cells) != len(layout.columns) else raw


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return what names are sorted by, so that the numbers in them count: `item_2` before `item_10`."""
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in _NUMBERS.split(name)]


def flat_path(path: Path) -> Path:
    """Return where the flat copy of a file lies: beside it."""
    return path.with_name(path.name + ".flat.csv")


def returned_rows(path: Path) -> str | None:
    """Return the delimiter of a file of rows that were set aside; None where the file is another one.

    Spreadsheets of some countries write another delimiter than they read.
    """
    with path.open("rb") as stream:
        head = stream.read(KEY_BYTES)
    with suppress(UnicodeDecodeError):
        line = head.partition(b"\n")[0].rstrip(b"\r").decode("utf-8-sig")
        for delimiter in (",", ";", "\t"):
            names = [name.strip() for name in cells_of(line, delimiter)]
            if len(names) > 1 and (names[0] == RECORD or REJECT_COLUMNS[0] in names):
                return delimiter
    return None


def flat_reader(flatten: Flatten, rows: DelimitedReader) -> FlatReader:
    """Return the reader of a format that `flatten` flattens; `rows` says what is wanted of the copy."""
    known = (*rows.known, RECORD)
    return FlatReader(flatten, replace(rows, encoding="utf-8", delimiter=",", known=known, around=PLAIN))
