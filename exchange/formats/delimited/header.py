"""The first look at a delimited file: its byte order mark, its header, and whether it can be read at all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exchange.config.suggest import closest
from exchange.formats.delimited.correction import strip_reject_columns
from exchange.formats.delimited.encoding import Encoding, resolve, transcode, transcoded_path
from exchange.formats.delimited.exact import ExactReader, ExactRecord
from exchange.kernel.layout import REJECT_COLUMNS, Layout, Survey
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
class Expected:
    """What a mapping expects of a file's header."""

    encoding: str
    delimiter: str
    wanted: tuple[str, ...]
    required: tuple[str, ...]
    mapping: str
    """The mapping file's path, for messages."""
    known: tuple[str, ...] = ()
    """Columns that a schema describes: not worth a word where the mapping does not read them."""


def survey(path: Path, expected: Expected) -> Survey:
    """Return the layout of a file, or the file-scope problems for which it is rejected whole.

    A file whose encoding is no superset of ASCII is copied as UTF-8 to `<path>.utf8`, a returned reject file without
    its reject columns to `<path>.stripped`; the layout then points at the copy.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        return Survey(None, (Problem("FILE_EMPTY"),))
    encoding = resolve(expected.encoding, head)
    if isinstance(encoding, str):
        return _wrong_encoding(expected, encoding)
    return _survey_as(path, expected, encoding)


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
    problems = [*notes, *_column_problems(found.columns, expected)]
    if any(problem.severity == "error" for problem in problems):
        return Survey(found, tuple(problems))
    corrected = _corrected(found)
    if isinstance(corrected, Problem):
        return Survey(found, (*problems, corrected))
    if not _has_records(corrected):
        problems.append(Problem("NO_RECORDS"))
    return Survey(corrected, tuple(problems))


def _wrong_encoding(expected: Expected, reason: str) -> Survey:
    detail = {"encoding": expected.encoding, "reason": reason, "mapping": expected.mapping}
    return Survey(None, (Problem("WRONG_ENCODING", detail=detail),))


def _header(path: Path, skip: int, expected: Expected, encoding: Encoding) -> Layout | Problem:
    """Return the layout that the first record of the file tells, or why it is not a header."""
    with path.open("rb") as stream:
        stream.seek(skip)
        data = stream.read(2 * RECORD_BYTES)
        last = not stream.read(1)
    record = next(iter(ExactReader(data, expected.delimiter, last=last)), None)
    name = encoding.name if encoding.direct else "utf-8"
    columns = _names(record, name) if record is not None else _REASONS["RECORD_TOO_LARGE"]
    if record is None or isinstance(columns, str):
        empty = last and not data.strip(b"\r\n")
        return Problem("FILE_EMPTY") if empty else Problem("HEADER_UNREADABLE", file_line=1, detail={"reason": columns})
    end = record.start + record.length
    newline = b"\r\n" if data[end : end + 2] == b"\r\n" else data[end : end + 1] or b"\n"
    return Layout(
        path=path,
        columns=columns,
        header=data[record.start : end],
        data_start=skip + min(end + len(newline), len(data)),
        first_line=1 + record.line + record.lines,
        encoding=name,
        source_encoding=encoding.name,
        delimiter=expected.delimiter,
        newline=newline,
        bom=encoding.bom,
    )


def _names(record: ExactRecord, encoding: str) -> tuple[str, ...] | str:
    if record.fault is not None:
        return _REASONS[record.fault]
    try:
        names = tuple(cell.encode("latin-1").decode(encoding).strip() for cell in record.cells)
    except UnicodeDecodeError as fault:
        return f"byte 0x{fault.object[fault.start]:02x} is not {encoding}"
    return "it holds a NUL byte" if any("\0" in name for name in names) else names


def _column_problems(columns: Sequence[str], expected: Expected) -> Iterator[Problem]:
    """Yield what is wrong with the column names; names that are blank are nobody's."""
    if len(columns) > COLUMNS:
        yield Problem("TOO_MANY_COLUMNS", file_line=1, detail={"columns": len(columns), "limit": COLUMNS})
        return
    delimiter = _other_delimiter(columns, expected)
    if delimiter is not None:
        yield delimiter
        return
    for name, times in Counter(column for column in columns if column).items():
        if times > 1:
            yield Problem("DUPLICATE_COLUMN", file_line=1, field=name, detail={"times": times})
    for name in expected.required:
        if name not in columns:
            detail = {"hint": _hint(name, columns), "mapping": expected.mapping}
            yield Problem("MISSING_COLUMN", file_line=1, field=name, detail=detail)
    known = {"", *expected.wanted, *expected.known, *REJECT_COLUMNS}
    extra = [column for column in columns if column not in known]
    if extra:
        names = ", ".join(extra[:_NAMES_SHOWN]) + (", …" if len(extra) > _NAMES_SHOWN else "")
        yield Problem("EXTRA_COLUMNS", file_line=1, detail={"count": len(extra), "names": names})


def _other_delimiter(columns: Sequence[str], expected: Expected) -> Problem | None:
    if len(columns) != 1:
        return None
    others = {other: columns[0].count(other) for other in _DELIMITERS if other != expected.delimiter}
    found, times = max(others.items(), key=lambda other: other[1])
    if times < 3:
        return None
    detail = {
        "declared": json.dumps(expected.delimiter),
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
    with layout.path.open("rb") as stream:
        stream.seek(layout.data_start)
        while block := stream.read(RECORD_BYTES):
            if block.strip(b"\r\n"):
                return True
    return False
