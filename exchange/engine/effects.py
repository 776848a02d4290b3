"""What the ledger is told of each document of a span: built by columns, because a file holds hundreds of thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from exchange.engine.ages import ages_of
from exchange.engine.chosen import GOES_TO, goes_to
from exchange.engine.facts import CODES, FILTERED, HELD, OUT, REJECTED, VOID, Facts, SpanFacts, as_of_document
from exchange.engine.handed import parted, selected
from exchange.engine.moves import ACTIONS, CHANGE, NEW
from exchange.engine.prepared import Prepared, as_ints
from exchange.engine.sent import kept as as_kept
from exchange.engine.waiting import held_places
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.document_rows import DocumentBlock, Outcome
from exchange.kernel.model import Claim
from exchange.kernel.pipeline import Machine
from exchange.kernel.sent_rows import SentBlock

_MOST = 2**62
Files = Sequence[tuple[str, Ints]]
_WORDS = ("", *(code.value for code in CODES[1:]), "")
"""Reason where no other was given: nothing for what goes out, else the disposition's own name."""


def document_block(
    prepared: Prepared, facts: SpanFacts, written: Files, kept: tuple[Mask, int], whose: tuple[Facts, Claim]
) -> DocumentBlock:
    """Return the documents of one span that have a number.

    `written`: (target, artifact number of each document, 0 where it is in none), several for a target whose documents
    may stand in several files. `kept`: which documents have rows in the file of held rows, and how many rows of
    other spans stand before them.
    """
    header, disposition = prepared.header, facts.disposition
    number = header.column("_number").combine_chunks()
    stays = (disposition != VOID) & (number.to_numpy(zero_copy_only=False) != "")
    counts = prepared.numbers("_rows")
    held = held_places(prepared, *kept)
    first = np.where(disposition == HELD, held, prepared.numbers("_first"))
    outcomes, which = _outcomes(prepared, facts, written, whose)
    rows = np.flatnonzero(stays)
    taken = header.take(rows) if len(rows) < len(disposition) else header
    words = np.array([*(code.value for code in CODES), ""], object)
    return DocumentBlock(
        number=taken.column("_number").to_pylist(),
        disposition=words[disposition[rows]].tolist(),
        content_hash=taken.column("_hash").to_pylist(),
        file_line=taken.column("_line").to_pylist(),
        first_record=first[rows].tolist(),
        records=counts[rows].tolist(),
        outcome=which[rows].tolist(),
        outcomes=outcomes,
    )


def _outcomes(
    prepared: Prepared, facts: SpanFacts, written: Files, whose: tuple[Facts, Claim]
) -> tuple[tuple[Outcome, ...], Ints]:
    """Return the distinct outcomes and which of them each document has."""
    all_facts, claim = whose
    disposition = facts.disposition
    said = facts.reason.copy()
    for row in np.flatnonzero(disposition == REJECTED).tolist():
        said[row] = facts.problems[row][0].code
    reasons: dict[str, int] = {}
    reason = np.fromiter((reasons.setdefault(text, len(reasons)) for text in said), np.int64, len(said))
    sent = disposition == OUT if facts.sent is None else (disposition == OUT) | facts.sent
    ages = {claim.as_of: 0}
    age = np.zeros(len(said), np.int64)
    own = ages_of(prepared, np.arange(len(said)))
    if all_facts.returned or all_facts.late or own:
        numbers = enumerate(prepared.header.column("_number").to_pylist())
        moments = (as_of_document(all_facts, number, claim, own.get(row)) for row, number in numbers)
        age = np.fromiter((ages.setdefault(moment, len(ages)) for moment in moments), np.int64, len(said))
    action = np.zeros(len(said), np.int64) if facts.moves is None else facts.moves.action
    columns = [disposition, reason, sent, age, action, *(numbers for _, numbers in written)]
    first, which = _distinct(columns)
    names, texts, moments_by_number = [name for name, _ in written], list(reasons), list(ages)
    made = tuple(
        Outcome(
            reason=texts[why] or _WORDS[code],
            action=ACTIONS[what] if code == OUT else "",
            as_of=moments_by_number[when],
            outputs=",".join(f"{name}:{number}" for name, number in zip(names, numbers, strict=True) if number),
            sent=bool(is_sent),
        )
        for code, why, is_sent, when, what, *numbers in zip(
            *(column[first].tolist() for column in columns), strict=True
        )
    )
    return made, which


def sent_block(prepared: Prepared, facts: SpanFacts, machine: Machine) -> SentBlock | None:
    """Return the documents of one span that count as sent from now on, as each target has them; None for none."""
    which = facts.disposition == OUT if facts.sent is None else facts.sent
    if facts.moves is not None:
        which &= np.isin(facts.moves.action, (NEW, CHANGE))
    if not which.any():
        return None
    disposition = np.where(which, OUT, FILTERED)
    owner = as_ints(prepared.lines, "_owner")
    targets, takes = {}, {}
    for target in machine.targets:
        lines = takes[target.name] = selected(prepared, disposition, target)[1]
        has = np.zeros(len(which), bool)
        has[owner[lines]] = True
        targets[target.name] = has
    if any(target.only_header or target.only_lines for target in machine.targets):
        prepared = replace(prepared, lines=prepared.lines.append_column(GOES_TO, goes_to(takes)))
    before = None if facts.moves is None else facts.moves.recalled
    return as_kept(prepared, which, parted(prepared, disposition, machine, facts.moves), targets, before)


def _distinct(columns: list[Ints]) -> tuple[Ints, Ints]:
    """Return a row of each distinct combination, and which combination each row has."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        width = int(column.max(initial=0)) + 1
        if int(key.max(initial=0)) >= _MOST // width:  # many ages and reasons: number what there is
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
        key = key * width + column
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return first, which
