"""How people get the rejects of one mapping, and how these come back: as a workbook, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc

from exchange.assemble.sources import Sources
from exchange.config.formats import CsvFormat
from exchange.config.models import FieldMap, StepCall
from exchange.config.workspace import mapping_file
from exchange.kernel.layout import Layout
from exchange.kernel.load import load
from exchange.kernel.problems import Problem
from exchange.kernel.reject_book import Book, ReturnedFile
from exchange.kernel.table import Table

_WRITE = "exchange.formats.xlsx.rejectbook:write_book"
_IS_BOOK = "exchange.kernel.reject_workbook:is_reject_book"
_READ_BOOK = "exchange.formats.xlsx.returned:read_book"
_READ_CSV = "exchange.formats.delimited.returned:read_returned"
_PUT = "exchange.formats.delimited.returned:put_returned"
ROWS = (_WRITE, _IS_BOOK, _READ_BOOK, _READ_CSV, _PUT)
"""Loaded when there is a reject."""
CHOICES = 500
"""Values of a drop-down; nobody looks through more."""
_ZIP = b"PK\x03\x04"
_SAMPLE = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RejectBooks:
    """Writes and reads rejects; fulfils `kernel.reject_book.Books`."""

    mapping: str
    """The mapping file's path, for messages."""
    encoding: str = "utf-8"
    delimiter: str = ","
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Source column -> the values that it may hold, where they are few."""
    most: int | None = None
    """Rows of a workbook; None: as many as it holds; 0: there is none."""

    def write(self, target: Path, layout: Layout, book: Book) -> tuple[str, ...]:
        """Write the workbook and return what does not stand in it, for people."""
        said: tuple[str, ...] = load(_WRITE)(target, layout, book, self.allowed, self.most)
        return said

    def read(self, path: Path) -> ReturnedFile | Problem | None:
        """Return the rows of a file that says `_reject_id`; None where it is another file, or cannot be read so."""
        with path.open("rb") as stream:
            zipped = stream.read(len(_ZIP)) == _ZIP
        found: ReturnedFile | Problem | None
        if not zipped:
            found = load(_READ_CSV)(path, self.encoding, self.delimiter)
        else:
            found = load(_READ_BOOK)(path, self.mapping) if load(_IS_BOOK)(path) else None
        return found

    def put(self, path: Path, rows: ReturnedFile) -> None:
        """Write rows as a file that the mapping's own reader takes."""
        load(_PUT)(path, rows, self.encoding, self.delimiter)

    def unwritable(self, text: str) -> str:
        """Return the first character that the encoding of the mapping's files lacks; blank where all is well."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError as fault:
            return text[fault.start]
        return ""


def books_of(sources: Sources) -> RejectBooks:
    """Return how rejects of a pick-up are written and read."""
    form, file = sources.mapping.format, mapping_file(sources.name)
    wanted = sources.flow.pick_up[sources.pick_up].rejects.workbook
    most = (None if wanted else 0) if isinstance(wanted, bool) else wanted
    allowed = dict(_allowed(sources))
    # What is flattened is set aside as UTF-8 with commas.
    if isinstance(form, CsvFormat) and len(form.delimiter) == 1:
        return RejectBooks(file, form.encoding, form.delimiter, allowed, most)
    return RejectBooks(file, allowed=allowed, most=most)


def examples_of(sources: Sources) -> dict[str, str]:
    """Return what a good cell of a source column looks like: as its schema says, else as its steps read it."""
    found = {column: values[0] for column, values in _allowed(sources) if values}
    for column, step in _steps(sources):
        if step.name in {"parse_date", "parse_datetime"} and isinstance(step.argument, str):
            found[column] = _SAMPLE.strftime(step.argument)
        elif step.name in {"decimal", "integer"}:
            found.setdefault(column, "12.50" if step.name == "decimal" else "12")
    described = sources.schema.fields if sources.schema else ()
    return {**found, **{field.name: field.example for field in described if field.example}}


def _allowed(sources: Sources) -> Iterator[tuple[str, tuple[str, ...]]]:
    for column, step in _steps(sources):
        values = _of_step(step, sources.tables)
        if 0 < len(values) <= CHOICES:
            yield column, values
    for described in sources.schema.fields if sources.schema else ():
        if described.constraints.enum:
            yield described.name, described.constraints.enum


def _of_step(step: StepCall, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Return the values that a step takes; none where it takes any."""
    argument = step.argument if isinstance(step.argument, dict) else {}
    if step.name == "map_values":
        values = argument.get("values", argument)
        return () if "otherwise" in argument or not isinstance(values, dict) else tuple(map(str, values))
    table, key = tables.get(str(argument.get("table", ""))), argument.get("key")
    if step.name != "lookup" or table is None or "default" in argument or argument.get("keep"):
        return ()
    column = table.rows.get(str(key)) if isinstance(key, str) else None
    if column is None:
        return ()
    return tuple(dict.fromkeys(value for value in pc.drop_null(column).to_pylist() if value))


def _steps(sources: Sources) -> Iterator[tuple[str, StepCall]]:
    """Yield (source column, step) of each field that comes from one column."""
    for made in (*sources.mapping.fields.values(), *sources.mapping.lines.values()):
        parts = [part for part in (made.address or {}).values() if isinstance(part, FieldMap)]
        for each in (made, *parts):
            if len(each.from_) == 1:
                yield from ((each.from_[0], step) for step in each.steps)
