"""Makes the output files of a claim once more, from its archived original, in a folder of their own: to find a place
of a file again. Nothing is delivered or recorded; what went out is what the ledger says went out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
import pyarrow as pa

from exchange.assemble.explain_moves import Told
from exchange.engine.batch import Outputs
from exchange.engine.facts import FILTERED, OUT, VOID
from exchange.engine.finish import finish
from exchange.engine.gather import gather
from exchange.engine.line_numbers import as_before
from exchange.engine.outputs import TargetFiles
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Prepared, Spool, as_ints
from exchange.kernel.chunk import CellFailure, Fragment, Ints
from exchange.kernel.layout import Layout
from exchange.kernel.model import Artifact, Claim
from exchange.kernel.pipeline import Columns, Target, Written, machine_of
from exchange.kernel.plan import Plan

Range = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One document, or part of one, in an output file."""

    source: int
    """Which of the sources it comes from."""
    span: int
    document: int
    """Row in the span's documents."""
    part: int
    """Which part of the document it is, from 0."""
    records: int
    """What it counts for in the file: rows, objects, elements."""
    begin: int
    """Where its text begins, counted from the first record's."""
    length: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Source:
    """One original that went into the files."""

    claim: Claim
    path: Path
    layout: Layout
    folder: Path
    """Where its prepared documents are kept meanwhile."""
    told: Told
    """What was told of its documents that went into them."""


@dataclass(slots=True)
class Remade:
    """One output file, made once more."""

    artifact: Artifact | None = None
    """None where today's configuration makes no such file."""
    target: int = 0
    """Which delivery of the flow it is of."""
    entries: list[Entry] = field(default_factory=list)
    """In the order of the file."""
    first: bytes = b""
    """The text of the first entry."""
    spools: list[Spool] = field(default_factory=list)
    """By source."""

    def ranges(self, entry: Entry) -> list[Range]:
        """Return where the records of an entry's document lie in its source."""
        lines = self.spools[entry.source].get(entry.span).lines
        rows = np.flatnonzero(as_ints(lines, "_owner") == entry.document)
        columns = (as_ints(lines, name)[rows].tolist() for name in ("_start", "_length", "_record", "_line"))
        return list(dict.fromkeys(zip(*columns, strict=True)))


@dataclass(slots=True)
class _Files:
    """The entries of the wanted target's files."""

    wanted: Artifact
    entries: dict[int, list[Entry]] = field(default_factory=dict)
    """By artifact number."""
    firsts: dict[int, bytes] = field(default_factory=dict)

    def add(self, target: TargetFiles, fragment: Fragment, source: int, span: int) -> None:
        """Write a fragment and remember in which file each of its entries is."""
        numbers = target.add(fragment).tolist()
        if (target.target.endpoint, target.target.folder) != (self.wanted.endpoint, self.wanted.folder):
            return
        for number, entry in zip(numbers, entries_of(fragment, source, span), strict=True):
            if number not in self.entries:
                self.firsts[number] = bytes(fragment.data[entry.begin : entry.begin + entry.length])
            self.entries.setdefault(number, []).append(entry)


def remake(plan: Plan, claim: Claim, wanted: Artifact, sources: Sequence[Source], folder: Path) -> Remade:
    """Make the files of a claim anew and return the one that is wanted; several sources were merged."""
    made, files = Remade(), _Files(wanted)
    plan = brief(plan, wanted)
    with Outputs(machine_of(plan).targets, claim, folder) as outputs:
        for number, source in enumerate(sources):
            spool, void = _spooled(plan, source)
            made.spools.append(spool)
            for span in range(len(spool)):
                prepared = spool.get(span)
                disposition = _disposition(prepared, source.told, _rows(void, span))
                moves = source.told.moves(prepared)
                result = finish(as_before(prepared, moves), disposition, plan, moves)
                for target, rendered in zip(outputs.files, result.targets, strict=True):
                    files.add(target, rendered.fragment, number, span)
    outputs.artifacts()  # raises where documents cannot stand together in a file
    known = [(place, artifact) for place, each in enumerate(outputs.files) for artifact in each.artifacts]
    for place, artifact in known:
        if (artifact.endpoint, artifact.folder, artifact.name) == (wanted.endpoint, wanted.folder, wanted.name):
            made.artifact, made.target = artifact, place
            made.entries = placed(files.entries.get(artifact.number, []))
            made.first = files.firsts.get(artifact.number, b"")
    return made


def brief(plan: Plan, wanted: Artifact) -> Plan:
    """Return a plan by which every other target maps and writes nothing: of those, no byte is asked for."""
    machine, place = machine_of(plan), (wanted.endpoint, wanted.folder)
    targets = tuple(
        target if (target.endpoint, target.folder) == place else _silent(target) for target in machine.targets
    )
    brief = replace(machine, targets=targets)
    return replace(plan, version=f"{plan.version} {'/'.join(place)}", build=lambda _: brief)


def _silent(target: Target) -> Target:
    return replace(target, written=_SILENT, map_header=_unmapped, map_lines=_unmapped, marks={}, file_per=())


def _unmapped(columns: Columns, count: int) -> tuple[dict[str, pa.Array], list[CellFailure]]:
    del columns, count
    return {}, []


def _unwritten(header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
    del header, lines, owner
    none = np.zeros(0, np.int64)
    return Fragment(b"", none, none, none), []


_SILENT = Written(b"", b"", _unwritten)
"""Writes nothing."""


def _spooled(plan: Plan, source: Source) -> tuple[Spool, set[tuple[int, int]]]:
    spool = Spool(source.folder)
    for span in machine_of(plan).reader.spans(source.layout):
        spool.add(prepare(span, source.layout, plan))
    void, gathered = gather(spool, source.layout, plan)
    for prepared in gathered:
        spool.add(prepared)
    return spool, void


def _rows(void: set[tuple[int, int]], span: int) -> list[int]:
    return [row for place, row in void if place == span]


def _disposition(prepared: Prepared, told: Told, void: list[int]) -> Ints:
    """Return what went out then, whatever today's rules would say."""
    known = prepared.header.column("_number").to_pylist()
    made: Ints = np.array([OUT if number in told.actions else FILTERED for number in known], np.int64)
    made[void] = VOID
    return made


def entries_of(fragment: Fragment, source: int, span: int) -> Iterator[Entry]:
    """Yield the entries of a fragment; each begins where it does in the fragment."""
    begin, before, part = 0, -1, 0
    documents, records = fragment.documents.tolist(), fragment.records.tolist()
    for document, count, end in zip(documents, records, fragment.ends.tolist(), strict=True):
        part = part + 1 if document == before else 0
        yield Entry(source, span, document, part, count, begin, end - begin)
        begin, before = end, document


def placed(entries: list[Entry]) -> list[Entry]:
    """Return the entries of one file with where each begins in it."""
    ends = accumulate(entry.length for entry in entries)
    return [replace(entry, begin=end - entry.length) for entry, end in zip(entries, ends, strict=True)]
