"""The second half of the pure middle: decided documents in, rendered fragments for every target out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.decide import OUT
from exchange.engine.marks import marks_of
from exchange.engine.prepared import Found, Prepared, as_ints, as_mask, place_of
from exchange.kernel.chunk import CellFailure, Fragment, Ints, Mask
from exchange.kernel.pipeline import Machine, Target, machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class Tally:
    """What goes to one target, counted twice from different places and compared by `balance`."""

    documents: int = 0
    lines: int = 0
    quantity: Decimal | int = 0
    money: Decimal = Decimal(0)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.documents + other.documents,
            self.lines + other.lines,
            self.quantity + other.quantity,
            self.money + other.money,
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """One target's share of a span."""

    fragment: Fragment
    """`documents` are rows of the span's documents; a document in parts occurs once for each."""
    due: Tally
    """Counted on the documents, before they were split and mapped."""
    done: Tally
    """Counted on the parts that were rendered."""


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What one span gives to the targets, and what they refuse."""

    targets: tuple[Rendered, ...]
    refused: tuple[Found, ...]
    taken: Mask
    """Per document: it goes to at least one target."""
    lines_taken: Mask
    """Per line (source record): it goes to at least one target."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One target's documents, mapped but not rendered."""

    target: Target
    header: dict[str, pa.Array]
    lines: dict[str, pa.Array]
    owner: Ints
    """Header row of each line."""
    document: Ints
    """Document (row in the span) of each header row."""
    source: Ints
    """Row in the span's lines of each line."""


def finish(prepared: Prepared, disposition: Ints, plan: Plan) -> ChunkResult:
    """Map, check and render for all targets; a document that one target refuses goes to none."""
    machine = machine_of(plan)
    jobs, refused = [], []
    for target in machine.targets:
        job, found = _map(prepared, disposition, machine, target, plan.channel)
        jobs.append(job)
        refused += found
    out = np.zeros(len(disposition), bool)
    out[[document for document, _ in refused]] = True
    fragments = []
    for job in (_without(job, out) for job in jobs):
        fragment, failures = job.target.written.render(job.header, job.lines, job.owner)
        fragments.append(_placed(prepared, job, fragment))
        refused += _problems(prepared, job, failures, on_lines=False, sources=machine.header_sources)
    late = {document for document, _ in refused} - set(np.flatnonzero(out).tolist())
    out[list(late)] = True
    fragments = [_prune(fragment, out) if late else fragment for fragment in fragments]
    jobs = [_without(job, out) for job in jobs]
    taken = np.zeros(len(disposition), bool)
    lines_taken = np.zeros(prepared.lines.num_rows, bool)
    for job in jobs:
        taken[job.document] = True
        lines_taken[job.source] = True
    targets = tuple(
        Rendered(fragment, _due(prepared, disposition, out, job.target), _done(prepared, job, fragment))
        for fragment, job in zip(fragments, jobs, strict=True)
    )
    return ChunkResult(targets, _distinct(refused), taken, lines_taken)


def _placed(prepared: Prepared, job: _Job, fragment: Fragment) -> Fragment:
    """Return a fragment of header rows as one of documents, with what its files are named and parted by."""
    document = job.document[fragment.documents]
    if not job.target.marks:
        return replace(fragment, documents=document)
    lines = job.source[np.searchsorted(job.owner, fragment.documents)]
    return replace(fragment, documents=document, marks=marks_of(prepared, job.target, document, lines))


def _selected(prepared: Prepared, disposition: Ints, target: Target) -> tuple[Mask, Mask]:
    """Return which documents and which lines a target takes."""
    documents = disposition == OUT
    if target.needs_shipping:
        documents = documents & as_mask(prepared.header, "_ships")
    lines = documents[as_ints(prepared.lines, "_owner")] & as_mask(prepared.lines, "_keep")
    if target.needs_shipping and "requires_shipping" in prepared.lines.column_names:
        wanted = pc.fill_null(prepared.lines.column("requires_shipping"), fill_value=True)
        lines &= wanted.to_numpy().astype(bool)
    return documents, lines


def _map(
    prepared: Prepared, disposition: Ints, machine: Machine, target: Target, channel: str
) -> tuple[_Job, list[Found]]:
    _, line_mask = _selected(prepared, disposition, target)
    source = np.flatnonzero(line_mask)
    document_of_line = as_ints(prepared.lines, "_owner")[source]
    line_input = _taken(prepared.lines, target.line_inputs, source)
    extra: dict[str, pa.Array] = {}
    if target.per_part:
        part = machine.split(_taken(prepared.lines, ("warehouse",), source), document_of_line)
        order = np.lexsort((part, document_of_line))
        if not np.array_equal(order, np.arange(len(order))):
            source, document_of_line, part = source[order], document_of_line[order], part[order]
            line_input = {name: column.take(pa.array(order)) for name, column in line_input.items()}
        begins = _begins(document_of_line, part)
        extra = _part_fields(prepared, source, document_of_line, part, begins)
    else:
        begins = _begins(document_of_line, np.zeros(len(source), np.int64))
    document = document_of_line[begins]
    owner = np.cumsum(begins) - 1
    rows = len(document)
    header_input = {
        **_taken(prepared.header, target.header_inputs, document),
        "channel": pa.repeat(pa.scalar(channel), rows),
        "action": pa.repeat(pa.scalar("new"), rows),
        **extra,
    }
    header, header_failures = target.map_header(header_input, rows)
    lines, line_failures = target.map_lines(line_input, len(source))
    job = _Job(target, header, lines, owner, document, source)
    of_parts = [failure for failure in header_failures if failure.column in extra]
    of_documents = [failure for failure in header_failures if failure.column not in extra]
    found = [
        *_problems(prepared, job, of_documents, on_lines=False, sources=machine.header_sources),
        *_problems(prepared, job, _on_first_lines(job, of_parts), on_lines=True, sources=machine.line_sources),
        *_problems(prepared, job, line_failures, on_lines=True, sources=machine.line_sources),
    ]
    return job, found


