"""Documents into fixed width: each value in its place or refused, never cut; trailers that count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.formats.fixed.record import Place, Record, Shape, Tally
from exchange.kernel.chunk import CellFailure, Fragment, Ints
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.plural import many

Columns = Mapping[str, pa.Array]
_WHOLE = r"^(?P<sign>-?)(?P<whole>[0-9]+)$"
_DECIMAL = r"^(?P<sign>-?)(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]*?)0*)?$"


@dataclass(frozen=True, slots=True)
class FixedWriter:
    """Writes documents; picklable, without state."""

    shape: Shape
    newline: str

    def render(self, header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        """Return the documents as bytes, and the cells that do not fit into their places.

        `header` has one cell per document, `lines` one per line; `owner` is the document of each line, ascending.
        """
        documents = len(next(iter(header.values()))) if header else int(owner.max(initial=-1)) + 1
        failures: list[CellFailure] = []
        heads = [self._records(record, header, np.arange(documents), failures) for record in self._of("document")]
        spread = {name: column.take(pa.array(owner)) for name, column in header.items()}
        tails = [self._records(record, {**spread, **lines}, owner, failures) for record in self._of("line")]
        begins = np.searchsorted(owner, np.arange(documents + 1)).tolist()
        refused = {failure.row for failure in failures}
        kept = [document for document in range(documents) if document not in refused]
        pieces, records = [], []
        for document in kept:
            made = [head[document] for head in heads]
            made += [tail[row] for row in range(begins[document], begins[document + 1]) for tail in tails]
            pieces.append("".join(made).encode(self.shape.encoding))
            records.append(len(made))
        ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
        fragment = Fragment(b"".join(pieces), ends, np.array(records, np.int64), np.array(kept, np.int64))
        return fragment, failures

    def pack(self, body: Path, target: Path) -> None:
        """Write the file of documents between the file's own record and a trailer that counts them."""
        tally = Tally(self.shape)
        with body.open("rb") as source, target.open("wb") as out:
            for record in self._of("file"):
                out.write(self._line(record, {}))
                tally.add(record, {})
            for raw in source:
                self._count(raw, tally)
                out.write(raw)
            self._trailers(tally, out)

    def _trailers(self, tally: Tally, out: BinaryIO) -> None:
        for record in self._of("trailer"):
            said = {place.name: tally.of(place) for place in record.places}
            out.write(self._line(record, {name: str(value) for name, value in said.items() if value is not None}))

    def _count(self, raw: bytes, tally: Tally) -> None:
        text = raw.decode(self.shape.encoding).rstrip("\r\n")
        record = self.shape.record_of(text)
        if record is not None:
            places = raw.rstrip(b"\r\n") if self.shape.by_bytes else text
            tally.add(record, dict(record.cells(places, self.shape.encoding)))

    def _of(self, role: str) -> list[Record]:
        return [record for record in self.shape.records if record.role == role]

    def _line(self, record: Record, values: dict[str, str]) -> bytes:
        columns = {name: pa.array([value]) for name, value in values.items()}
        failures: list[CellFailure] = []
        [line] = self._records(record, columns, np.zeros(1, np.int64), failures)
        if failures:
            # A count that outgrows its place: nobody could read the file, so it is not written.
            wrong = failures[0]
            raise ConfigurationError(
                f"record {record.name}: {wrong.value!r} does not fit into field {wrong.field}; make it longer, or "
                "write `documents_per_file:` for this delivery"
            )
        return line.encode(self.shape.encoding)

    def _records(self, record: Record, columns: Columns, document: Ints, failures: list[CellFailure]) -> list[str]:
        """Return one record per row, with its line end; `document` is that of each row."""
        rows = len(document)
        parts: list[pa.Array] = []
        at = 0
        for place in sorted(record.places, key=lambda place: place.start):
            column = columns.get(place.name)
            if column is None:
                column = pa.repeat(pa.scalar(place.value), rows)
            made, wrong = self._cells(place, pc.fill_null(column, place.value))
            refused = np.flatnonzero(wrong.to_numpy(zero_copy_only=False)).tolist()
            failures += [self._failure(place, column[row].as_py(), int(document[row])) for row in refused]
            parts += [pa.repeat(pa.scalar(" " * (place.start - at)), rows), made]
            at = place.start + place.length
        parts.append(pa.repeat(pa.scalar(" " * (record.length - at) + self.newline), rows))
        lines: list[str] = pc.binary_join_element_wise(*parts, "").to_pylist()
        return [self._marked(line, record) for line in lines]

    def _marked(self, line: str, record: Record) -> str:
        """Write the record's code where no field has."""
        begin, end = self.shape.type_at, self.shape.type_at + len(record.code)
        return line if line[begin:end] == record.code else line[:begin] + record.code + line[end:]

    def _cells(self, place: Place, column: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Return the cells as they are written, and which cannot be."""
        if place.kind == "text":
            return self._texts(place, column)
        blank = pc.equal(column, "")
        parts = pc.extract_regex(column, _DECIMAL if place.kind == "decimal" else _WHOLE)
        sign, whole = parts.field("sign"), parts.field("whole")
        digits = pc.utf8_ltrim(whole, "0")
        wrong = parts.is_null()
        if place.decimals or place.kind == "decimal":
            part = pc.fill_null(parts.field("part"), "")
            wrong = pc.or_(wrong, pc.greater(pc.utf8_length(part), place.decimals))
            tail = pc.utf8_rpad(part, place.decimals, "0")
            digits = pc.utf8_ltrim(pc.binary_join_element_wise(digits, tail, ""), "0")
        digits = pc.if_else(pc.equal(digits, ""), "0", pc.fill_null(digits, ""))
        negative = pc.fill_null(pc.equal(sign, "-"), fill_value=False)
        room = pc.if_else(negative, place.length - 1, place.length)
        wrong = pc.or_(pc.fill_null(wrong, fill_value=True), pc.greater(pc.utf8_length(digits), room))
        if place.pad == "0":  # zeros stand behind the sign, anything else before it
            signed = pc.binary_join_element_wise("-", _padded(digits, place, place.length - 1), "")
        else:
            signed = _padded(pc.binary_join_element_wise("-", digits, ""), place, place.length)
        made = pc.if_else(negative, signed, _padded(digits, place, place.length))
        return pc.if_else(blank, " " * place.length, made), pc.and_not(wrong, blank)

    def _texts(self, place: Place, column: pa.Array) -> tuple[pa.Array, pa.Array]:
        size = pc.utf8_length(column)
        made = _padded(column, place, place.length)
        wrong = pc.or_(pc.greater(size, place.length), pc.match_substring_regex(column, "[\r\n\x1a]"))
        if all(cell.isascii() for cell in column.to_pylist()):
            return made, wrong
        cells, refused = [], []
        for cell, no in zip(column.to_pylist(), wrong.to_pylist(), strict=True):
            raw = cell.encode(self.shape.encoding, "replace")
            used = len(raw) if self.shape.by_bytes else len(cell)
            fill = place.pad * (place.length - used)
            cells.append(fill + cell if place.right else cell + fill)
            lost = raw.decode(self.shape.encoding, "replace") != cell
            refused.append(no or lost or used > place.length)
        return pa.array(cells, pa.string()), pa.array(refused)

    def _failure(self, place: Place, value: str | None, document: int) -> CellFailure:
        text = value or ""
        raw = text.encode(self.shape.encoding, "replace")
        used = len(raw) if self.shape.by_bytes else len(text)
        found = re.fullmatch(_DECIMAL, text)
        code = "TOO_LONG"
        detail: dict[str, object] = {"length": used, "limit": place.length}
        if place.kind == "text" and used <= place.length:
            lost = next((char for char in text if not _fits(char, self.shape.encoding)), text[:1])
            code, detail = "ILLEGAL_CHARACTER", {"character": f"U+{ord(lost):04X}", "target": self.shape.encoding}
        elif place.kind != "text" and found is None:
            code, detail = "NOT_A_NUMBER", {"decimal": "."}
        elif place.kind == "integer" and "." in text:
            code, detail = "NOT_AN_INTEGER", {}
        elif found is not None and len(found["part"] or "") > place.decimals:
            code, detail = "PATTERN_MISMATCH", {"pattern": f"a number with at most {many(place.decimals, 'decimal')}"}
        return CellFailure(document, place.name, None, value, code, detail)


def _fits(character: str, encoding: str) -> bool:
    if character in "\r\n\x1a":
        return False
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _padded(column: pa.Array, place: Place, length: int) -> pa.Array:
    """Return the column filled up to a length; longer cells stay as they are."""
    fill = pc.utf8_lpad if place.right else pc.utf8_rpad
    return fill(column, max(0, length), place.pad)
