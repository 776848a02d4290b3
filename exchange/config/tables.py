"""Alone reads crosswalk tables: `mappings/tables/*.csv`, comma, UTF-8, all cells text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from exchange.config.suggest import suggest
from exchange.config.workspace import table_file, table_names
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.plural import many
from exchange.kernel.table import Table

_MARK = b"\xef\xbb\xbf"
_SHOWN = 20


def load_tables(root: Path, names: list[str]) -> dict[str, Table]:
    """Load the tables called `names`; raises ConfigurationError with the mistakes of all of them."""
    tables: dict[str, Table] = {}
    mistakes: list[Mistake] = []
    known = table_names(root)
    for name in names:
        if name not in known:
            mistakes.append(
                Mistake(table_file(name), 0, 0, f"there is no table {name!r}", suggest(name, known), "UNKNOWN_TABLE")
            )
            continue
        table, found = load_table(root, name)
        mistakes += found
        if table is not None:
            tables[name] = table
    if mistakes:
        raise ConfigurationError(mistakes)
    return tables


def load_table(root: Path, name: str, *, thorough: bool = False) -> tuple[Table | None, tuple[Mistake, ...]]:
    """Read a table; None and its mistakes with line numbers where it is not sound.

    Arrow reads it at once; only where Arrow refuses, or where `thorough`, every line is looked at by `csv`.
    """
    file = table_file(name)
    try:
        content = (root / file).read_bytes()
    except OSError as fault:
        what = f"cannot be read: {fault.strerror}"
        return None, (Mistake(file, 0, 0, what, "correct its permissions", "CONFIG_UNREADABLE"),)
    content = content.removeprefix(_MARK)
    table = _fast(content, name)
    # Without a quote there is nothing that Arrow and `csv` could read in two ways.
    if table is not None and (not thorough or (b'"' not in content and not _header_mistakes(table, file))):
        return table, ()
    mistakes = tuple(replace(found, code="TABLE_INVALID") for found in _mistakes(content, file))
    return (None, mistakes) if mistakes else (table or _exact(content, name), ())


@lru_cache(maxsize=16)
def _fast(content: bytes, name: str) -> Table | None:
    """Return the table as Arrow reads it; None where anything about its shape is in doubt.

    A table that several mappings read, or that is checked before it is read, is read once.
    """
    try:
        header = next(csv.reader(io.StringIO(content.split(b"\n", 1)[0].decode()), strict=True), [])
        if not header or any(not cell.strip() for cell in header) or len(set(header)) < len(header):
            return None
        convert = arrow_csv.ConvertOptions(
            column_types={column: pa.string() for column in header},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        )
        parse = arrow_csv.ParseOptions(newlines_in_values=True)
        read = arrow_csv.read_csv(pa.BufferReader(content), parse_options=parse, convert_options=convert)
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error):
        return None
    if read.column_names != header:
        return None
    return _table(name, {column: read.column(column).combine_chunks() for column in header})


def _exact(content: bytes, name: str) -> Table:
    """Return a sound table as `csv` reads it."""
    rows = [row for row in csv.reader(io.StringIO(content.decode(), newline="")) if row]
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else ((),) * len(rows[0])
    return _table(name, {title: pa.array(cells, pa.string()) for title, cells in zip(rows[0], columns, strict=True)})


def _table(name: str, columns: dict[str, pa.Array]) -> Table:
    return Table(name, tuple(columns), {title: _blank_is_null(cells) for title, cells in columns.items()})


def _blank_is_null(cells: pa.Array) -> pa.Array:
    blank = pc.equal(pc.utf8_trim_whitespace(cells), "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), cells) if pc.any(blank).as_py() else cells


def _header_mistakes(table: Table, file: str) -> tuple[Mistake, ...]:
    return tuple(_header(list(table.columns), file, ""))


def _mistakes(content: bytes, file: str) -> Iterator[Mistake]:
    try:
        text = content.decode()
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        yield Mistake(file, line, 1, f"byte 0x{content[fault.start]:02X} is not UTF-8", "save the file as UTF-8")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        yield from _header(header, file, text)
        if not header:
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        yield from _ragged(reader, file)
    except csv.Error as fault:
        yield Mistake(file, reader.line_num, 1, f"cannot be read: {fault}", 'double each quote that is text ("")')


def _header(header: list[str], file: str, text: str) -> Iterator[Mistake]:
    if not header:
        what = "the file is empty" if not text.strip() else "the first line is blank"
        yield Mistake(file, 1, 1, what, "write the column names in its first line")
    for number, name in enumerate(header, start=1):
        if not name.strip():
            yield Mistake(file, 1, 1, f"column {number} has no name", "name it, or remove the column")
        elif name in header[: number - 1]:
            yield Mistake(file, 1, 1, f"column {name!r} occurs twice", "rename or remove one of them")
        elif name != name.strip():
            yield Mistake(file, 1, 1, f"the column name {name!r} has spaces around it", f"write {name.strip()!r}")


def _ragged(reader: Iterator[list[str]], file: str) -> Iterator[Mistake]:
    header = next(reader, [])
    line, found = 1, 0
    for row in reader:
        line, start = reader.line_num, line + 1  # type: ignore[attr-defined]  # csv.reader objects have it
        if row and len(row) != len(header) and found < _SHOWN:
            found += 1
            what = f"the line has {many(len(row), 'cell')}, the header has {many(len(header), 'column')}"
            yield Mistake(file, start, 1, what, "put quotes around a cell that holds a comma, or complete the line")
