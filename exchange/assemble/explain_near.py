"""Makes only what stands around a place of a delivered file once more: a large file costs as little as a small one.

Where the documents stand is guessed from the ledger, and proven by their bytes: made by the configuration that made the
file, they stand in it exactly once. Wherever that cannot be shown there is nothing to tell, and the whole has to be
made: of files that are no text, that another configuration made, of rows that lie apart, of lines that are all alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from mmap import ACCESS_READ, mmap

import numpy as np

from exchange.assemble.explain_remake import Entry, Remade, Source, brief, entries_of, placed
from exchange.assemble.explain_whole import Making
from exchange.assemble.explain_works import Original, Place, Work
from exchange.assemble.sources import version_of
from exchange.config.formats import XlsxFormat, XmlFormat
from exchange.engine.facts import FILTERED, OUT
from exchange.engine.finish import finish
from exchange.engine.line_numbers import as_before
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Prepared, Spool
from exchange.kernel.chunk import Fragment
from exchange.kernel.document_rows import DocumentRow
from exchange.kernel.layout import Layout
from exchange.kernel.model import Span
from exchange.kernel.naming import placeholder
from exchange.kernel.pipeline import Machine, Target

AROUND = 50
"""Documents that are made on either side of the one that is guessed."""
MOST_RECORDS = 20_000
"""Records of the source that are read for them."""
TRIES = 4
"""Guesses; the second nearly always fits where the first does not."""
_BLOCK = 1024 * 1024
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_Documents = Sequence[tuple[Original, DocumentRow]]


@dataclass(frozen=True, slots=True)
class _Made:
    """Documents that stand one behind the other in the file, made once more."""

    text: bytes
    entries: list[Entry]
    source: Source
    prepared: Prepared


def near(making: Making, originals: Sequence[Original], place: Place) -> tuple[Work, Place] | None:
    """Return an excerpt of a delivered file in the file's stead, and the place in it; None where the whole is needed.

    Of an excerpt that comes out as it was sent it is not said that the rest does.
    """
    artifact, target = making.made.delivery.artifact, _target(making)
    if making.made.content is None or not artifact.size or target is None or not _as_it_was(making, originals):
        return None
    wanted = f"{making.machine.targets[target].name}:{artifact.number}"
    documents = [(each, row) for each in originals for row in each.rows if wanted in row.outputs.split(",")]
    with making.made.content.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        form = making.plan.sources.outbound[target].mapping.format
        if not documents or isinstance(form, XlsxFormat) or (not isinstance(form, XmlFormat) and _odd(content)):
            return None
        offset = line_start(content, place.line)
        found = None if offset is None else _found(making, (target, documents), content, offset)
        return None if found is None else _excerpt(making, target, content, found, place)


def line_start(content: mmap, line: int) -> int | None:
    """Return where a line begins, from 1; None where the file has fewer."""
    at, left = 0, line - 1
    while left:
        block = content[at : at + _BLOCK]
        count = block.count(b"\n")
        if not block:
            return None
        if count < left:
            at, left = at + len(block), left - count
            continue
        for _ in range(left):
            at = content.find(b"\n", at) + 1
        left = 0
    return at if at < len(content) else None


def _target(making: Making) -> int | None:
    artifact, targets = making.made.delivery.artifact, enumerate(making.machine.targets)
    found = [at for at, each in targets if (each.endpoint, each.folder) == (artifact.endpoint, artifact.folder)]
    return found[0] if len(found) == 1 else None


def _as_it_was(making: Making, originals: Sequence[Original]) -> bool:
    """Tell whether the file would come out as it did, from originals whose records the ledger counts."""
    versions = making.made.sealed.versions
    same = bool(versions) and version_of(making.root, [*versions, *making.plan.files]) == dict(versions)
    return same and all(each.claim.id == each.teller.id for each in originals)


def _odd(content: mmap) -> bool:
    """Tell whether lines are counted otherwise than by line feeds."""
    return _LONE_RETURN.search(content) is not None


def _found(making: Making, what: tuple[int, _Documents], content: mmap, offset: int) -> tuple[int, _Made] | None:
    """Return documents around a byte of the file and where in it they begin."""
    target, documents = what
    weights = np.cumsum([row.records + 1 for _, row in documents])  # about how much of the file each takes
    weight = offset / len(content) * float(weights[-1])
    for _ in range(TRIES):
        at = min(int(np.searchsorted(weights, weight)), len(documents) - 1)
        first, stop = _around(documents, at)
        places = [
            (begin, made)
            for made in _made(making, target, documents[first:stop])
            if (begin := content.find(made.text)) >= 0 and content.find(made.text, begin + 1) < 0
        ]
        if len(places) != 1:
            return None
        [(begin, made)] = places
        if begin <= offset < begin + len(made.text):
            return begin, made
        before = float(weights[first - 1]) if first else 0.0
        weight = before + (offset - begin) * (float(weights[stop - 1]) - before) / len(made.text)
    return None


def _around(documents: _Documents, at: int) -> tuple[int, int]:
    """Return the first document that is made and the one behind the last: they are of one source."""
    whose = documents[at][0]
    first, stop = at, at + 1
    while first and at - first < AROUND and documents[first - 1][0] is whose:
        first -= 1
    while stop < len(documents) and stop - at <= AROUND and documents[stop][0] is whose:
        stop += 1
    return first, stop


def _made(making: Making, place: int, documents: _Documents) -> Iterator[_Made]:
    """Yield documents as they stand in a file; where they may stand in several files, for each of those."""
    rows = [row for _, row in documents]
    first, stop = rows[0].first_record, rows[-1].first_record + rows[-1].records
    apart = any(one.first_record + one.records > other.first_record for one, other in pairwise(rows))
    if apart or stop - first > MOST_RECORDS:
        return
    source = making.source(documents[0][0], rows, making.folder)
    span = _span(making.machine, source.layout, first, stop)
    if span is None:
        return
    prepared = prepare(span, source.layout, making.plan)
    if not _are(prepared, rows):
        return
    known, wanted = prepared.header.column("_number").to_pylist(), {row.number for row in rows}
    disposition = np.array([OUT if number in wanted else FILTERED for number in known], np.int64)
    moves = source.told.moves(prepared)
    plan = brief(making.plan, making.made.delivery.artifact)
    fragment = finish(as_before(prepared, moves), disposition, plan, moves).targets[place].fragment
    for entries in _by_file(fragment, making.machine.targets[place]):
        text = b"".join(fragment.data[each.begin : each.begin + each.length] for each in entries)
        yield _Made(text, placed(entries), source, prepared)


def _span(machine: Machine, layout: Layout, first: int, stop: int) -> Span | None:
    """Return the span of some records, the last one left out."""
    ranges: list[tuple[int, int, int, int]] = []
    exact = False
    for span, following in pairwise(chain(machine.reader.spans(layout), [None])):
        if span is None or span.ranges[0][2] >= stop:
            break
        if following is not None and following.ranges[0][2] <= first:
            continue
        at = machine.reader.parse(span, layout).positions
        rows = np.flatnonzero((at.record >= first) & (at.record < stop))
        if len(rows):
            begin, last = int(at.start[rows[0]]), rows[-1]
            length = int(at.start[last] + at.length[last]) - begin
            ranges.append((begin, length, int(at.record[rows[0]]), int(at.file_line[rows[0]])))
            exact |= span.exact
    return Span(layout.path, tuple(ranges), exact=exact) if ranges else None


def _are(prepared: Prepared, rows: Sequence[DocumentRow]) -> bool:
    """Tell whether documents that were read are the ones that the ledger knows, record for record."""
    columns = (prepared.header.column("_number").to_pylist(), prepared.numbers("_first"), prepared.numbers("_rows"))
    wanted = {row.number for row in rows}
    found = [
        (number, int(first), int(count)) for number, first, count in zip(*columns, strict=True) if number in wanted
    ]
    return found == [(row.number, row.first_record, row.records) for row in rows]


def _by_file(fragment: Fragment, target: Target) -> Iterator[list[Entry]]:
    entries = list(entries_of(fragment, 0, 0))
    columns = [fragment.marks[placeholder(name)] for name in target.file_per]
    marks = list(zip(*columns, strict=True)) if columns else [()] * len(entries)
    for group in dict.fromkeys(marks):
        yield [entry for entry, mark in zip(entries, marks, strict=True) if mark == group]


def _excerpt(
    making: Making, target: int, content: mmap, found: tuple[int, _Made], place: Place
) -> tuple[Work, Place] | None:
    """Return a file of these documents alone, below the header that every file of the target has."""
    begin, made = found
    header = making.machine.targets[target].written.header
    if content[: len(header)] != header or (begin > len(header) and content[begin - 1 : begin] != b"\n"):
        return None
    left_out = sum(content[at : min(at + _BLOCK, begin)].count(b"\n") for at in range(len(header), begin, _BLOCK))
    file = making.folder / "excerpt"
    file.write_bytes(header + made.text)
    spool = Spool(making.folder)
    spool.add(made.prepared)
    first = made.text[: made.entries[0].length]
    again = Remade(making.made.delivery.artifact, target, made.entries, first, [spool])
    work = Work(making.root, making.made, making.plan, target, again, [made.source], file)
    return work, replace(place, line=place.line - left_out)
