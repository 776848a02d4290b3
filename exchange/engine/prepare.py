"""The first half of the pure middle: bytes of one span in, mapped and checked documents out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.content import content_hashes
from exchange.engine.group import Grouping, contradictions, group
from exchange.engine.packed import Unpacked, record_starts, unpack
from exchange.engine.prepared import LABEL, Found, Prepared
from exchange.kernel.chunk import BrokenRecord, CellFailure, Chunk, Ints, Mask, Positions, arrays
from exchange.kernel.layout import Layout
from exchange.kernel.model import Span
from exchange.kernel.pipeline import Columns, Machine, machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem


def prepare(span: Span, layout: Layout, plan: Plan) -> Prepared:
    """Read, check and map the records of one span; touches neither the clock nor the ledger nor the network."""
    machine = machine_of(plan)
    chunk = machine.reader.parse(span, layout)
    unpacked = unpack(machine, arrays(chunk.frame), chunk.positions)
    grouping = group(unpacked.columns, machine.key_column, machine.start_columns, unpacked.starts)
    if grouping.order is not None:
        unpacked = unpacked.sorted(grouping.order)
    columns, positions = unpacked.columns, unpacked.positions

    problems = list(_of_records(chunk, positions, grouping, machine.key_column))
    heads = pa.array(grouping.head)
    on_head = {name: columns[name].take(heads) for name in machine.header_columns}
    problems += contradictions(columns, on_head, grouping, positions, machine.start_columns)
    rows = len(positions.record)
    is_head = np.zeros(rows, bool)
    is_head[grouping.head] = True
    blank = _blank(columns, grouping)
    problems = [found for found in problems if not blank[found[0]]]
    failures = _Failures(grouping, unpacked, problems, blank)
    failures.on_rows(unpacked.check(machine.check_source, is_head))

    header, failed = machine.map_header(on_head, grouping.size)
    failures.on_documents(failed)
    lines, failed = machine.map_lines(columns, rows)
    failures.on_rows(failed)
    failures.on_documents(_named(machine.check_header(header), machine.header_sources, on_head))
    failures.on_rows(_named(machine.check_lines(lines), machine.line_sources, columns))

    bad = _bad(grouping.size, [*problems, *failures.found()]) | _incomplete(grouping, chunk.broken)
    settled = machine.settle(header, lines, grouping.owner)
    lines = {**lines, "line_discount": settled.line_discount, "line_total": settled.line_total}
    ships, half = machine.shipping(header, lines, grouping.owner)
    late = _named([*settled.failures, *half], machine.header_sources, on_head)
    failures.on_documents(failure for failure in late if not bad[failure.row])
    problems += failures.found()
    return Prepared(
        header=_header(machine, (header, lines), grouping, positions, (_bad(grouping.size, problems), ships, blank)),
        lines=_lines(machine, lines, grouping, unpacked),
        problems=tuple(sorted(problems, key=lambda found: (found[0], found[1].record or 0))),
        broken=_numbered(chunk.broken, machine),
        end=sum(span.ranges[-1][:2]),
    )


class _Failures:
    """Turns refused cells into problems of documents; one cell is named once for one reason."""

    def __init__(self, grouping: Grouping, unpacked: Unpacked, before: list[Found], blank: Mask) -> None:
        self._grouping = grouping
        self._unpacked = unpacked
        self._positions = unpacked.positions
        self._blank = blank
        self._told = {(problem.record, problem.field) for _, problem in before}
        self._headless = {document for document, problem in before if problem.code == "ORPHAN_LINES"}
        self._by_cell: dict[tuple[int, str], dict[str, Found]] = {}

    def on_rows(self, failures: Iterable[CellFailure]) -> None:
        for failure in failures:
            self._add(int(self._grouping.owner[failure.row]), failure.row, failure)

    def on_documents(self, failures: Iterable[CellFailure]) -> None:
        for failure in failures:
            self._add(failure.row, int(self._grouping.head[failure.row]), failure)

    def _add(self, document: int, row: int, failure: CellFailure) -> None:
        if self._blank[document]:
            return  # a row of nothing has nothing wrong with it
        where = failure.column or failure.field
        if self._unpacked.lost(row, where):
            return  # told of the cell as a whole
        where = self._unpacked.place(row, where)
        record = int(self._positions.record[row])
        problem = Problem(
            failure.code,
            int(self._positions.file_line[row]),
            record,
            where,
            failure.value,
            failure.detail,
            "warning" if failure.warning else None,
        )
        self._by_cell.setdefault((record, where), {}).setdefault(failure.code, (document, problem))

    def found(self) -> Iterator[Found]:
        """Yield each problem once; a blank that only follows from another problem is left out."""
        for codes in self._by_cell.values():
            if "SPREADSHEET_DAMAGE" in codes:
                yield codes["SPREADSHEET_DAMAGE"]  # a shortened number is in no table either: one cause, one word
                continue
            for code, found in codes.items():
                if code != "REQUIRED_MISSING" or not self._follows(len(codes), *found):
                    yield found

    def _follows(self, codes: int, document: int, problem: Problem) -> bool:
        return codes > 1 or document in self._headless or (problem.record, problem.field) in self._told


def _named(failures: Iterable[CellFailure], sources: dict[str, str], cells: Columns) -> Iterator[CellFailure]:
    """Name the source cell a document field came from, with its own text: that is what a person can correct."""
    for failure in failures:
        if failure.column is None and failure.field in sources:
            column = sources[failure.field]
            value = cells[column][failure.row].as_py() if column in cells else None
            yield replace(failure, column=column, value=failure.value if value is None else value)
        else:
            yield failure


def _of_records(chunk: Chunk, positions: Positions, grouping: Grouping, column: str) -> Iterator[Found]:
    """Yield what the reader found wrong with readable records, and rows that belong nowhere."""
    if chunk.problems:
        row_of = {record: row for row, record in enumerate(positions.record.tolist())}
        for problem in chunk.problems:
            yield int(grouping.owner[row_of[problem.record or 0]]), problem
    for document in np.flatnonzero(grouping.keys.is_null().to_numpy(zero_copy_only=False)).tolist():
        row = int(grouping.first[document])
        line, record = int(positions.file_line[row]), int(positions.record[row])
        yield document, Problem("GROUP_KEY_MISSING", line, record, column)


def _numbered(broken: tuple[BrokenRecord, ...], machine: Machine) -> tuple[BrokenRecord, ...]:
    """Read the number of each unreadable record's document, as the mapping reads that of any other."""
    keys = pa.array([record.key for record in broken], pa.string())
    if keys.null_count == len(keys):
        return broken
    header, _ = machine.map_header({machine.key_column: keys}, len(keys))
    numbers = _or_key(header[machine.key_field], keys).to_pylist()
    return tuple(replace(record, number=number) for record, number in zip(broken, numbers, strict=True))


