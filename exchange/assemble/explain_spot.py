"""Finds which record of a row-shaped output file stands on a line, and which of its fields a column is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from exchange.assemble.explain_choice import NotShown
from exchange.assemble.fixed_shape import fixed_shape
from exchange.config.formats import CsvFormat, FixedFormat, JsonlFormat, XlsxFormat
from exchange.config.models import Mapping
from exchange.config.suggest import suggest
from exchange.formats.fixed.record import Record
from exchange.kernel.plural import many


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of a file: the ordinal of its record, and what the mapping calls the field."""

    ordinal: int
    """Of the record among those that documents are made of, from 0."""
    field: str
    entry: int = 0
    """Which line of the document it is, from 1, where the column says so; 0 where it does not."""
    text: str | None = None
    """What stands there, where that can be read off the file; None: it can not."""


def spot(mapping: Mapping, content: Path, line: int, column: str) -> Spot:
    """Return the cell at a line and column of a file that a mapping wrote; raises NotShown where there is none."""
    form = mapping.format
    if isinstance(form, CsvFormat):
        name, (ordinal, cells) = _column(mapping, column), _csv_row(form, content, line)
        columns = mapping.columns or (*mapping.fields, *mapping.lines)
        return Spot(ordinal, name, text=dict(zip(columns, cells, strict=False)).get(name))
    if isinstance(form, XlsxFormat):
        if line == 1:
            raise NotShown("row 1 is the header; the rows of documents begin behind it")
        return Spot(line - 2, _column(mapping, str(_letters(column)) if column.isalpha() else column))
    if isinstance(form, JsonlFormat):
        return _json_spot(mapping, form, line, column)
    if isinstance(form, FixedFormat):
        return _fixed_spot(form, content, line, column)
    raise NotShown(f"files of type {form.type} cannot be traced by cell")


def records_of(form: FixedFormat) -> tuple[list[Record], list[Record]]:
    """Return the records that are written once for each document, and those written for each of its lines."""
    records = fixed_shape(form).records
    return [each for each in records if each.role == "document"], [each for each in records if each.role == "line"]


def _column(mapping: Mapping, column: str) -> str:
    """Return the column of a number (from 1) or a name."""
    columns = mapping.columns or (*mapping.fields, *mapping.lines)
    if column in columns:
        return column
    if column.isdecimal() and 0 < int(column) <= len(columns):
        return columns[int(column) - 1]
    if column.isdecimal():
        raise NotShown(f"the file has {many(len(columns), 'column')}, so there is no column {column}")
    raise NotShown(f"the file has no column {column!r}; {suggest(column, columns)}")


def _letters(column: str) -> int | str:
    """Return the number of a spreadsheet's column, `A` is 1; a longer word is a name."""
    if len(column) > 3 or not column.isupper():
        return column
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _csv_row(form: CsvFormat, content: Path, line: int) -> tuple[int, list[str]]:
    """Return the ordinal of the row on a line, and its cells."""
    with content.open(encoding=form.encoding, newline="") as stream:
        if len(form.delimiter) == 1 and form.quote == "double":
            reader = csv.reader(stream, delimiter=form.delimiter)
            found = next((found for found in enumerate(reader) if reader.line_num >= line), None)
        else:  # no cell has a line break where nothing quotes it
            text = next(islice(stream, line - 1, None), None)
            found = None if text is None else (line - 1, text.rstrip("\r\n").split(form.delimiter))
    if found is None:
        raise NotShown(f"the file has no line {line}")
    if not found[0]:
        raise NotShown(f"line {line} is the header; the rows of documents begin behind it")
    return found[0] - 1, found[1]


def _json_spot(mapping: Mapping, form: JsonlFormat, line: int, column: str) -> Spot:
    """Return the cell of a name such as `customer.email`, or `items[2].sku` for the second of the array `items`."""
    fields = (*mapping.fields, *mapping.lines)
    if column in fields:
        return Spot(line - 1, column)
    array, _, rest = column.partition("[")
    place, _, name = rest.partition("].")
    if form.lines and array == form.lines and place.isdecimal() and name in mapping.lines:
        return Spot(line - 1, name, int(place))
    shown = [*mapping.fields, *(f"{form.lines}[1].{name}" if form.lines else name for name in mapping.lines)]
    raise NotShown(f"say which field of the object: {suggest(column, shown)}")


def _fixed_spot(form: FixedFormat, content: Path, line: int, column: str) -> Spot:
    shape = fixed_shape(form)
    with content.open(encoding=form.encoding, newline="") as stream:
        texts = [text.rstrip("\r\n") for number, text in enumerate(stream, start=1) if number <= line]
    if len(texts) < line:
        raise NotShown(f"the file has no line {line}")
    records = [shape.record_of(text) for text in texts]
    record = records[-1]
    if record is None or record.role not in {"document", "line"}:
        raise NotShown(f"line {line} is no record of a document but stands around them, as the mapping's format says")
    ordinal = sum(1 for each in records[:-1] if each is not None and each.role in {"document", "line"})
    places = {place.name: place for place in record.places}
    if column in places:
        return Spot(ordinal, column)
    at = int(column) - 1 if column.isdecimal() else -1
    for place in record.places:
        if place.start <= at < place.start + place.length:
            return Spot(ordinal, place.name)
    if at >= 0:
        raise NotShown(f"no field of record {record.name} stands at place {column}")
    raise NotShown(f"record {record.name} has no field {column!r}; {suggest(column, places)}")
