"""The coordinator's one decision per document, over keys in file order, with what the ledger knows."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.ages import own_ages
from exchange.engine.allot import allot
from exchange.engine.facts import (
    BASELINE,
    FILTERED,
    HELD,
    NO_AGE,
    OUT,
    REJECTED,
    SUPERSEDED,
    VOID,
    Facts,
    SpanFacts,
    refuse,
)
from exchange.engine.lifecycle import SHIPPED_BEFORE, pass_over, recalled, repeat
from exchange.engine.moves import CHANGE
from exchange.engine.prepared import PILOT, Prepared, Spool, as_mask
from exchange.engine.repeated import repeated
from exchange.engine.stocktaking import judged
from exchange.engine.waiting import completed, waited
from exchange.kernel.chunk import Ints
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import Claim, Origin
from exchange.kernel.pipeline import Life
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import RejectLedger, RejectRow

NOT_KNOWN = "not known here"
"""State of a reject id that this ledger never gave out."""


def decide(
    spool: Spool,
    void: set[tuple[int, int]],
    claim: Claim,
    life: Life,
    ledger: Ledger,
    reject_ids: Mapping[int, str],
) -> Facts:
    """Decide on every document: out, rejected, filtered or held; and what its targets are told of one sent before.

    `void`: places (span, document row) that were put together elsewhere. `life`: what becomes of those sent before.
    `reject_ids`: record -> reject it was corrected from, for a returned reject file.
    """
    documents, rejects = ledger.documents, ledger.rejects
    version = documents.version()
    headers = [spool.get(index, lines=False) for index in range(len(spool))]
    numbers = [prepared.header.column("_number").combine_chunks() for prepared in headers]
    known: dict[str, KnownDocument] = {}
    for prepared, column in zip(headers, numbers, strict=True):
        unreadable = [record.number for record in prepared.broken if record.number]
        known |= documents.known(life.kind, claim.channel, [*column.to_pylist(), *unreadable])
    spans = [
        _by_rules(prepared, claim, {row for span, row in void if span == index}, _outside(prepared, claim, known))
        for index, prepared in enumerate(headers)
    ]
    _broken(spans, headers)
    _repeated_numbers(spans, headers, numbers)
    returned, late = _corrections(spans, headers, _Returned(claim, known, rejects, reject_ids))
    ages = own_ages(headers, numbers, known)
    waits = waited(life, claim, ledger)
    again = completed(claim, waits, known)
    current = {*returned, *again}
    older = {n for n, d in known.items() if n not in current and d.newest_as_of > ages.get(n, claim.as_of)}
    if life.stock is not None:
        older = set()  # figures are outdated by their warehouse, not by their item
    outdated = {number for number in older if not _is_repeated(known[number], claim)}
    if not reject_ids:  # what comes back corrected is answered in any case
        _overtaken(spans, headers, numbers, outdated)
    told = _against_ledger(spans, headers, (numbers, claim, life), known, (outdated, again))
    streams = judged(spans, spool, (claim, life.stock), ledger, returned)
    recalled(spans, headers, told, known, ledger.sent)
    if life.allot is not None:
        allot(spool, spans, (claim, life.allot), ledger.stock)
    old = frozenset({*older, *late})
    return Facts(version, tuple(spans), known, returned, old, frozenset(late), waited=waits, streams=streams)


def _is_repeated(known: KnownDocument, claim: Claim) -> bool:
    """Tell whether a replay repeats the version that was sent last: it may, also where a newer one is known."""
    return claim.origin is Origin.REPLAY and known.sent_claim == claim.parent


def _outside(prepared: Prepared, claim: Claim, known: Mapping[str, KnownDocument]) -> dict[int, str]:
    """Return the documents that a pilot does not let through, and why.

    One that was sent before is within for good: what became of it since has to be seen. What is only recorded as sent
    is not asked.
    """
    header = prepared.header
    if PILOT not in header.column_names or claim.origin is Origin.BASELINE:
        return {}
    reasons, numbers = header.column(PILOT), header.column("_number")
    found = np.flatnonzero(reasons.is_valid().to_numpy()).tolist()
    sent = {number for number, document in known.items() if document.sent_claim is not None}
    return {row: reasons[row].as_py() for row in found if numbers[row].as_py() not in sent}


def count_outside(facts: Facts) -> int:
    """Return how many documents a pilot kept outside."""
    return sum(int(span.disposition[row]) == FILTERED for span in facts.spans for row in span.outside)


def _by_rules(prepared: Prepared, claim: Claim, void: set[int], outside: Mapping[int, str]) -> SpanFacts:
    """Decide by the document alone: outside of a pilot, then rejected, then filtered, then released, else held."""
    header = prepared.header
    bad, release, filtered = (as_mask(header, name) for name in ("_bad", "_release", "_filter"))
    if claim.origin.of_held:
        release = np.ones(len(release), bool)
    empty = prepared.numbers("_kept") == 0
    disposition: Ints = np.where(release, OUT, HELD)
    disposition[filtered | empty] = FILTERED
    sent = None
    if claim.origin is Origin.BASELINE:
        sent = (disposition == OUT) & ~bad
        disposition[sent] = FILTERED
    disposition[bad] = REJECTED
    reason = header.column("_reason").to_pylist()
    for row in np.flatnonzero(empty & ~filtered).tolist():
        reason[row] = "every line is fulfilled already"
    if sent is not None:
        for row in np.flatnonzero(sent).tolist():
            reason[row] = BASELINE
    for row in np.flatnonzero(disposition == OUT).tolist() if any(reason) else ():
        reason[row] = ""
    facts = SpanFacts(disposition, reason, sent=sent)
    for row, problem in prepared.problems:
        facts.problems.setdefault(row, []).append(problem)
    _leave_out(facts, outside)
    disposition[list(void)] = VOID
    return facts


def _leave_out(facts: SpanFacts, outside: Mapping[int, str]) -> None:
    """Filter what is outside of a pilot; what is wrong with it is nobody's business yet."""
    facts.outside = tuple(outside)
    for row, why in outside.items():
        facts.disposition[row] = FILTERED
        facts.reason[row] = why
        facts.problems.pop(row, None)


