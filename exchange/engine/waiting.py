"""Documents that wait for stock: which a claim takes up again, and what its seal records of those that wait now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from exchange.engine.facts import HELD, OUT, Facts, SpanFacts, as_of_document
from exchange.engine.moves import ACTIONS, CANCEL, RETURN
from exchange.engine.prepared import Prepared
from exchange.kernel.backorder_rows import Backorder, BackorderRecord
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import Claim
from exchange.kernel.pipeline import Life

_GONE = (ACTIONS[CANCEL], ACTIONS[RETURN])
"""What targets were told last of a document that is over."""


def waited(life: Life, claim: Claim, ledger: Ledger) -> dict[str, Backorder]:
    """Return what waits for stock, by number; nothing where nobody asks for stock."""
    if life.allot is None:
        return {}
    return {waits.number: waits for waits in ledger.backorders.find(life.kind, channel=claim.channel)}


def completed(claim: Claim, waits: Mapping[str, Backorder], known: Mapping[str, KnownDocument]) -> set[str]:
    """Return the documents of which a claim takes up what waited, and nothing else came of them since."""
    return {
        number
        for number, each in waits.items()
        if claim.origin.of_held and each.partly and number in known and is_open(each, known[number])
    }


def is_open(waits: Backorder, known: KnownDocument) -> bool:
    """Tell whether what waits is still what its document is: no newer version was sent, held, rejected or cancelled."""
    if known.open_rejects:
        return False
    if not waits.partly:
        return known.held_claim == waits.claim
    return known.sent_claim == waits.claim and known.held_claim is None and known.sent_action not in _GONE


@dataclass(slots=True)
class Waiting:
    """What one claim leaves waiting for stock."""

    now: list[Backorder] = field(default_factory=list)
    over: list[str] = field(default_factory=list)

    def record(self, kind: str, channel: str) -> BackorderRecord:
        """Return what the seal records."""
        return BackorderRecord(kind, channel, tuple(self.now), tuple(self.over))

    def add(self, prepared: Prepared, span: SpanFacts, held_before: int, whose: tuple[Facts, Claim, str]) -> Mask:
        """Take note of the documents of a span, which are finished; returns those whose rows have to be kept."""
        facts, claim, kind = whose
        keeps: Mask = span.disposition == HELD
        waits = [row for row in span.waits if span.disposition[row] in {OUT, HELD}]
        keeps[waits] = True
        numbers = prepared.header.column("_number")
        first, counts = held_places(prepared, keeps, held_before), prepared.numbers("_rows")
        for row in waits:
            number = numbers[row].as_py()
            before = facts.waited.get(number)
            self.now.append(
                Backorder(
                    claim.flow,
                    kind,
                    claim.channel,
                    number,
                    claim.id,
                    int(first[row]),
                    int(counts[row]),
                    as_of_document(facts, number, claim),
                    claim.claimed_at if before is None else before.since,
                    partly=bool(span.disposition[row] == OUT),
                    wants=span.waits[row],
                )
            )
        if facts.waited:
            self._end(prepared, span, set(waits), facts)
        return keeps

    def _end(self, prepared: Prepared, span: SpanFacts, waits: set[int], facts: Facts) -> None:
        """Take note of what does not wait any more: it went out, was cancelled, or another version took its place."""
        for row, number in enumerate(prepared.header.column("_number").to_pylist()):
            before = facts.waited.get(number)
            if before is None or row in waits:
                continue
            if span.disposition[row] == OUT or not (before.partly or number in facts.outdated):
                self.over.append(number)


def held_places(prepared: Prepared, keeps: Mask, held_before: int) -> Ints:
    """Return where the rows of documents begin in the file of held rows, for those that are kept there."""
    counts = prepared.numbers("_rows")
    first = prepared.numbers("_first").copy()
    first[keeps] = held_before + np.cumsum(counts[keeps]) - counts[keeps]
    return first
