"""Reads one document out of a partner's file, wherever its records lie, and keeps what a run only passes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.group import Grouping, group
from exchange.engine.packed import Unpacked, unpack
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Prepared
from exchange.kernel.chunk import BrokenRecord, Chunk, arrays
from exchange.kernel.layout import Layout
from exchange.kernel.model import Span
from exchange.kernel.pipeline import Columns, Machine, machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem

Range = tuple[int, int, int, int]
"""(start, length, record, physical line), as a span has it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which document of a file is meant: that of a key or a number, that of a physical line, or the first."""

    key: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class OneDocument:
    """One document as `prepare` reads it, with its columns."""

    layout: Layout
    machine: Machine
    chunk: Chunk
    unpacked: Unpacked
    """Its lines, in order."""
    grouping: Grouping
    heads: Columns
    """The columns of header fields: one row for each document (one, as a rule)."""
    prepared: Prepared

    @property
    def rows(self) -> int:
        """How many lines it has."""
        return len(self.unpacked.positions.record)


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a file, or the record that is meant, cannot be read."""

    problems: tuple[Problem, ...]
    raw: bytes = b""
    """The record as it lies there, where there is one."""


@contextmanager
def laid_out(machine: Machine, file: Path) -> Iterator[Layout | Unread]:
    """Survey a file and yield its layout; what readers write beside a file lies in a temporary folder meanwhile."""
    with TemporaryDirectory(prefix="exchange-show-") as folder:
        path = Path(folder, file.name)
        path.symlink_to(file.resolve())
        survey = machine.reader.survey(path)
        yield Unread(survey.problems) if survey.layout is None or survey.refused else survey.layout


def one_document(plan: Plan, layout: Layout, wanted: Wanted) -> OneDocument | Unread | None:
    """Return the document that is meant, all its records read side by side; None where the file has none such."""
    machine = machine_of(plan)
    broken: BrokenRecord | None = None
    if wanted.key:
        ranges = list(_of_key(machine, layout, wanted.key, by_number=True))
    else:
        found = _at_line(machine, layout, wanted.line) if wanted.line else _first(machine, layout)
        if found is None:
            return None
        place, key, broken = found
        ranges = [place] if key is None else list(_of_key(machine, layout, key, by_number=False))
    if broken is not None:
        return Unread((broken.problem,), machine.set_aside.raw_record(layout, broken.start, broken.length))
    return of_ranges(plan, layout, ranges) if ranges else None


def of_ranges(plan: Plan, layout: Layout, ranges: list[Range]) -> OneDocument:
    """Read some records as `prepare` does."""
    machine = machine_of(plan)
    span = Span(layout.path, tuple(sorted(ranges, key=lambda found: found[2])))
    chunk = machine.reader.parse(span, layout)
    unpacked = unpack(machine, arrays(chunk.frame), chunk.positions)
    grouping = group(unpacked.columns, machine.key_column, machine.start_columns, unpacked.starts)
    if grouping.order is not None:
        unpacked = unpacked.sorted(grouping.order)
    heads = pa.array(grouping.head)
    on_head = {name: unpacked.columns[name].take(heads) for name in machine.header_columns}
    return OneDocument(layout, machine, chunk, unpacked, grouping, on_head, prepare(span, layout, plan))


def _chunks(machine: Machine, layout: Layout) -> Iterator[Chunk]:
    for span in machine.reader.spans(layout):
        yield machine.reader.parse(span, layout)


def _keys(machine: Machine, chunk: Chunk) -> pa.Array:
    keys = pc.utf8_trim_whitespace(arrays(chunk.frame)[machine.key_column])
    return pc.if_else(pc.equal(keys, ""), pa.scalar(None, pa.string()), keys)


def _of_key(machine: Machine, layout: Layout, key: str, *, by_number: bool) -> Iterator[Range]:
    """Yield where the records of a document lie; `by_number`: what the mapping reads of the key fits too."""
    for chunk in _chunks(machine, layout):
        keys = _keys(machine, chunk)
        fits = pc.equal(keys, key)
        if by_number and len(keys):
            numbers = machine.map_header({machine.key_column: keys}, len(keys))[0][machine.key_field]
            fits = pc.or_kleene(fits, pc.equal(numbers.cast(pa.string()), key))
        rows = np.flatnonzero(pc.fill_null(fits, fill_value=False).to_numpy(zero_copy_only=False))
        yield from _ranges(chunk, rows.tolist())


def _ranges(chunk: Chunk, rows: list[int]) -> Iterator[Range]:
    at = chunk.positions
    for row in rows:
        yield int(at.start[row]), int(at.length[row]), int(at.record[row]), int(at.file_line[row])


_Hit = tuple[Range, str | None, BrokenRecord | None]
"""(where a record lies, key of its document, the record where it is one that cannot be read)."""


def _first(machine: Machine, layout: Layout) -> _Hit | None:
    for chunk in _chunks(machine, layout):
        if len(chunk.positions.record):
            return next(_ranges(chunk, [0])), _keys(machine, chunk)[0].as_py(), None
    return None


def _at_line(machine: Machine, layout: Layout, line: int) -> _Hit | None:
    """Return the record that stands on a physical line: the last that begins there or before."""
    found: _Hit | None = None
    for chunk in _chunks(machine, layout):
        at = np.flatnonzero(chunk.positions.file_line <= line)
        for row in at[-1:].tolist():
            found = _later(found, (next(_ranges(chunk, [row])), _keys(machine, chunk)[row].as_py(), None))
        for bad in chunk.broken:
            if bad.file_line <= line:
                found = _later(found, ((bad.start, bad.length, bad.record, bad.file_line), bad.key, bad))
        if len(at) < len(chunk.positions.file_line):
            break
    if found is None or layout.lines is not None:
        return found
    start, length, _, first = found[0]
    with layout.path.open("rb") as stream:
        stream.seek(start)
        return found if line <= first + stream.read(length).count(b"\n") else None


def _later(one: _Hit | None, other: _Hit) -> _Hit:
    return other if one is None or other[0][3] >= one[0][3] else one