def _broken(spans: list[SpanFacts], headers: list[Prepared]) -> None:
    """Reject each document that has a record nobody can read: an order goes whole or not at all."""
    problems: dict[str, list[Problem]] = {}
    for broken in (record for prepared in headers for record in prepared.broken):
        if broken.key is not None:
            problems.setdefault(broken.key, []).append(broken.problem)
    if not problems:
        return
    keys = pa.array(sorted(problems), pa.string())
    for facts, prepared in zip(spans, headers, strict=True):
        column = prepared.header.column("_key").combine_chunks()
        for row in np.flatnonzero(pc.is_in(column, value_set=keys).to_numpy(zero_copy_only=False)).tolist():
            if facts.disposition[row] != VOID:
                for problem in problems[column[row].as_py()]:
                    refuse(facts, row, problem)


def _repeated_numbers(spans: list[SpanFacts], headers: list[Prepared], numbers: list[pa.Array]) -> None:
    """Reject documents of one number that came under different keys (`#1001` and `1001`)."""
    for number, places in repeated(numbers, lambda span, row: bool(spans[span].disposition[row] != VOID)).items():
        first: dict[str, object] = {}
        for span, row in places:
            header = headers[span].header
            line, record = header.column("_line")[row].as_py(), header.column("_first")[row].as_py()
            first = first or {"first_line": line}
            refuse(spans[span], row, Problem("DUPLICATE_IN_FILE", line, record, None, number, first))


def _overtaken(
    spans: list[SpanFacts], headers: list[Prepared], numbers: list[pa.Array], outdated: Container[str]
) -> None:
    """Let mistakes in an older version of a document pass with it: whoever corrected them would be refused.

    Where its age or a record of it cannot be read, a person looks at it all the same.
    """
    torn = {record.key for prepared in headers for record in prepared.broken}
    for facts, prepared, column in zip(spans, headers, numbers, strict=True):
        for row in np.flatnonzero(facts.disposition == REJECTED).tolist():
            codes = {problem.code for problem in facts.problems.get(row, ())}
            key = prepared.header.column("_key")[row].as_py()
            if column[row].as_py() in outdated and key not in torn and not NO_AGE & codes:
                facts.disposition[row] = FILTERED
                facts.problems.pop(row, None)


