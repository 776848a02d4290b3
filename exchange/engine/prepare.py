"""The first half of the pure middle: bytes of one span in, mapped and checked documents out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.ages import document_ages, with_ages
from exchange.engine.content import content_hashes
from exchange.engine.goods import Goods, shipped
from exchange.engine.group import Grouping, contradictions, group
from exchange.engine.packed import Unpacked, record_starts, unpack
from exchange.engine.prepared import LABEL, PILOT, SOLD, Found, Prepared
from exchange.kernel.catalogue import Severity
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
    ages, failed = document_ages(machine, columns, grouping)
    failures.on_rows(failed)

    header, failed = _header_fields(machine, on_head, grouping.size)
    failures.on_documents(failed)
    lines, failed = machine.map_lines(columns, rows)
    failures.on_rows(failed)
    failures.on_documents(_named(machine.check_header(header), machine.header_sources, on_head))
    failures.on_rows(_named(machine.check_lines(lines), machine.line_sources, columns))

    bad = _bad(grouping.size, [*problems, *failures.found()]) | _incomplete(grouping, chunk.broken)
    made = shipped(machine, (header, lines), grouping.owner, bad, plan.channel)
    late = _named(made.on_documents, machine.header_sources, on_head)
    failures.on_documents(failure for failure in late if not bad[failure.row])
    failures.on_rows(made.on_lines)
    problems += failures.found()
    masks = (_bad(grouping.size, problems), made.ships, blank)
    return Prepared(
        header=with_ages(_header(machine, (header, made.sold), made.goods, (grouping, positions), masks), ages),
        lines=_lines(machine, made.goods, grouping, unpacked),
        problems=tuple(sorted(problems, key=lambda found: (found[0], found[1].record or 0))),
        broken=_numbered(chunk.broken, machine),
        end=sum(span.ranges[-1][:2]),
    )


def _header_fields(machine: Machine, on_head: Columns, rows: int) -> tuple[dict[str, pa.Array], list[CellFailure]]:
    """Map the header fields, and bring addresses into form where a rule says so."""
    header, failed = machine.map_header(on_head, rows)
    if machine.standardise is None:
        return header, failed
    header, late = machine.standardise(header)
    return header, [*failed, *_named(late, machine.header_sources, on_head)]


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
        told = list(failures)
        rows = np.array([failure.row for failure in told], np.int64)
        self._add(self._grouping.owner[rows], rows, told)

    def on_documents(self, failures: Iterable[CellFailure]) -> None:
        told = list(failures)
        documents = np.array([failure.row for failure in told], np.int64)
        self._add(documents, self._grouping.head[documents], told)

    def _add(self, documents: Ints, rows: Ints, failures: list[CellFailure]) -> None:
        records, lines = self._positions.record[rows].tolist(), self._positions.file_line[rows].tolist()
        places = zip(documents.tolist(), rows.tolist(), records, lines, strict=True)
        for (document, row, record, line), failure in zip(places, failures, strict=True):
            if self._blank[document]:
                continue  # a row of nothing has nothing wrong with it
            where = failure.column or failure.field
            if self._unpacked.lost(row, where):
                continue  # told of the cell as a whole
            where = self._unpacked.place(row, where)
            codes = self._by_cell.setdefault((record, where), {})
            if failure.code not in codes:
                level: Severity | None = "warning" if failure.warning else None
                problem = Problem(failure.code, line, record, where, failure.value, failure.detail, level)
                codes[failure.code] = (document, problem)

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
            row, field, _, own, code, detail, warning = failure
            yield CellFailure(row, field, column, own if value is None else value, code, detail, warning)
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
    goods: Goods,
    rows: tuple[Grouping, Positions],
    masks: tuple[Mask, Mask, Mask],
) -> pa.Table:
    """Return the header; `levels`: fields of documents, and of their lines as they were sold."""
    (header, lines), (grouping, positions) = levels, rows
    bad, ships, blank = masks
    verdicts = machine.release(header, grouping.size)
    keep = machine.keep_lines(lines, len(positions.record))
    kept = keep if goods.source is None else machine.keep_lines(goods.lines, len(goods.owner))
    number = header[machine.key_field]
    outside = _outside(machine, levels, grouping, (keep, bad, blank))
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
            **outside,
            "_gone": pa.array(machine.gone(header, grouping.size), pa.string()),
            "_first": pa.array(positions.record[grouping.first]),
            "_line": pa.array(positions.file_line[grouping.head]),
            "_rows": pa.array(_records_of(grouping, positions)),
            "_kept": pa.array(np.bincount(goods.owner[kept], minlength=grouping.size).astype(np.int64)),
        }
    )


def _outside(
    machine: Machine, levels: tuple[Columns, Columns], grouping: Grouping, masks: tuple[Mask, Mask, Mask]
) -> dict[str, pa.Array]:
    """Return, where a pilot is on, why each document stays outside of it; a row of nothing is nowhere."""
    if machine.only is None:
        return {}
    keep, bad, blank = masks
    found = machine.only(levels, grouping.owner, (keep, bad))
    return {PILOT: pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), found)}


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


def _lines(machine: Machine, goods: Goods, grouping: Grouping, unpacked: Unpacked) -> pa.Table:
    positions, labels = goods.of_lines(unpacked)
    lines, rows = goods.lines, len(goods.owner)
    first = grouping.first if goods.source is None else goods.first(grouping.size)
    ordinal: Ints = np.arange(rows) - first[goods.owner] + 1 if rows else np.empty(0, np.int64)
    return pa.table(
        {
            **lines,
            "line_number": pa.array(ordinal.astype(np.int64)),
            "_owner": pa.array(goods.owner),
            "_record": pa.array(positions.record),
            "_line": pa.array(positions.file_line),
            "_start": pa.array(positions.start),
            "_length": pa.array(positions.length),
            "_keep": pa.array(machine.keep_lines(lines, rows)),
            **({} if goods.source is None else {SOLD: pa.array(goods.source)}),
            **{LABEL + name: label for name, label in labels.items()},
        }
    )
