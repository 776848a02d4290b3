"""The second half of the pure middle: decided documents in, rendered fragments for every target out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.chosen import unclaimed
from exchange.engine.handed import Handed, hand_over, selectable, selected
from exchange.engine.marks import marks_of
from exchange.engine.moves import ACTIONS, NEW, Moves
from exchange.engine.prepared import Found, Prepared, as_ints, picked, place_of
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
    fresh: Mask
    """Per line: it is the document's own; the others were sent before and are cancelled."""
    warehouse: pa.Array | None
    """Of each header row that is a part."""


def finish(prepared: Prepared, disposition: Ints, plan: Plan, moves: Moves | None = None) -> ChunkResult:
    """Map, check and render for all targets; a document that one target refuses goes to none."""
    machine = machine_of(plan)
    jobs, due, refused = [], [], [*_nowhere(prepared, disposition, machine)]
    for target in machine.targets:
        handed = hand_over(prepared, disposition, machine, target, plan.channel, moves)
        job, found = _map(prepared, machine, target, handed)
        jobs.append(job)
        due.append(_wanted(prepared, disposition, target, handed, moves))
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
    if moves is not None:  # what is as it was, and what is cancelled, is told with the rest of its document
        lines_taken |= (moves.touched & taken)[as_ints(prepared.lines, "_owner")]
    targets = tuple(
        Rendered(fragment, _due(prepared, out, wanted), _done(prepared, job, fragment))
        for fragment, job, wanted in zip(fragments, jobs, due, strict=True)
    )
    return ChunkResult(targets, _distinct(refused), taken, lines_taken)


def _nowhere(prepared: Prepared, disposition: Ints, machine: Machine) -> Iterator[Found]:
    """Yield what ships and is left out by every delivery; nothing is, where none chooses."""
    shipping = [target for target in machine.targets if target.per_part and ACTIONS[NEW] in target.actions]
    if any(target.only_header or target.only_lines for target in shipping):
        lines = [each(prepared, disposition, target)[1] for target in shipping for each in (selectable, selected)]
        yield from unclaimed(prepared, list(zip(lines[::2], lines[1::2], strict=True)))


def _placed(prepared: Prepared, job: _Job, fragment: Fragment) -> Fragment:
    """Return a fragment of header rows as one of documents, with what its files are named and parted by."""
    document = job.document[fragment.documents]
    if not job.target.marks:
        return replace(fragment, documents=document)
    warehouse = None if job.warehouse is None else job.warehouse.take(pa.array(fragment.documents))
    return replace(fragment, documents=document, marks=marks_of(prepared, job.target, document, warehouse))


def _map(prepared: Prepared, machine: Machine, target: Target, handed: Handed) -> tuple[_Job, list[Found]]:
    header, header_failures = target.map_header(handed.header, len(handed.document))
    lines, line_failures = target.map_lines(handed.lines, len(handed.source))
    warehouse = handed.header.get("warehouse") if target.per_part else None
    job = _Job(target, header, lines, handed.owner, handed.document, handed.source, handed.fresh, warehouse)
    of_parts = [failure for failure in header_failures if failure.column in handed.of_parts]
    of_documents = [failure for failure in header_failures if failure.column not in handed.of_parts]
    found = [
        *_problems(prepared, job, of_documents, on_lines=False, sources=machine.header_sources),
        *_problems(prepared, job, _on_first_lines(job, of_parts), on_lines=True, sources=machine.line_sources),
        *_problems(prepared, job, line_failures, on_lines=True, sources=machine.line_sources),
    ]
    return job, found


def _on_first_lines(job: _Job, failures: list[CellFailure]) -> list[CellFailure]:
    """Return failures of a part's own fields as those of its first line, where they come from."""
    return [failure._replace(row=int(np.searchsorted(job.owner, failure.row))) for failure in failures]


def _distinct(found: Iterable[Found]) -> tuple[Found, ...]:
    """Name one cell once for one reason, however many fields and targets it goes to."""
    return tuple({(document, p.record, p.field, p.code): (document, p) for document, p in found}.values())


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
        job.fresh[line_stays],
        None if job.warehouse is None else job.warehouse.filter(rows),
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


def _wanted(
    prepared: Prepared, disposition: Ints, target: Target, handed: Handed, moves: Moves | None
) -> tuple[Mask, Mask]:
    """Return the documents and the lines that a target has to get: by the documents themselves where they are new."""
    documents, lines = selected(prepared, disposition, target)
    if ACTIONS[NEW] not in target.actions:  # such as a delivery of returns
        documents, lines = np.zeros_like(documents), np.zeros_like(lines)
    owner = as_ints(prepared.lines, "_owner")
    having = np.zeros(len(documents), bool)
    having[owner[lines]] = True
    documents &= having
    if moves is not None:
        touched = moves.touched
        told = np.zeros(len(documents), bool)
        told[handed.document] = True
        now = np.zeros(len(lines), bool)
        now[handed.source[handed.fresh]] = True
        documents = np.where(touched, told, documents)
        lines = np.where(touched[owner], now, lines)
    return documents, lines


def _due(prepared: Prepared, out: Mask, wanted: tuple[Mask, Mask]) -> Tally:
    """Count what a target has to get, without what was refused."""
    documents, lines = wanted
    rows = np.flatnonzero(lines & ~out[as_ints(prepared.lines, "_owner")])
    return _tally(prepared, rows, int((documents & ~out).sum()))


def _done(prepared: Prepared, job: _Job, fragment: Fragment) -> Tally:
    """Count what was rendered: documents by the fragment, lines by the job that was rendered."""
    return _tally(prepared, job.source[job.fresh], len(np.unique(fragment.documents)))


def _tally(prepared: Prepared, rows: Ints, documents: int) -> Tally:
    taken = picked(prepared.lines, ("quantity", "line_total"), rows)
    quantity, money = (
        Decimal((pc.sum(taken[name]).as_py() if name in taken else None) or 0) for name in ("quantity", "line_total")
    )
    return Tally(documents, len(rows), quantity, money)
