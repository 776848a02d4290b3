"""Carries the decisions of one claim through `finish`: files in the work folder, counts, and what to remember."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType

import numpy as np

from exchange.engine.clash import ensure_no_clash
from exchange.engine.commitments import Place, add_taken
from exchange.engine.effects import document_block, sent_block
from exchange.engine.facts import FILTERED, HELD, OUT, REJECTED, VOID, Facts, SpanFacts
from exchange.engine.feedback import write_feedback
from exchange.engine.finish import ChunkResult, Tally, finish
from exchange.engine.house import House, pick_up_of
from exchange.engine.line_numbers import as_before
from exchange.engine.moves import ACTIONS, CHANGE, NEW
from exchange.engine.outputs import Numbers, TargetFiles
from exchange.engine.packed import record_starts
from exchange.engine.pieces import expand, waits
from exchange.engine.prepared import Prepared, Spool, as_ints, as_mask
from exchange.engine.rejects import Collector, Rejected
from exchange.engine.setaside import write_held, write_rejects, write_workbook
from exchange.engine.shipped import Reported
from exchange.engine.stocktaking import Taken, take_down
from exchange.engine.waiting import Waiting
from exchange.kernel.chunk import Ints
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.document_rows import DocumentBlock, DocumentRow
from exchange.kernel.layout import Layout
from exchange.kernel.model import NOT_WANTED, Artifact, Claim, Counts, Disposition
from exchange.kernel.pipeline import Target, machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem
from exchange.kernel.sent_rows import SentBlock

_HELD = Disposition.HELD.value
NOT_READ = "changed in nothing that a target reads"


@dataclass(slots=True)
class Batch:
    """What one claim comes to: everything `balance`, `guard` and `seal` need."""

    records: Counts = field(default_factory=Counts)
    documents: Counts = field(default_factory=Counts)
    artifacts: list[Artifact] = field(default_factory=list)
    samples: dict[int, bytes] = field(default_factory=dict)
    """Artifact number -> how the file begins, for a dry run."""
    rejects: list[Rejected] = field(default_factory=list)
    warnings: list[tuple[str, Problem]] = field(default_factory=list)
    """(document number, problem) of what goes on."""
    problem_counts: Counter[str] = field(default_factory=Counter)
    ordinals: tuple[int, int, int] = (0, 0, -1)
    """(number, sum, highest) of the ordinals of all rows: shows that none is lost and none is there twice."""
    elements: Ints | None = None
    """Where records have several rows: disposition of each record, the first that applies to one of its rows."""
    tallies: dict[str, tuple[Tally, Tally]] = field(default_factory=dict)
    """Target -> (due, done)."""
    actions: Counter[str] = field(default_factory=Counter)
    """What targets are told -> of how many documents."""
    shipped: Reported = field(default_factory=Reported)
    """What its shipments report as shipped."""
    stock: Taken = field(default_factory=Taken)
    """The figures of a file of stock."""
    taken: Counter[Place] = field(default_factory=Counter)
    """What its documents take of stock, in millionths."""
    waiting: Waiting = field(default_factory=Waiting)
    """What waits for stock."""
    settled: list[str] = field(default_factory=list)
    """Numbers of known documents that have open rejects and came through now."""
    still_held: set[str] = field(default_factory=set)
    """Those of them that are held now."""
    notes: tuple[str, ...] = ()
    """What is said of the files that were written."""


@dataclass(slots=True)
class Outputs:
    """The output files of one claim, or of several that are merged: one set for each target; a context manager."""

    targets: tuple[Target, ...]
    claim: Claim
    """Whose files they are."""
    folder: Path
    numbers: Numbers = field(default_factory=Numbers)
    files: list[TargetFiles] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Outputs:
        made = (TargetFiles(target, self.claim, self.folder, self.numbers) for target in self.targets)
        self.files = [self._open.enter_context(each) for each in made]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, fault, trace)

    def samples(self) -> dict[int, bytes]:
        """Return how the first files begin, by artifact number."""
        return {number: sample for target in self.files for number, sample in target.samples.items()}

    def artifacts(self) -> list[Artifact]:
        """Return the finished files; raises Clashed where documents cannot stand together in one."""
        ensure_no_clash(clash for target in self.files for clash in target.clashes)
        return sorted((made for target in self.files for made in target.artifacts), key=lambda made: made.number)


@dataclass(frozen=True, slots=True)
class Decided:
    """One file, decided upon."""

    claim: Claim
    layout: Layout
    spool: Spool
    facts: Facts


def make_batch(house: House, claim: Claim, plan: Plan, layout: Layout, spool: Spool, facts: Facts) -> Batch:
    """Finish every span and write its artifacts; documents are added to the ledger as they come."""
    decided = Decided(claim, layout, spool, facts)
    with Outputs(machine_of(plan).targets, claim, house.work.folder(claim.id)) as outputs:
        batch, left = finish_spans(house, plan, decided, outputs)
    batch.artifacts, batch.samples = outputs.artifacts(), outputs.samples()
    set_aside(house, plan, decided, (batch, left), outputs.numbers)
    return batch


@dataclass(slots=True)
class Left:
    """What a file leaves that does not go out."""

    collector: Collector = field(default_factory=Collector)
    held: list[Ints] = field(default_factory=list)


def finish_spans(house: House, plan: Plan, decided: Decided, outputs: Outputs) -> tuple[Batch, Left]:
    """Finish every span of a file and write what goes out."""
    claim, layout, spool, facts = decided.claim, decided.layout, decided.spool, decided.facts
    machine = machine_of(plan)
    batch, left = Batch(elements=_elements(layout)), Left()
    work = partial(_finish, spool, facts, plan)
    for index, (prepared, result) in enumerate(house.executor.map(work, range(len(spool)))):
        house.safe_point()
        span_facts = facts.spans[index]
        _settle(span_facts, result)
        written = [
            (target.target.name, column)
            for target, rendered in zip(outputs.files, result.targets, strict=True)
            for column in _by_document(
                target.add(rendered.fragment), rendered.fragment.documents, len(span_facts.disposition)
            )
        ]
        _count(batch, layout, prepared, span_facts, result)
        if machine.ships:
            batch.shipped.add(prepared, span_facts, (machine.ships, claim.channel), house.ledger.documents)
        batch.shipped.add_shown(prepared, span_facts, (machine.kind, claim.channel), facts.known)
        for target, rendered in zip(machine.targets, result.targets, strict=True):
            due, done = batch.tallies.get(target.name, (Tally(), Tally()))
            batch.tallies[target.name] = (due + rendered.due, done + rendered.done)
        left.collector.add(prepared, span_facts)
        held_before = sum(map(len, left.held))
        keeps = batch.waiting.add(prepared, span_facts, held_before, (facts, claim, machine.kind))
        left.held.append(_rows_of(prepared, keeps))
        block = document_block(prepared, span_facts, written, (keeps, held_before), (facts, claim))
        _add(house, claim, machine.kind, block)
        if machine.life.changes and not house.dry:
            _keep(house, claim, index, sent_block(prepared, span_facts, machine))
        if machine.life.stock is not None:
            take_down(batch.stock, prepared, span_facts, machine.life.stock)
        if machine.life.reserve is not None:
            add_taken(batch.taken, prepared, span_facts, machine, (claim, facts.known))
        if facts.known:
            batch.settled += _with_rejects(block.number, facts)
            held = (number for number, was in zip(block.number, block.disposition, strict=True) if was == _HELD)
            batch.still_held.update(_with_rejects(held, facts))
    return batch, left


def set_aside(house: House, plan: Plan, decided: Decided, made: tuple[Batch, Left], numbers: Numbers) -> None:
    """Write what does not go out, behind what does, and take note of it."""
    (batch, left), claim, layout, facts = made, decided.claim, decided.layout, decided.facts
    machine, collector = machine_of(plan), left.collector
    batch.warnings += batch.shipped.warnings
    batch.problem_counts.update(problem.code for _, problem in batch.shipped.warnings)
    place = (house.work.folder(claim.id), numbers)
    _broken(batch, layout, decided.spool, collector)
    batch.settled += _with_rejects((made.number for made in collector.alone()), facts)
    batch.rejects = collector.in_file_order(claim)
    batch.problem_counts.update([problem.code for reject in batch.rejects for problem in reject.problems])
    batch.artifacts += write_rejects(claim, layout, machine.set_aside, batch.rejects, place)
    books, batch.notes = write_workbook(claim, plan, layout, batch.rejects, place)
    batch.artifacts += books
    batch.artifacts += write_held(claim, layout, machine.set_aside, left.held, place)
    told = [(reject.number, problem) for reject in batch.rejects for problem in reject.problems]
    how = house.flow.pick_up[pick_up_of(house.flow, claim)].feedback
    batch.artifacts += write_feedback(claim, how, batch.records, (*told, *batch.warnings), place)
    _add_broken_documents(house, claim, machine.kind, batch)


def _add(house: House, claim: Claim, kind: str, block: DocumentBlock) -> None:
    if not house.dry:
        crashpoint("documents.add")
        house.ledger.documents.add(claim.id, kind, claim.channel, block)
        crashpoint("documents.added")


def _keep(house: House, claim: Claim, index: int, block: SentBlock | None) -> None:
    if block is not None:
        crashpoint("sent.add")
        house.ledger.sent.add(claim.id, index, block)
        crashpoint("sent.added")


def _with_rejects(numbers: Iterable[str], facts: Facts) -> list[str]:
    known = (number for number in numbers if number in facts.known and number not in facts.outdated)
    return [number for number in known if facts.known[number].open_rejects]


def _finish(spool: Spool, facts: Facts, plan: Plan, index: int) -> tuple[Prepared, ChunkResult]:
    decided = facts.spans[index]
    prepared = expand(as_before(spool.get(index), decided.moves), decided.pieces)
    return prepared, finish(prepared, decided.disposition, plan, decided.moves)


def _settle(facts: SpanFacts, result: ChunkResult) -> None:
    """Write down what the targets made of the documents that were to go out."""
    for row, problem in result.refused:
        facts.disposition[row] = REJECTED
        facts.problems.setdefault(row, []).append(problem)
    unwanted = (facts.disposition == OUT) & ~result.taken
    facts.disposition[unwanted] = FILTERED
    for row in np.flatnonzero(unwanted).tolist():
        changed = facts.moves is not None and facts.moves.action[row] == CHANGE
        facts.reason[row] = NOT_READ if changed else NOT_WANTED


def _by_document(numbers: Ints, documents: Ints, size: int) -> Iterator[Ints]:
    """Yield the artifact number of each document, 0 where it is in none; more than once where one has several."""
    while True:
        by_document = np.zeros(size, np.int64)
        by_document[documents[::-1]] = numbers[::-1]
        yield by_document
        left = by_document[documents] != numbers
        if not left.any():
            return
        numbers, documents = numbers[left], documents[left]


def _elements(layout: Layout) -> Ints | None:
    return None if layout.records is None else np.full(int(layout.records[-1]) + 1, VOID)


def _count(batch: Batch, layout: Layout, prepared: Prepared, facts: SpanFacts, result: ChunkResult) -> None:
    found = np.bincount(facts.disposition, minlength=VOID + 1)
    batch.documents += _counts(found, len(facts.disposition) - int(found[VOID]))
    batch.actions += _actions(facts, int(found[OUT]))
    by_record = facts.disposition[as_ints(prepared.lines, "_owner")]
    left_out = ~as_mask(prepared.lines, "_keep") | ~result.lines_taken
    by_record = np.where((by_record == OUT) & left_out, np.where(waits(prepared.lines), HELD, FILTERED), by_record)
    records = as_ints(prepared.lines, "_record")
    first = record_starts(records)
    if not first.all():  # OUT is the least: a record goes out if any of its lines does
        by_record, records = np.minimum.reduceat(by_record, np.flatnonzero(first)), records[first]
    _note_records(batch, layout, records, by_record)
    for row, problems in facts.problems.items():
        if facts.disposition[row] not in {REJECTED, VOID}:
            number = prepared.header.column("_number")[row].as_py()
            batch.warnings += [(number, problem) for problem in problems]
            batch.problem_counts.update(problem.code for problem in problems)


def _actions(facts: SpanFacts, out: int) -> Counter[str]:
    """Count what targets are told of the documents that go out."""
    if facts.moves is None:
        return Counter({ACTIONS[NEW]: out})
    return Counter(ACTIONS[action] for action in facts.moves.action[facts.disposition == OUT].tolist())


def _note_records(batch: Batch, layout: Layout, rows: Ints, disposition: Ints) -> None:
    """Take note of the disposition of some rows of the file; those of one record may lie in several spans."""
    alive = rows[disposition != VOID]
    number, total, highest = batch.ordinals
    batch.ordinals = (number + len(alive), total + int(alive.sum()), max(highest, int(alive.max(initial=-1))))
    if batch.elements is None or layout.records is None:
        batch.records += _counts(np.bincount(disposition, minlength=VOID + 1), len(alive))
    else:
        np.minimum.at(batch.elements, np.asarray(layout.records, np.int64)[rows], disposition)


def _counts(found: Ints, total: int) -> Counts:
    return Counts(total, int(found[OUT]), int(found[REJECTED]), int(found[FILTERED]), int(found[HELD]))


def _rows_of(prepared: Prepared, documents: np.ndarray) -> Ints:
    """Return (start, length) of every record of the given documents."""
    if not documents.any():
        return np.empty((0, 2), np.int64)
    rows = documents[as_ints(prepared.lines, "_owner")] & record_starts(as_ints(prepared.lines, "_record"))
    return np.column_stack([as_ints(prepared.lines, "_start")[rows], as_ints(prepared.lines, "_length")[rows]])


def _broken(batch: Batch, layout: Layout, spool: Spool, collector: Collector) -> None:
    """Count unreadable records: each is a rejected record; those of no readable document are documents of their own."""
    broken = spool.broken()
    collector.add_broken(broken)
    rows = np.array([record.record for record in broken], np.int64)
    _note_records(batch, layout, rows, np.full(len(rows), REJECTED))
    if batch.elements is not None:  # a record of which no row was seen makes the counts differ
        batch.records = _counts(np.bincount(batch.elements, minlength=VOID + 1), len(batch.elements))
    alone = sum(1 for made in collector.alone() if made.number)
    batch.documents += Counts(alone, rejected=alone)


def _add_broken_documents(house: House, claim: Claim, kind: str, batch: Batch) -> None:
    rows = [
        DocumentRow(
            made.number,
            Disposition.REJECTED,
            made.problems[0].code,
            "",
            None,
            made.file_line,
            made.first_record,
            len(made.broken),
            claim.as_of,
        )
        for made in batch.rejects
        if made.number and not len(made.rows)
    ]
    if rows:
        _add(house, claim, kind, DocumentBlock.of(rows))
