"""Writing delimited files by columns: minimal quoting, exact values."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import CellFailure, Fragment, Ints

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
        if encoding == "utf-8":
            return fragment, []
        spread = {name: shared[name].take(pa.array(document)) for name in self.columns if name in shared}
        return self._encoded(fragment, {**columns, **spread}, first, encoding)

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
            cells = [pc.if_else(pc.equal(pc.fill_null(cells[0], ""), ""), '""', cells[0])]
        # Joining the line end to the last cells alone saves a copy of everything.
        cells[-1] = pc.binary_join_element_wise(
            cells[-1], "", self.newline, null_handling="replace", null_replacement=""
        )
        return pc.binary_join_element_wise(*cells, self.delimiter, null_handling="replace", null_replacement="")

    def _quoted(self, column: pa.Array) -> pa.Array:
        """Return the column with quotes around the cells that need them; usually none does, and that is cheap."""
        offsets, buffer = _offsets(column), column.buffers()[2]
        if buffer is None:
            return column
        text = np.frombuffer(buffer, np.uint8)[int(offsets[0]) : int(offsets[-1])]
        raw = text.tobytes()
        marks = [mark for mark in (self.delimiter.encode(), b'"', b"\n", b"\r") if mark in raw]
        if not marks:
            return column
        places = np.concatenate([np.flatnonzero(text == mark[0]) for mark in marks])
        rows = np.unique(np.searchsorted(offsets - offsets[0], places, side="right") - 1)
        special = np.zeros(len(column), np.bool_)
        special[rows] = True
        cells = column.filter(pa.array(special))
        if b'"' in marks:
            cells = pc.replace_substring(cells, '"', '""')
        return pc.replace_with_mask(column, pa.array(special), pc.binary_join_element_wise('"', cells, '"', ""))

    def _encoded(
        self, fragment: Fragment, columns: Columns, first: Ints, encoding: str
    ) -> tuple[Fragment, list[CellFailure]]:
        """Return the fragment in another encoding, without the documents that it cannot hold."""
        failures: list[CellFailure] = []
        pieces: list[bytes] = []
        kept: list[int] = []
        begin = 0
        for place, end in enumerate(fragment.ends.tolist()):
            text = str(fragment.data[begin:end], "utf-8")
            begin = end
            try:
                pieces.append(text.encode(encoding))
                kept.append(place)
            except UnicodeEncodeError:
                rows = range(int(first[place]), int(first[place] + fragment.records[place]))
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


def _offsets(column: pa.Array) -> Ints:
    """Return the byte offsets of a text column's cells in its data buffer: one more than there are cells."""
    stored = np.frombuffer(column.buffers()[1], np.int32, count=column.offset + len(column) + 1)
    return stored[column.offset :].astype(np.int64)
