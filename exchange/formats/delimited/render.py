"""Writing delimited files by columns: minimal quoting, exact values."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import CellFailure, Fragment, Ints, Mask

_MARKED = {
    "utf-8-sig": ("utf-8", codecs.BOM_UTF8),
    "utf-16": ("utf-16-le", codecs.BOM_UTF16_LE),
    "utf-32": ("utf-32-le", codecs.BOM_UTF32_LE),
}
"""Encodings whose name asks for a byte order mark: what the cells are written in, and the mark for the header."""

Columns = Mapping[str, pa.Array]
_NONE: Columns = {}


@dataclass(frozen=True, slots=True)
class DelimitedWriter:
    """Writes rows of text columns; picklable, without state."""

    columns: tuple[str, ...]
    """Names and order of the written columns."""
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    quoted: bool = True
    """Whether a cell may stand in quotes; where it may not, some texts cannot be written."""

    def header(self) -> bytes:
        """Return the header line, behind a byte order mark where the encoding's name asks for one."""
        names = pa.table({str(place): pa.array([name], pa.string()) for place, name in enumerate(self.columns)})
        [line] = self._lines([self._quoted(column.chunk(0)) for column in names.columns]).to_pylist()
        encoding, mark = self._codec()
        return mark + str(line).encode(encoding)

    def footer(self) -> bytes:
        """Return what follows the last row: nothing."""
        return b""

    def render(self, columns: Columns, document: Ints, shared: Columns = _NONE) -> tuple[Fragment, list[CellFailure]]:
        """Return the rows as bytes, and the cells that the encoding cannot hold.

        `columns` are text (pa.string) of equal length, missing values are empty cells; `document` gives the index of
        the document that each row belongs to, rows of one document adjacent. `shared` are columns that have one cell
        for all rows of a document, at its index. A document with a failure is not in the fragment.
        """
        if not document.size:
            empty = np.empty(0, np.int64)
            return Fragment(b"", empty, empty, empty), []
        lines = self._lines(self._cells(columns, document, shared))
        first = np.flatnonzero(np.diff(document, prepend=document[0] - 1))
        rows = np.diff(np.append(first, document.size))
        offsets = _offsets(lines)
        data = memoryview(lines.buffers()[2])[int(offsets[0]) : int(offsets[-1])]
        ends = offsets[first + rows] - offsets[0]
        fragment = Fragment(data, ends, rows, document[first])
        encoding, _ = self._codec()
        if encoding == "utf-8" and self.quoted:
            return fragment, []
        spread = {name: shared[name].take(pa.array(document)) for name in self.columns if name in shared}
        cells = {**columns, **spread}
        broken = [] if self.quoted else list(self._breaking(cells))
        if encoding != "utf-8" or broken:
            fragment, failures = self._encoded(fragment, cells, first, {failure.row for failure in broken})
            return fragment, broken + failures
        return fragment, []

    def _breaking(self, columns: Columns) -> Iterator[CellFailure]:
        """Yield the cells that hold what only quotes could hold."""
        marks = (*self.delimiter, "\n", "\r")
        for name in self.columns:
            found = [pc.fill_null(pc.match_substring(columns[name], mark), fill_value=False) for mark in marks]
            for row in np.flatnonzero(np.logical_or.reduce([each.to_numpy(zero_copy_only=False) for each in found])):
                value = columns[name][int(row)].as_py()
                character = next(f"U+{ord(mark):04X}" for mark in marks if mark in value)
                detail = {"character": character, "target": "a file without quotes"}
                yield CellFailure(int(row), name, None, value, "ILLEGAL_CHARACTER", detail)

    def _cells(self, columns: Columns, document: Ints, shared: Columns) -> list[pa.Array]:
        """Return the quoted columns; shared ones that stand side by side are joined before they are spread."""
        made = []
        for is_shared, names in groupby(self.columns, shared.__contains__):
            if not is_shared:
                made += [self._quoted(columns[name]) for name in names]
                continue
            run = [self._quoted(shared[name]) for name in names]
            joined = pc.binary_join_element_wise(*run, self.delimiter, null_handling="replace", null_replacement="")
            made.append((run[0] if len(run) == 1 else joined).take(pa.array(document)))
        return made

    def _codec(self) -> tuple[str, bytes]:
        name = codecs.lookup(self.encoding).name
        return _MARKED.get(name, (name, b""))

    def _lines(self, cells: list[pa.Array]) -> pa.Array:
        if len(self.columns) == 1:
            # A line with nothing in it is no record to any reader: the one empty cell is written as "".
            cells = [pc.if_else(pc.equal(pc.fill_null(cells[0], ""), ""), '""' if self.quoted else " ", cells[0])]
        # Joining the line end to the last cells alone saves a copy of everything.
        cells[-1] = pc.binary_join_element_wise(
            cells[-1], "", self.newline, null_handling="replace", null_replacement=""
        )
        return pc.binary_join_element_wise(*cells, self.delimiter, null_handling="replace", null_replacement="")

    def _quoted(self, column: pa.Array) -> pa.Array:
        """Return the column with quotes around the cells that need them; usually none does, and that is cheap."""
        offsets, buffer = _offsets(column), column.buffers()[2]
        if buffer is None or not self.quoted:
            return column
        text = np.frombuffer(buffer, np.uint8)[int(offsets[0]) : int(offsets[-1])]
        raw = text.tobytes()
        # Of a delimiter of several characters each one counts: at a cell's edge it would run into the delimiter.
        marks = [mark for mark in {*self.delimiter, '"', "\n", "\r"} if mark.encode() in raw]
        if not marks:
            return column
        places = np.concatenate([np.flatnonzero(text == ord(mark)) for mark in marks])
        special = np.zeros(len(column), np.bool_)
        special[np.searchsorted(offsets - offsets[0], places, side="right") - 1] = True
        cells = column.filter(pa.array(special))
        if '"' in marks:
            cells = pc.replace_substring(cells, '"', '""')
        return pc.replace_with_mask(column, pa.array(special), pc.binary_join_element_wise('"', cells, '"', ""))

    def _encoded(
        self, fragment: Fragment, columns: Columns, first: Ints, broken: set[int]
    ) -> tuple[Fragment, list[CellFailure]]:
        """Return the fragment in the target's encoding, without the documents that it cannot hold.

        `broken`: rows that cannot be written in any encoding.
        """
        encoding, _ = self._codec()
        failures: list[CellFailure] = []
        pieces: list[bytes] = []
        kept: list[int] = []
        begin = 0
        for place, end in enumerate(fragment.ends.tolist()):
            text = str(fragment.data[begin:end], "utf-8")
            begin = end
            rows = range(int(first[place]), int(first[place] + fragment.records[place]))
            if not broken.isdisjoint(rows):
                continue
            try:
                pieces.append(text.encode(encoding))
                kept.append(place)
            except UnicodeEncodeError:
                failures.extend(self._failures(columns, rows, encoding))
        ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
        return Fragment(b"".join(pieces), ends, fragment.records[kept], fragment.documents[kept]), failures

    def _failures(self, columns: Columns, rows: range, encoding: str) -> Iterator[CellFailure]:
        for row in rows:
            for name in self.columns:
                value = columns[name][row].as_py() or ""
                try:
                    value.encode(encoding)
                except UnicodeEncodeError as fault:
                    character = f"U+{ord(fault.object[fault.start]):04X}"
                    detail = {"character": character, "target": self.encoding}
                    yield CellFailure(row, name, None, value, "ILLEGAL_CHARACTER", detail)


def without(fragment: Fragment, refused: Mask) -> Fragment:
    """Return a fragment without some of its entries."""
    starts, keep = np.concatenate([[0], fragment.ends[:-1]]), ~refused
    view = memoryview(fragment.data)
    kept = [view[start:end] for start, end in zip(starts[keep].tolist(), fragment.ends[keep].tolist(), strict=True)]
    ends = np.cumsum((fragment.ends - starts)[keep], dtype=np.int64)
    return Fragment(b"".join(kept), ends, fragment.records[keep], fragment.documents[keep])


def _offsets(column: pa.Array) -> Ints:
    """Return the byte offsets of a text column's cells in its data buffer: one more than there are cells."""
    stored = np.frombuffer(column.buffers()[1], np.int32, count=column.offset + len(column) + 1)
    return stored[column.offset :].astype(np.int64)