def _incomplete(grouping: Grouping, broken: tuple[BrokenRecord, ...]) -> Mask:
    """Return the documents that lack an unreadable record: their sums tell nothing."""
    keys = pa.array([record.key for record in broken if record.key is not None], pa.string())
    made: Mask = pc.is_in(grouping.keys, value_set=keys).to_numpy(zero_copy_only=False)
    return made


def _bad(size: int, found: Iterable[Found]) -> Mask:
    bad = np.zeros(size, bool)
    for document, problem in found:
        if problem.severity == "error":
            bad[document] = True
    return bad


def _header(
    machine: Machine,
    levels: tuple[Columns, Columns],
    grouping: Grouping,
    positions: Positions,
    masks: tuple[Mask, Mask, Mask],
) -> pa.Table:
    header, lines = levels
    bad, ships, blank = masks
    verdicts = machine.release(header, grouping.size)
    keep = machine.keep_lines(lines, len(positions.record))
    number = header[machine.key_field]
    hashes = content_hashes(header, lines, grouping.first, (machine.compare_header, machine.compare_lines))
    return pa.table(
        {
            **header,
            "_key": grouping.keys,
            "_number": number.fill_null("") if number.null_count == 0 else _or_key(number, grouping.keys),
            "_hash": pa.array(hashes),
            "_bad": pa.array(bad),
            "_ships": pa.array(ships),
            "_release": pa.array(verdicts.release),
            "_filter": pa.array(verdicts.filtered | blank),
            "_reason": pa.array(_reasons(verdicts.reasons, blank), pa.string()),
            "_gone": pa.array(machine.gone(header, grouping.size), pa.string()),
            "_first": pa.array(positions.record[grouping.first]),
            "_line": pa.array(positions.file_line[grouping.head]),
            "_rows": pa.array(_records_of(grouping, positions)),
            "_kept": pa.array(np.bincount(grouping.owner[keep], minlength=grouping.size).astype(np.int64)),
        }
    )


def _records_of(grouping: Grouping, positions: Positions) -> Ints:
    """Return how many records each document has: a record may hold several of its lines."""
    owner = grouping.owner[record_starts(positions.record)]
    return np.bincount(owner, minlength=grouping.size).astype(np.int64)


def _blank(columns: Columns, grouping: Grouping) -> Mask:
    """Return the documents that are a row of nothing: what a spreadsheet leaves where a row was cleared."""
    blank: Mask = grouping.keys.is_null().to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(blank)
    if len(rows):
        first = pa.array(grouping.first[rows])
        filled = np.zeros(len(rows), bool)
        for column in columns.values():
            filled |= column.take(first).is_valid().to_numpy(zero_copy_only=False)
        blank = blank.copy()
        blank[rows] = ~filled
    return blank


def _reasons(reasons: tuple[str, ...], blank: Mask) -> tuple[str, ...]:
    if not blank.any():
        return reasons
    return tuple("a blank row" if empty else reason for reason, empty in zip(reasons, blank.tolist(), strict=True))


def _or_key(number: pa.Array, keys: pa.Array) -> pa.Array:
    """Return the document's number, or what its rows share where the number could not be read."""
    return pc.coalesce(number, keys, pa.scalar(""))


def _lines(machine: Machine, lines: Columns, grouping: Grouping, unpacked: Unpacked) -> pa.Table:
    positions = unpacked.positions
    rows = len(positions.record)
    ordinal: Ints = np.arange(rows) - grouping.first[grouping.owner] + 1 if rows else np.empty(0, np.int64)
    return pa.table(
        {
            **lines,
            "line_number": pa.array(ordinal.astype(np.int64)),
            "_owner": pa.array(grouping.owner),
            "_record": pa.array(positions.record),
            "_line": pa.array(positions.file_line),
            "_start": pa.array(positions.start),
            "_length": pa.array(positions.length),
            "_keep": pa.array(machine.keep_lines(lines, rows)),
            **{LABEL + name: labels for name, labels in unpacked.labels.items()},
        }
    )
