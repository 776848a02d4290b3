"""The first look at a delimited file: its byte order mark, its header, and whether it can be read at all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exchange.config.suggest import closest
from exchange.formats.delimited.around import PLAIN, Around, begin, blank_comments, end, fits
from exchange.formats.delimited.correction import strip_reject_columns
from exchange.formats.delimited.encoding import Encoding, resolve, transcode, transcoded_path
from exchange.formats.delimited.exact import ExactReader, ExactRecord
from exchange.kernel.layout import REJECT_COLUMNS, Layout, Survey, columns_named
from exchange.kernel.limits import COLUMNS, RECORD_BYTES
from exchange.kernel.problems import Problem

_HEAD = 64
_NAMES_SHOWN = 10
_DELIMITERS = (",", ";", "\t", "|")
_REASONS = {
    "UNCLOSED_QUOTE": "a quote is opened and not closed",
    "BROKEN_QUOTE": "there is text behind a closing quote",
    "RECORD_TOO_LARGE": f"it is longer than {RECORD_BYTES} bytes",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a mapping says that files are written."""

    encoding: str
    delimiter: str
    around: Around = PLAIN


@dataclass(frozen=True, slots=True)
class Expected:
    """What a mapping expects of a file's header."""

    dialect: Dialect
    wanted: tuple[str, ...]
    required: tuple[str, ...]
    mapping: str
    """The mapping file's path, for messages."""
    known: tuple[str, ...] = ()
    """Columns that a schema describes: not worth a word where the mapping does not read them."""
    patterns: tuple[str, ...] = ()
    """Patterns of further columns, each of which must fit one."""


def survey(path: Path, expected: Expected) -> Survey:
    """Return the layout of a file, or the file-scope problems for which it is rejected whole.

    A file whose encoding is no superset of ASCII is copied as UTF-8 to `<path>.utf8`, a returned reject file without
    its reject columns to `<path>.stripped`; the layout then points at the copy.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        return Survey(None, (Problem("FILE_EMPTY"),))
    encoding = _encoding(path, expected.dialect, head)
    if isinstance(encoding, str):
        return _wrong_encoding(expected, encoding)
    return _survey_as(path, expected, encoding)


def _encoding(path: Path, dialect: Dialect, head: bytes) -> Encoding | str:
    """Return the encoding of a file: the declared one, or the other one where the file as a whole is not in it."""
    encoding = resolve(dialect.encoding, head)
    other = dialect.around.fallback
    if not other or (isinstance(encoding, Encoding) and fits(path, encoding)):
        return encoding
    return resolve(other, head)


def _survey_as(path: Path, expected: Expected, encoding: Encoding) -> Survey:
    notes = [Problem("BOM_REPEATED", detail={"count": encoding.repeated})] if encoding.repeated > 1 else []
    readable, skip = path, len(encoding.bom) * encoding.repeated
    if not encoding.direct:
        readable, skip = transcoded_path(path), 0
        fault = transcode(path, encoding, readable)
        if fault is not None:
            return _wrong_encoding(expected, fault)
    found = _header(readable, skip, expected, encoding)
    if isinstance(found, Problem):
        return Survey(None, (*notes, found))
    problems = [*notes, *_column_problems(found, expected)]
    if any(problem.severity == "error" for problem in problems):
        return Survey(found, tuple(problems))
    corrected = _corrected(_records_only(found, expected.dialect.around))
    if isinstance(corrected, Problem):
        return Survey(found, (*problems, corrected))
    if not _has_records(corrected):
        problems.append(Problem("NO_RECORDS"))
    return Survey(corrected, tuple(problems))


def _wrong_encoding(expected: Expected, reason: str) -> Survey:
    detail = {"encoding": expected.dialect.encoding, "reason": reason, "mapping": expected.mapping}
    return Survey(None, (Problem("WRONG_ENCODING", detail=detail),))


def _records_only(layout: Layout, around: Around) -> Layout:
    """Return the layout of the records alone: without a footer, and without comments among them."""
    stop = end(layout.path, layout.data_start, around, layout.encoding)
    if not around.comment:
        return replace(layout, data_end=stop)
    span = (layout.data_start, layout.path.stat().st_size if stop is None else stop)
    comment = around.comment.encode(layout.encoding)
    return replace(layout, path=blank_comments(layout.path, span, layout.first_line, layout.delimiter, comment))


def _header(path: Path, skip: int, expected: Expected, encoding: Encoding) -> Layout | Problem:
    """Return the layout that the first record of the file tells, or why it is not a header."""
    with path.open("rb") as stream:
        stream.seek(skip)
        data = stream.read(2 * RECORD_BYTES)
        last = not stream.read(1)
    name = encoding.name if encoding.direct else "utf-8"
    begins = begin(data, expected.dialect.around, expected.dialect.delimiter, name, last=last)
    if isinstance(begins, Problem):
        return begins
    before, data = data[: begins.offset], data[begins.offset :]
    record = next(iter(ExactReader(data, expected.dialect.delimiter, last=last)), None)
    columns = _names(record, name) if record is not None else _REASONS["RECORD_TOO_LARGE"]
    if record is None or isinstance(columns, str):
        empty = last and not (before + data).strip(b"\r\n")
        return Problem("FILE_EMPTY") if empty else Problem("HEADER_UNREADABLE", file_line=1, detail={"reason": columns})
    stop = record.start + record.length
    newline = b"\r\n" if data[stop : stop + 2] == b"\r\n" else data[stop : stop + 1] or b"\n"
    return Layout(
        path=path,
        columns=columns,
        header=data[record.start : stop],
        data_start=skip + len(before) + min(stop + len(newline), len(data)),
        first_line=1 + begins.lines + record.line + record.lines,
        encoding=name,
        source_encoding=encoding.name,
        delimiter=expected.dialect.delimiter,
        newline=newline,
        bom=encoding.bom + (before if encoding.direct else before.decode().encode(encoding.name)),
    )


def _names(record: ExactRecord, encoding: str) -> tuple[str, ...] | str:
    if record.fault is not None:
        return _REASONS[record.fault]
    try:
        names = tuple(cell.encode("latin-1").decode(encoding).strip() for cell in record.cells)
    except UnicodeDecodeError as fault:
        return f"byte 0x{fault.object[fault.start]:02x} is not {encoding}"
    return "it holds a NUL byte" if any("\0" in name for name in names) else names


def _column_problems(layout: Layout, expected: Expected) -> Iterator[Problem]:
    """Yield what is wrong with the column names; names that are blank are nobody's."""
    columns = layout.columns
    line = layout.first_line - 1 - max(layout.header.count(b"\n"), layout.header.count(b"\r"))
    if len(columns) > COLUMNS:
        yield Problem("TOO_MANY_COLUMNS", file_line=line, detail={"columns": len(columns), "limit": COLUMNS})
        return
    delimiter = _other_delimiter(columns, expected)
    if delimiter is not None:
        yield delimiter
        return
    for name, times in Counter(column for column in columns if column).items():
        if times > 1:
            yield Problem("DUPLICATE_COLUMN", file_line=line, field=name, detail={"times": times})
    lacking = [name for name in expected.patterns if not any(columns_named(columns, [name]))]
    for name in (*expected.required, *lacking):
        if name not in columns:
            detail = {"hint": _hint(name, columns), "mapping": expected.mapping}
            yield Problem("MISSING_COLUMN", file_line=line, field=name, detail=detail)
    packed = columns_named(columns, expected.patterns)
    known = {"", *expected.wanted, *expected.known, *packed, *REJECT_COLUMNS}
    extra = [column for column in columns if column not in known]
    if extra:
        names = ", ".join(extra[:_NAMES_SHOWN]) + (", …" if len(extra) > _NAMES_SHOWN else "")
        yield Problem("EXTRA_COLUMNS", file_line=line, detail={"count": len(extra), "names": names})