def _against_ledger(
    spans: list[SpanFacts],
    headers: list[Prepared],
    whose: tuple[list[pa.Array], Claim, Life],
    known: Mapping[str, KnownDocument],
    which: tuple[set[str], set[str]],
) -> list[dict[int, int]]:
    """Compare with what is known: an older version is filtered; for one sent before, its life cycle says what follows.

    Returns, for each span, row -> action of what is not simply new. `which`: those of an older version, and those that
    are sent on now that stock has come.
    """
    numbers, claim, life = whose
    outdated, again = which
    actions: list[dict[int, int]] = [{} for _ in spans]
    told = {number for number, document in known.items() if document.sent_claim is not None} | outdated
    if not told:
        return actions
    wanted = pa.array(sorted(told), pa.string())
    for facts, prepared, column, moved in zip(spans, headers, numbers, actions, strict=True):
        for row in np.flatnonzero(pc.is_in(column, value_set=wanted).to_numpy(zero_copy_only=False)).tolist():
            number = column[row].as_py()
            if facts.disposition[row] in {REJECTED, VOID}:
                continue
            if number in outdated:
                pass_over(facts, row, f"{SUPERSEDED}claim {known[number].newest_claim} has a newer version")
            elif number in again:
                moved[row] = CHANGE
            elif claim.origin is not Origin.REPLAY or facts.disposition[row] != OUT:
                moved[row] = repeat(facts, prepared.header, row, known[number], life)
            else:
                _replayed(facts, row, known[number])
    return actions


def _replayed(facts: SpanFacts, row: int, known: KnownDocument) -> None:
    """In a replay, what goes out by its own status goes out again, unless it is shipped by now."""
    if known.shipped:
        pass_over(facts, row, SHIPPED_BEFORE)


@dataclass(frozen=True, slots=True)
class _Returned:
    """A returned reject file and what is known of its rejects."""

    claim: Claim
    known: Mapping[str, KnownDocument]
    rejects: RejectLedger
    ids: Mapping[int, str]


def _corrections(
    spans: list[SpanFacts], headers: list[Prepared], returned: _Returned
) -> tuple[dict[str, RejectRow], dict[str, RejectRow]]:
    """Match corrected documents with their rejects; refuse those that are settled or outdated.

    Returns the documents with the reject that each corrects, and those whose reject is settled already.
    """
    corrected: dict[str, RejectRow] = {}
    late: dict[str, RejectRow] = {}
    if not returned.ids:
        return corrected, late
    for facts, prepared in zip(spans, headers, strict=True):
        for row, record in enumerate(prepared.numbers("_first").tolist()):
            identity = returned.ids.get(record)
            if identity is None or facts.disposition[row] == VOID:
                continue
            reject = returned.rejects.get(identity)
            line, number = prepared.header.column("_line")[row].as_py(), prepared.header.column("_number")[row].as_py()
            if reject is not None and not _belongs(reject, number, returned.claim):
                detail = {"document": reject.document, "mine": f"{reject.kind}/{returned.claim.channel}/{number}"}
                refuse(facts, row, Problem("REJECT_OF_ANOTHER", line, record, "_reject_id", identity, detail))
                continue
            mine = reject is not None and _is_again(reject, returned.claim)
            problem = None if mine else _refused(identity, reject, returned.known.get(number), line, record)
            if problem is not None:
                refuse(facts, row, problem)
            if reject is not None:
                (corrected if mine or reject.state == "open" else late)[number] = reject
    return corrected, late


def _is_again(reject: RejectRow, claim: Claim) -> bool:
    """Tell whether a reject was settled by the very correction that is replayed."""
    return claim.origin is Origin.REPLAY and reject.closed_by is not None and reject.closed_by == claim.parent


def _belongs(reject: RejectRow, number: str, claim: Claim) -> bool:
    """Tell whether a reject is this document's; one whose number could not be read takes any."""
    return (reject.flow, reject.channel) == (claim.flow, claim.channel) and reject.number in {"", number}


def _refused(
    identity: str, reject: RejectRow | None, known: KnownDocument | None, line: int, record: int
) -> Problem | None:
    if reject is None or reject.state != "open":
        state = NOT_KNOWN if reject is None else reject.state
        return Problem("REJECT_NOT_OPEN", line, record, "_reject_id", identity, {"state": state})
    if known is not None and known.newest_as_of > reject.as_of:
        return Problem("NEWER_VERSION_KNOWN", line, record, None, known.number, {"claim": known.newest_claim})
    return None