def _on_first_lines(job: _Job, failures: list[CellFailure]) -> list[CellFailure]:
    """Return failures of a part's own fields as those of its first line, where they come from."""
    return [replace(failure, row=int(np.searchsorted(job.owner, failure.row))) for failure in failures]


def _distinct(found: Iterable[Found]) -> tuple[Found, ...]:
    """Name one cell once for one reason, however many fields and targets it goes to."""
    return tuple({(document, p.record, p.field, p.code): (document, p) for document, p in found}.values())


def _begins(document: Ints, part: Ints) -> Mask:
    begins = np.ones(len(document), bool)
    begins[1:] = (document[1:] != document[:-1]) | (part[1:] != part[:-1])
    return begins


def _part_fields(prepared: Prepared, source: Ints, document: Ints, part: Ints, begins: Mask) -> dict[str, pa.Array]:
    parts = np.zeros(int(document.max(initial=-1)) + 1, np.int64)
    np.maximum.at(parts, document, part)
    return {
        "part": pa.array(part[begins]),
        "parts": pa.array(parts[document[begins]]),
        **_taken(prepared.lines, ("warehouse",), source[begins]),
    }


def _taken(table: pa.Table, names: Iterable[str], rows: Ints) -> dict[str, pa.Array]:
    """Return some rows of those columns that exist, one chunk each."""
    wanted = [name for name in names if name in table.column_names]
    if len(rows) == table.num_rows and np.array_equal(rows, np.arange(len(rows))):
        return {name: _one(table.column(name)) for name in wanted}
    indices = pa.array(rows)
    return {name: _one(table.column(name)).take(indices) for name in wanted}


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _problems(
    prepared: Prepared, job: _Job, failures: list[CellFailure], *, on_lines: bool, sources: dict[str, str]
) -> Iterator[Found]:
    """Name what a target refuses by the source's own column and line, where a person can correct it."""
    if not failures:
        return
    owner = as_ints(prepared.lines, "_owner")
    records, places = as_ints(prepared.lines, "_record"), as_ints(prepared.lines, "_line")
    for failure in failures:
        if on_lines:
            row = int(job.source[failure.row])
            document = int(owner[row])
        else:
            document = int(job.document[failure.row])
            row = int(np.searchsorted(owner, document))
        where = place_of(prepared.lines, row, sources.get(failure.column or "", failure.column or failure.field))
        detail = {"target": job.target.name, **failure.detail}
        yield document, Problem(failure.code, int(places[row]), int(records[row]), where, failure.value, detail)


def _without(job: _Job, out: Mask) -> _Job:
    """Return the job without refused documents."""
    stay = ~out[job.document]
    if stay.all():
        return job
    line_stays = stay[job.owner]
    rows, line_rows = pa.array(stay), pa.array(line_stays)
    return _Job(
        job.target,
        {name: column.filter(rows) for name, column in job.header.items()},
        {name: column.filter(line_rows) for name, column in job.lines.items()},
        (np.cumsum(stay) - 1)[job.owner[line_stays]],
        job.document[stay],
        job.source[line_stays],
    )


def _prune(fragment: Fragment, out: Mask) -> Fragment:
    """Return the fragment without refused documents."""
    stay = ~out[fragment.documents]
    if stay.all():
        return fragment
    starts = np.concatenate([[0], fragment.ends[:-1]])
    view = memoryview(fragment.data)
    kept = [view[start:end] for start, end in zip(starts[stay].tolist(), fragment.ends[stay].tolist(), strict=True)]
    lengths = (fragment.ends - starts)[stay]
    at = np.flatnonzero(stay).tolist()
    return Fragment(
        b"".join(kept),
        np.cumsum(lengths),
        fragment.records[stay],
        fragment.documents[stay],
        fragment.lines[stay] if len(fragment.lines) else fragment.lines,
        {name: [values[row] for row in at] for name, values in fragment.totals.items()},
        {name: [values[row] for row in at] for name, values in fragment.marks.items()},
    )


def _due(prepared: Prepared, disposition: Ints, out: Mask, target: Target) -> Tally:
    """Count what a target has to get, on the documents themselves."""
    documents, lines = _selected(prepared, disposition, target)
    documents &= ~out
    lines &= ~out[as_ints(prepared.lines, "_owner")]
    having = np.zeros(len(documents), bool)
    having[as_ints(prepared.lines, "_owner")[lines]] = True
    return _tally(prepared, np.flatnonzero(lines), int((documents & having).sum()))


def _done(prepared: Prepared, job: _Job, fragment: Fragment) -> Tally:
    """Count what was rendered: documents by the fragment, lines by the job that was rendered."""
    return _tally(prepared, job.source, len(np.unique(fragment.documents)))


def _tally(prepared: Prepared, rows: Ints, documents: int) -> Tally:
    taken = _taken(prepared.lines, ("quantity", "line_total"), rows)
    quantity, money = (
        Decimal((pc.sum(taken[name]).as_py() if name in taken else None) or 0) for name in ("quantity", "line_total")
    )
    return Tally(documents, len(rows), quantity, money)
