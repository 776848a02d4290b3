"""The coordinator's one decision per document, over keys in file order, with what the ledger knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.prepared import Prepared, Spool, as_mask
from exchange.engine.repeated import repeated
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.ledger import Ledger, RejectLedger
from exchange.kernel.model import Claim, Disposition, Origin
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import RejectRow

CODES = (Disposition.OUT, Disposition.REJECTED, Disposition.FILTERED, Disposition.HELD)
OUT, REJECTED, FILTERED, HELD = range(4)
VOID = 4
"""The document was put together again elsewhere; this place of it counts for nothing."""
BASELINE = "baseline"
NOT_KNOWN = "not known here"
"""State of a reject id that this ledger never gave out."""


@dataclass(slots=True)
class SpanFacts:
    """What was decided on the documents of one span: one entry per document."""

    disposition: Ints
    reason: list[str]
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    sent: Mask | None = None
    """Documents a baseline records as sent; None outside of baselines."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Every decision of one claim."""

    version: int
    """The ledger's version when it was read; checked at the seal."""
    spans: tuple[SpanFacts, ...]
    known: Mapping[str, KnownDocument]
    returned: Mapping[str, RejectRow]
    """Document number -> the reject it was corrected from."""


def decide(
    spool: Spool,
    void: set[tuple[int, int]],
    claim: Claim,
    kind: str,
    ledger: Ledger,
    reject_ids: Mapping[int, str],
) -> Facts:
    """Decide on every document: out, rejected, filtered or held.

    `void`: places (span, document row) that were put together elsewhere. `kind`: the document's name.
    `reject_ids`: record -> reject it was corrected from, for a returned reject file.
    """
    documents, rejects = ledger.documents, ledger.rejects
    version = documents.version()
    headers = [spool.get(index, lines=False) for index in range(len(spool))]
    numbers = [prepared.header.column("_number").combine_chunks() for prepared in headers]
    known: dict[str, KnownDocument] = {}
    for prepared, column in zip(headers, numbers, strict=True):
        unreadable = [record.number for record in prepared.broken if record.number]
        known |= documents.known(kind, claim.channel, [*column.to_pylist(), *unreadable])
    spans = [
        _by_rules(prepared, claim, {row for span, row in void if span == index})
        for index, prepared in enumerate(headers)
    ]
    _broken(spans, headers)
    _repeated_numbers(spans, headers, numbers)
    returned = _corrections(spans, headers, _Returned(claim, known, rejects, reject_ids))
    outdated = {n for n, d in known.items() if n not in returned and _is_newer(d, claim)}
    _against_ledger(spans, headers, (numbers, claim), known, outdated)
    return Facts(version, tuple(spans), known, returned)


def _is_newer(known: KnownDocument, claim: Claim) -> bool:
    """Tell whether a newer version of a document is known. A replay may repeat the version that was sent last."""
    if claim.origin is Origin.REPLAY and known.sent_claim == claim.parent:
        return False
    return known.newest_as_of > claim.as_of


def _by_rules(prepared: Prepared, claim: Claim, void: set[int]) -> SpanFacts:
    """Decide by the document alone: rejected, then filtered, then released, else held."""
    header = prepared.header
    bad, release, filtered = (as_mask(header, name) for name in ("_bad", "_release", "_filter"))
    if claim.origin is Origin.RELEASE:
        release = np.ones(len(release), bool)
    empty = prepared.numbers("_kept") == 0
    disposition: Ints = np.where(release, OUT, HELD)
    disposition[filtered | empty] = FILTERED
    sent = None
    if claim.origin is Origin.BASELINE:
        sent = (disposition == OUT) & ~bad
        disposition[sent] = FILTERED
    disposition[bad] = REJECTED
    disposition[list(void)] = VOID
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
    return facts


def _reject(facts: SpanFacts, row: int, problem: Problem) -> None:
    facts.disposition[row] = REJECTED
    facts.problems.setdefault(row, []).append(problem)
    if facts.sent is not None:
        facts.sent[row] = False


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
                    _reject(facts, row, problem)


