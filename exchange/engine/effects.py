"""What the ledger is told of each document of a span: built by columns, because a file holds hundreds of thousands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from exchange.engine.decide import CODES, HELD, OUT, REJECTED, VOID, Facts, SpanFacts, as_of_document
from exchange.engine.prepared import Prepared
from exchange.kernel.chunk import Ints
from exchange.kernel.document_rows import DocumentBlock, Outcome
from exchange.kernel.model import Claim

Files = Sequence[tuple[str, Ints]]
_WORDS = ("", *(code.value for code in CODES[1:]), "")
"""Reason where no other was given: nothing for what goes out, else the disposition's own name."""


def document_block(
    prepared: Prepared, facts: SpanFacts, written: Files, held_before: int, whose: tuple[Facts, Claim]
) -> DocumentBlock:
    """Return the documents of one span that have a number.

    `written`: (target, artifact number of each document, 0 where it is in none), several for a target whose documents
    may stand in several files. `held_before`: rows in the file of
    held rows before this span's.
    """
    header, disposition = prepared.header, facts.disposition
    number = header.column("_number").combine_chunks()
    stays = (disposition != VOID) & (number.to_numpy(zero_copy_only=False) != "")
    counts = prepared.numbers("_rows")
    first = prepared.numbers("_first").copy()
    is_held = disposition == HELD
    first[is_held] = held_before + np.cumsum(counts[is_held]) - counts[is_held]
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
    if all_facts.returned:
        numbers = prepared.header.column("_number").to_pylist()
        moments = (as_of_document(all_facts, number, claim) for number in numbers)
        age = np.fromiter((ages.setdefault(moment, len(ages)) for moment in moments), np.int64, len(said))
    columns = [disposition, reason, sent, age, *(numbers for _, numbers in written)]
    first, which = _distinct(columns)
    names, texts, moments_by_number = [name for name, _ in written], list(reasons), list(ages)
    made = tuple(
        Outcome(
            reason="" if code == OUT else texts[why] or _WORDS[code],
            action="new" if code == OUT else "",
            as_of=moments_by_number[when],
            outputs=",".join(f"{name}:{number}" for name, number in zip(names, numbers, strict=True) if number),
            sent=bool(is_sent),
        )
        for code, why, is_sent, when, *numbers in zip(*(column[first].tolist() for column in columns), strict=True)
    )
    return made, which


def _distinct(columns: list[Ints]) -> tuple[Ints, Ints]:
    """Return a row of each distinct combination, and which combination each row has."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return first, which
