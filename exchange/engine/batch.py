"""Carries the decisions of one claim through `finish`: files in the work folder, counts, and what to remember."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from exchange.engine.decide import (
    FILTERED,
    HELD,
    OUT,
    REJECTED,
    VOID,
    Facts,
    SpanFacts,
)
from exchange.engine.effects import document_block
from exchange.engine.finish import ChunkResult, Tally, finish
from exchange.engine.house import House
from exchange.engine.outputs import Numbers, TargetFiles
from exchange.engine.packed import record_starts
from exchange.engine.prepared import Prepared, Spool, as_ints, as_mask
from exchange.engine.rejects import Collector, Rejected
from exchange.engine.setaside import write_held, write_rejects
from exchange.kernel.chunk import Ints
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.document_rows import DocumentBlock, DocumentRow
from exchange.kernel.layout import Layout
from exchange.kernel.model import Artifact, Claim, Counts, Disposition
from exchange.kernel.pipeline import machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem

NOT_WANTED = "no target takes it"


@dataclass(slots=True)
class Batch:
    """What one claim comes to: everything `balance`, `guard` and `seal` need."""

    records: Counts = field(default_factory=Counts)
    documents: Counts = field(default_factory=Counts)
    artifacts: list[Artifact] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)
    warnings: list[tuple[str, Problem]] = field(default_factory=list)
    """(document number, problem) of what goes on."""
    problem_counts: Counter[str] = field(default_factory=Counter)
    ordinals: tuple[int, int] = (0, -1)
    """(sum, highest) of the ordinals of all records: shows that none is lost and none is there twice."""
    tallies: dict[str, tuple[Tally, Tally]] = field(default_factory=dict)
    """Target -> (due, done)."""
    settled: list[str] = field(default_factory=list)
    """Numbers of known documents that have open rejects and came through now."""


def make_batch(house: House, claim: Claim, plan: Plan, layout: Layout, spool: Spool, facts: Facts) -> Batch:
    """Finish every span and write its artifacts; documents are added to the ledger as they come."""
    machine = machine_of(plan)
    folder = house.work.folder(claim.id)
    batch, numbers, collector = Batch(), Numbers(), Collector()
    held: list[Ints] = []
    with ExitStack() as files:
        targets = [files.enter_context(TargetFiles(t, claim, folder, numbers)) for t in machine.targets]
        work = partial(_finish, spool, facts, plan)
        for index, (prepared, result) in enumerate(house.executor.map(work, range(len(spool)))):
            house.safe_point()
            span_facts = facts.spans[index]
            _settle(span_facts, result)
            written = [
                (target.target.name, column)
                for target, rendered in zip(targets, result.targets, strict=True)
                for column in _by_document(
                    target.add(rendered.fragment), rendered.fragment.documents, len(span_facts.disposition)
                )
            ]
            _count(batch, prepared, span_facts, result)
            for target, rendered in zip(machine.targets, result.targets, strict=True):
                due, done = batch.tallies.get(target.name, (Tally(), Tally()))
                batch.tallies[target.name] = (due + rendered.due, done + rendered.done)
            collector.add(prepared, span_facts)
            held_before = sum(map(len, held))
            held.append(_rows_of(prepared, span_facts.disposition == HELD))
            block = document_block(prepared, span_facts, written, held_before, (facts, claim))
            if not house.dry:
                crashpoint("documents.add")
                house.ledger.documents.add(claim.id, machine.kind, claim.channel, block)
                crashpoint("documents.added")
            if facts.known:
                batch.settled += _with_rejects(block.number, facts)
    _broken(batch, spool, collector)
    batch.settled += _with_rejects((made.number for made in collector.alone()), facts)
    batch.rejects = collector.in_file_order(claim)
    for reject in batch.rejects:
        batch.problem_counts.update(problem.code for problem in reject.problems)
    batch.artifacts = sorted((made for target in targets for made in target.artifacts), key=lambda made: made.number)
    batch.artifacts += write_rejects(claim, layout, machine.set_aside, batch.rejects, (folder, numbers))
    batch.artifacts += write_held(claim, layout, machine.set_aside, held, (folder, numbers))
    _add_broken_documents(house, claim, machine.kind, batch)
    return batch


def _with_rejects(numbers: Iterable[str], facts: Facts) -> list[str]:
    return [number for number in numbers if number in facts.known and facts.known[number].open_rejects]


def _finish(spool: Spool, facts: Facts, plan: Plan, index: int) -> tuple[Prepared, ChunkResult]:
    prepared = spool.get(index)
    return prepared, finish(prepared, facts.spans[index].disposition, plan)


def _settle(facts: SpanFacts, result: ChunkResult) -> None:
    """Write down what the targets made of the documents that were to go out."""
    for row, problem in result.refused:
        facts.disposition[row] = REJECTED
        facts.problems.setdefault(row, []).append(problem)
    unwanted = (facts.disposition == OUT) & ~result.taken
    facts.disposition[unwanted] = FILTERED
    for row in np.flatnonzero(unwanted).tolist():
        facts.reason[row] = NOT_WANTED


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


def _count(batch: Batch, prepared: Prepared, facts: SpanFacts, result: ChunkResult) -> None:
    found = np.bincount(facts.disposition, minlength=VOID + 1)
    alive = len(facts.disposition) - int(found[VOID])
    batch.documents += Counts(alive, int(found[OUT]), int(found[REJECTED]), int(found[FILTERED]), int(found[HELD]))
    by_record = facts.disposition[as_ints(prepared.lines, "_owner")]
    left_out = ~as_mask(prepared.lines, "_keep") | ~result.lines_taken
    by_record = np.where((by_record == OUT) & left_out, FILTERED, by_record)
    records = as_ints(prepared.lines, "_record")
    first = record_starts(records)
    if not first.all():  # OUT is the least: a record goes out if any of its lines does
        by_record, records = np.minimum.reduceat(by_record, np.flatnonzero(first)), records[first]
    _note_ordinals(batch, records[by_record != VOID])
    found = np.bincount(by_record, minlength=VOID + 1)
    alive = len(by_record) - int(found[VOID])
    batch.records += Counts(alive, int(found[OUT]), int(found[REJECTED]), int(found[FILTERED]), int(found[HELD]))
    for row, problems in facts.problems.items():
        if facts.disposition[row] not in {REJECTED, VOID}:
            number = prepared.header.column("_number")[row].as_py()
            batch.warnings += [(number, problem) for problem in problems]
            batch.problem_counts.update(problem.code for problem in problems)


def _note_ordinals(batch: Batch, records: Ints) -> None:
    total, highest = batch.ordinals
    batch.ordinals = (total + int(records.sum()), max(highest, int(records.max(initial=-1))))


def _rows_of(prepared: Prepared, documents: np.ndarray) -> Ints:
    """Return (start, length) of every record of the given documents."""
    if not documents.any():
        return np.empty((0, 2), np.int64)
    rows = documents[as_ints(prepared.lines, "_owner")] & record_starts(as_ints(prepared.lines, "_record"))
    return np.column_stack([as_ints(prepared.lines, "_start")[rows], as_ints(prepared.lines, "_length")[rows]])


def _broken(batch: Batch, spool: Spool, collector: Collector) -> None:
    """Count unreadable records: each is a rejected record; those of no readable document are documents of their own."""
    broken = [record for index in range(len(spool)) for record in spool.get(index, lines=False).broken]
    collector.add_broken(broken)
    batch.records += Counts(len(broken), rejected=len(broken))
    _note_ordinals(batch, np.array([record.record for record in broken], np.int64))
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
    if rows and not house.dry:
        house.ledger.documents.add(claim.id, kind, claim.channel, DocumentBlock.of(rows))
