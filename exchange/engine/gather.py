"""Brings documents together whose rows lie in different spans: their rows are read again, side by side."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exchange.engine.packed import record_starts
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Prepared, Spool, as_ints
from exchange.engine.repeated import Place, repeated
from exchange.kernel.chunk import Ints
from exchange.kernel.layout import Layout
from exchange.kernel.limits import GATHER_ROWS
from exchange.kernel.model import Span
from exchange.kernel.plan import Plan


def gather(spool: Spool, layout: Layout, plan: Plan) -> tuple[set[Place], list[Prepared]]:
    """Return the places (span, document row) that are void now, and the documents made of them instead.

    Nearly always nothing: spans are cut on document borders, so this is for exports that are not sorted by document.
    """
    places = _scattered(spool)
    if not places:
        return set(), []
    void = {place for group in places for place in group}
    return void, [prepare(span, layout, plan) for span in _spans(spool, layout, places)]


def _scattered(spool: Spool) -> list[list[Place]]:
    """Return, for each document that occurs in several spans, its places; in order of first appearance."""
    if len(spool) < 2:
        return []
    keys = [spool.get(index, lines=False).header.column("_key").combine_chunks() for index in range(len(spool))]
    return list(repeated(keys).values())


def _spans(spool: Spool, layout: Layout, groups: list[list[Place]]) -> Iterator[Span]:
    """Yield spans of the scattered rows, whole documents together, about GATHER_ROWS rows each."""
    rows = _rows_of(spool, groups)
    document, ranges = rows[:, 0], rows[:, 1:]
    sizes = np.bincount(document)
    bucket_of = np.cumsum(sizes) // GATHER_ROWS
    for bucket in np.unique(bucket_of).tolist():
        chosen = ranges[bucket_of[document] == bucket]
        chosen = chosen[np.argsort(chosen[:, 2])]
        yield Span(layout.path, tuple(map(tuple, chosen.tolist())))


def _rows_of(spool: Spool, groups: list[list[Place]]) -> Ints:
    """Return (document, start, length, record, physical line) of each scattered row."""
    by_span: dict[int, dict[int, int]] = {}
    for document, places in enumerate(groups):
        for span, row in places:
            by_span.setdefault(span, {})[row] = document
    found = []
    for span, documents in by_span.items():
        lines = spool.get(span).lines
        owner = as_ints(lines, "_owner")
        number = np.full(int(owner.max(initial=-1)) + 1, -1, np.int64)
        number[list(documents)] = list(documents.values())
        rows = np.flatnonzero((number[owner] >= 0) & record_starts(as_ints(lines, "_record")))
        columns = [as_ints(lines, name)[rows] for name in ("_start", "_length", "_record", "_line")]
        found.append(np.column_stack([number[owner[rows]], *columns]))
    made: Ints = np.concatenate(found)
    return made