def _repeated_numbers(spans: list[SpanFacts], headers: list[Prepared], numbers: list[pa.Array]) -> None:
    """Reject documents of one number that came under different keys (`#1001` and `1001`)."""
    for number, places in repeated(numbers, lambda span, row: bool(spans[span].disposition[row] != VOID)).items():
        first: dict[str, object] = {}
        for span, row in places:
            header = headers[span].header
            line, record = header.column("_line")[row].as_py(), header.column("_first")[row].as_py()
            first = first or {"first_line": line}
            _reject(spans[span], row, Problem("DUPLICATE_IN_FILE", line, record, None, number, first))


def _against_ledger(
    spans: list[SpanFacts],
    headers: list[Prepared],
    whose: tuple[list[pa.Array], Claim],
    known: Mapping[str, KnownDocument],
    outdated: set[str],
) -> None:
    """Compare with what is known: an older version is filtered; sent before and unchanged too; changed is a problem.

    In a replay, what goes out by its own status goes out again.
    """
    numbers, claim = whose
    told = {number for number, document in known.items() if document.sent_claim is not None} | outdated
    if not told:
        return
    wanted = pa.array(sorted(told), pa.string())
    for facts, prepared, column in zip(spans, headers, numbers, strict=True):
        for row in np.flatnonzero(pc.is_in(column, value_set=wanted).to_numpy(zero_copy_only=False)).tolist():
            number = column[row].as_py()
            if facts.disposition[row] in {REJECTED, VOID}:
                continue
            if number in outdated:
                facts.disposition[row] = FILTERED
                facts.reason[row] = "a newer version is known"
                if facts.sent is not None:
                    facts.sent[row] = False
            elif claim.origin is not Origin.REPLAY or facts.disposition[row] != OUT:
                _repeat(facts, prepared.header, row, known[number])


def _repeat(facts: SpanFacts, header: pa.Table, row: int, known: KnownDocument) -> None:
    gone = header.column("_gone")[row].as_py()
    line, record = header.column("_line")[row].as_py(), header.column("_first")[row].as_py()
    detail: dict[str, object] = {"claim": known.sent_claim, "status": gone}
    content = header.column("_hash")[row].as_py()
    if gone:
        _reject(facts, row, Problem("CHANGED_AFTER_SENT", line, record, None, known.number, detail))
    elif known.sent_hash in {None, content} or facts.disposition[row] == FILTERED:
        facts.disposition[row] = FILTERED
        facts.reason[row] = "sent before, unchanged" if known.sent_hash in {None, content} else facts.reason[row]
        if facts.sent is not None:
            facts.sent[row] = False
    else:
        _reject(facts, row, Problem("REPEAT_CHANGED", line, record, None, known.number, detail))


@dataclass(frozen=True, slots=True)
class _Returned:
    """A returned reject file and what is known of its rejects."""

    claim: Claim
    known: Mapping[str, KnownDocument]
    rejects: RejectLedger
    ids: Mapping[int, str]


def _corrections(spans: list[SpanFacts], headers: list[Prepared], returned: _Returned) -> dict[str, RejectRow]:
    """Match corrected documents with their rejects; refuse those that are settled or outdated."""
    corrected: dict[str, RejectRow] = {}
    if not returned.ids:
        return corrected
    for facts, prepared in zip(spans, headers, strict=True):
        for row, record in enumerate(prepared.numbers("_first").tolist()):
            identity = returned.ids.get(record)
            if identity is None or facts.disposition[row] == VOID:
                continue
            reject = returned.rejects.get(identity)
            line, number = prepared.header.column("_line")[row].as_py(), prepared.header.column("_number")[row].as_py()
            if reject is not None and not _belongs(reject, number, returned.claim):
                detail = {"document": reject.document, "mine": f"{reject.kind}/{returned.claim.channel}/{number}"}
                _reject(facts, row, Problem("REJECT_OF_ANOTHER", line, record, "_reject_id", identity, detail))
                continue
            mine = reject is not None and _is_again(reject, returned.claim)
            problem = None if mine else _refused(identity, reject, returned.known.get(number), line, record)
            if problem is not None:
                _reject(facts, row, problem)
            if reject is not None and (mine or reject.state == "open"):
                corrected[number] = reject
    return corrected


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


def as_of_document(facts: Facts, number: str, claim: Claim) -> datetime:
    """Return the age of a document's content: that of its origin for a correction, else the claim's."""
    reject = facts.returned.get(number)
    return claim.as_of if reject is None else reject.as_of
