"""Rows of rejects that come back as CSV, by the names of their columns; and rows put as the mapping's reader takes
them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from exchange.formats.delimited.exact import ExactReader, ExactRecord
from exchange.kernel.layout import REJECT_COLUMNS
from exchange.kernel.reject_book import ReturnedFile, ReturnedRow

_HEAD = 64 * 1024
_SEARCHED = 100
"""Records among which the header is looked for: a partner's files may begin with something else."""
_ID = REJECT_COLUMNS[0]
_REJECT = re.compile(r"\b[0-9a-f]{12}-[0-9]{4,}\b")
"""A reject id, in a record that cannot be read."""
_MARKS = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))


def read_returned(path: Path, encoding: str, delimiter: str) -> ReturnedFile | None:
    """Return the rows of a CSV file with a column `_reject_id`; None where there is none.

    Programs save CSV with the delimiter of their country and a byte order mark: both may differ from the mapping's. An
    encoding is not guessed: another one would change names without a word.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not any(_ID.encode(how) in head for how in ("ascii", "utf-16-le", "utf-16-be")):
        return None
    data = path.read_bytes()
    text, unreadable = _decoded(data, encoding)
    for each in dict.fromkeys((delimiter, ",", ";", "\t", "|")):
        found = _read(text.encode(), each)
        if found is not None:
            return replace(found, unreadable=unreadable or found.unreadable)
    return None


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    """Return the text, and why it is none: then the bytes stand for characters, which is enough for reject ids."""
    declared = next((how for how, mark in _MARKS if data.startswith(mark)), None)
    try:
        return data.decode(declared or "utf-8"), ""
    except UnicodeDecodeError as fault:
        if declared is None and encoding != "utf-8":
            try:
                return data.decode(encoding), ""
            except (UnicodeDecodeError, LookupError):
                pass
        line = data.count(b"\n", 0, fault.start) + 1
        advice = "have the spreadsheet save it as `CSV UTF-8`"
        return data.decode("latin-1"), f"line {line:,} holds a character that is not {declared or encoding}: {advice}"


def _read(data: bytes, delimiter: str) -> ReturnedFile | None:
    records = iter(ExactReader(data, delimiter, last=True))
    header = _header(records)
    if header is None:
        return None
    columns = tuple(name.strip() for name in _cells(header))
    rows, unreadable = [], ""
    for record in records:
        if record.fault is not None:
            unreadable = unreadable or f"line {record.line + 1:,} cannot be read: look at its quotes"
            raw = data[record.start : record.start + record.length].decode()
            place = ("",) * columns.index(_ID)
            rows += [ReturnedRow(record.line + 1, (*place, each)) for each in _REJECT.findall(raw)]
            continue
        cells = _cells(record)
        if any(cells):
            rows.append(ReturnedRow(record.line + 1, cells))
    return ReturnedFile(columns, rows, data[: header.start].decode(), unreadable=unreadable)


def _header(records: Iterator[ExactRecord]) -> ExactRecord | None:
    for record in islice(records, _SEARCHED):
        if record.fault is None and _ID in {cell.strip() for cell in record.cells}:
            return record
    return None


def _cells(record: ExactRecord) -> tuple[str, ...]:
    return tuple(cell.encode("latin-1").decode() for cell in record.cells)


def put_returned(path: Path, file: ReturnedFile, encoding: str, delimiter: str) -> None:
    """Write rows as CSV in a mapping's own encoding and delimiter; every character has to be one of the encoding."""
    text = io.StringIO(newline="")
    text.write(file.before)
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(file.columns)
    writer.writerows(row.cells for row in file.rows)
    path.write_bytes(text.getvalue().encode(encoding))