def _other_delimiter(columns: Sequence[str], expected: Expected) -> Problem | None:
    if len(columns) != 1:
        return None
    others = {other: columns[0].count(other) for other in _DELIMITERS if other != expected.dialect.delimiter}
    found, times = max(others.items(), key=lambda other: other[1])
    if times < 3:
        return None
    detail = {
        "declared": json.dumps(expected.dialect.delimiter),
        "found": json.dumps(found),
        "times": times,
        "mapping": expected.mapping,
    }
    return Problem("WRONG_DELIMITER", file_line=1, detail=detail)


def _hint(name: str, columns: Sequence[str]) -> str:
    close = closest(name, columns)
    return f"; did you mean {close!r}?" if close else ""


def _corrected(layout: Layout) -> Layout | Problem:
    """Return the layout without reject columns where the file is a returned reject file."""
    if REJECT_COLUMNS[0] not in layout.columns:
        return layout
    missing = [name for name in REJECT_COLUMNS if name not in layout.columns]
    if missing:
        return Problem("NOT_A_CORRECTION", file_line=1, detail={"reason": f"{', '.join(missing)} is missing"})
    own = layout.columns[: -len(REJECT_COLUMNS)]
    if not own or set(own) & set(REJECT_COLUMNS):
        reason = f"{', '.join(REJECT_COLUMNS)} are not its last columns"
        return Problem("NOT_A_CORRECTION", file_line=1, detail={"reason": reason})
    return strip_reject_columns(replace(layout, columns=own), layout.columns.index(REJECT_COLUMNS[0]) - len(own))


def _has_records(layout: Layout) -> bool:
    left = (layout.path.stat().st_size if layout.data_end is None else layout.data_end) - layout.data_start
    with layout.path.open("rb") as stream:
        stream.seek(layout.data_start)
        while block := stream.read(min(RECORD_BYTES, max(0, left))):
            left -= len(block)
            if block.strip(b"\r\n"):
                return True
    return False
