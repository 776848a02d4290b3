"""What becomes of a document that was sent before and comes again: nothing, a change, a cancellation, or a problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from exchange.engine.facts import FILTERED, HELD, OUT, SpanFacts, refuse
from exchange.engine.moves import ACTIONS, CANCEL, CHANGE, NEW, RETURN, Moves
from exchange.engine.prepared import Prepared
from exchange.engine.sent import Blocks, recall
from exchange.engine.shipped import SHIPPED, SHOWN
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.pipeline import Life
from exchange.kernel.problems import Problem

UNCHANGED = "sent before, unchanged"
SHIPPED_BEFORE = "shipped: not sent again"


def repeat(facts: SpanFacts, header: pa.Table, row: int, known: KnownDocument, life: Life) -> int:
    """Decide on one document that was sent before; returns its action: new where its targets are told nothing."""
    gone, content = header.column("_gone")[row].as_py(), header.column("_hash")[row].as_py()
    if known.sent_action in {ACTIONS[CANCEL], ACTIONS[RETURN]}:
        return _after_the_end(facts, header, row, known)
    if gone:
        what = life.taken_back.get(gone, ACTIONS[CANCEL]) if life.changes else "problem"
        return _taken_back(facts, header, row, known, what)
    same = known.sent_hash in {None, content} and not _adds(life)
    return pass_over(facts, row, UNCHANGED) if same else _changed(facts, header, row, known, life)


def _adds(life: Life) -> bool:
    """Tell whether the same content once more is another message: `5 more` twice is ten."""
    return life.stock is not None and life.stock.mode == "delta"


def _changed(facts: SpanFacts, header: pa.Table, row: int, known: KnownDocument, life: Life) -> int:
    if life.changes and _shipped(header, row, known):
        return _ask(facts, header, row, known, "CHANGED_AFTER_SHIPPED")
    if facts.disposition[row] == FILTERED:
        return pass_over(facts, row, facts.reason[row])
    if life.replaces:
        return NEW
    if not life.changes or facts.sent is not None:
        return _ask(facts, header, row, known, "REPEAT_CHANGED")
    return NEW if facts.disposition[row] == HELD else CHANGE


def _after_the_end(facts: SpanFacts, header: pa.Table, row: int, known: KnownDocument) -> int:
    """A document that was cancelled stays so: what comes of it later is told to nobody, or asked of a person."""
    if header.column("_gone")[row].as_py() or facts.disposition[row] != OUT:
        return pass_over(facts, row, f"told before: {known.sent_action}")
    return _ask(facts, header, row, known, "REOPENED")


def _taken_back(facts: SpanFacts, header: pa.Table, row: int, known: KnownDocument, what: str) -> int:
    if what == "problem":
        return _ask(facts, header, row, known, "CHANGED_AFTER_SENT")
    if what == "cancel" and _shipped(header, row, known):
        return _ask(facts, header, row, known, "CHANGED_AFTER_SHIPPED")
    if facts.sent is not None:
        return pass_over(facts, row, facts.reason[row])
    facts.disposition[row] = OUT
    facts.reason[row] = ""
    return CANCEL if what == "cancel" else RETURN


def _shipped(header: pa.Table, row: int, known: KnownDocument) -> bool:
    if known.shipped:
        return True
    return SHOWN in header.column_names and header.column(SHOWN)[row].as_py() == SHIPPED


def pass_over(facts: SpanFacts, row: int, reason: str) -> int:
    """Filter a document: its targets are told nothing."""
    facts.disposition[row] = FILTERED
    facts.reason[row] = reason
    if facts.sent is not None:
        facts.sent[row] = False
    return NEW


def _ask(facts: SpanFacts, header: pa.Table, row: int, known: KnownDocument, code: str) -> int:
    line, record = header.column("_line")[row].as_py(), header.column("_first")[row].as_py()
    now = header.column("_gone")[row].as_py() or "changed"
    detail: dict[str, object] = {"claim": known.sent_claim, "status": now}
    refuse(facts, row, Problem(code, line, record, None, known.number, detail))
    return NEW


def recalled(
    spans: Sequence[SpanFacts],
    headers: Sequence[Prepared],
    actions: Sequence[Mapping[int, int]],
    known: Mapping[str, KnownDocument],
    blocks: Blocks,
) -> None:
    """Give each span its moves: what was sent of the documents that are changed or cancelled.

    `actions`: for each span, row -> action. What was sent before it was kept cannot be compared, and is a problem.
    """
    told = [{row: action for row, action in rows.items() if action != NEW} for rows in actions]
    numbers = [
        {row: prepared.header.column("_number")[row].as_py() for row in rows}
        for prepared, rows in zip(headers, told, strict=True)
    ]
    wanted = {number: known[number].sent_claim or "" for rows in numbers for number in rows.values()}
    if not wanted:
        return
    found = recall(blocks, wanted, numbers)
    for facts, prepared, rows, before in zip(spans, headers, told, found, strict=True):
        there = set() if before is None else set(before.document.tolist())
        for row in rows:
            if row not in there:
                number = prepared.header.column("_number")[row].as_py()
                _ask(facts, prepared.header, row, known[number], "REPEAT_CHANGED")
        if before is not None:
            action = np.full(len(facts.disposition), NEW)
            for row in there:
                action[row] = rows[row]
            facts.moves = Moves(action, before)
