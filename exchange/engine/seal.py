"""Builds what the one transaction of the seal records: the commit point of a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from posixpath import normpath
from typing import Any

import numpy as np

from exchange.engine.batch import Batch
from exchange.engine.decide import NOT_KNOWN, count_outside
from exchange.engine.facts import FILTERED, SUPERSEDED, Facts, as_of_document
from exchange.engine.feedback import write_feedback
from exchange.engine.house import House, pick_up_of
from exchange.engine.outputs import Numbers
from exchange.engine.rejects import Rejected
from exchange.engine.remarks import remarks
from exchange.engine.setaside import write_refusal
from exchange.engine.stock_record import stock_of
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.guard_rows import Notice
from exchange.kernel.layout import Survey
from exchange.kernel.ledger import Sealing
from exchange.kernel.miss import CODES, Miss
from exchange.kernel.model import COMPUTED, Artifact, Claim, Counts
from exchange.kernel.naming import is_overdue, reject_id
from exchange.kernel.pipeline import machine_of
from exchange.kernel.plural import many
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import ProblemRow, RejectClosing, RejectRow
from exchange.kernel.returned import TakenBack

DECLINED = "DECLINED"
"""Code of a file that a person declined."""
PROBLEM_ROWS = 10_000
"""Problems of one claim kept with their words; counts and reject files are complete."""
_SHOWN = 3
"""Reasons of one kind that are told one by one."""
_SETTLED_ELSEWHERE = {"REJECT_NOT_OPEN", "NEWER_VERSION_KNOWN"}
"""A reject for these reasons needs nobody: what it corrects is settled, or a newer version is known."""


def sealing(house: House, claim: Claim, kind: str, batch: Batch, facts: Facts, survey: Survey) -> Sealing:
    """Return everything the seal of a processed file records."""
    _ensure_told_apart(batch.artifacts, claim.flow)
    where = _reject_file(batch.artifacts)
    counts = batch.problem_counts + Counter(problem.code for problem in survey.problems)
    stock = stock_of(house, claim, batch, facts, survey)
    notices = tuple(_warnings(house, claim, batch))
    lacking, at = stock.missing, house.now()
    back = survey.back or TakenBack()
    return Sealing(
        claim=claim.id,
        version=facts.version,
        at=at,
        records=batch.records + Counts(back.rows, filtered=back.rows),
        documents=batch.documents + Counts(back.documents, filtered=back.documents),
        artifacts=tuple(batch.artifacts),
        rejects=(*_reject_rows((claim, kind), batch.rejects, (where, at), facts), *lacking.rejects),
        problems=(*_capped(batch, survey), *lacking.problems),
        problem_counts=dict(counts + Counter(problem.code for problem in lacking.problems)),
        closes=(
            *_closes(batch, facts),
            *_superseded_files(house, claim),
            *(RejectClosing(each.reject_id, "waived", each.who, each.reason) for each in back.waived),
        ),
        changes=back.changes,
        notes=(
            *_said(house, claim, survey),
            *_outside(facts),
            *_superseded(facts),
            *stock.notes,
            *lacking.notes,
            *batch.notes,
            *(each.text for each in notices),
        ),
        backorders=batch.waiting.record(kind, claim.channel) if house.flow.rules.availability else None,
        stock=stock.record,
        versions=house.plan(pick_up_of(house.flow, claim)).files,
        as_of=claim.as_of,
        actions=+batch.actions,
        shipped=tuple(batch.shipped.orders),
        notices=notices,
    )


def _warnings(house: House, claim: Claim, batch: Batch) -> Iterator[Notice]:
    """Yield what people are to be told of a computed file; read from the file, so that a kill changes nothing."""
    if claim.source.endpoint != COMPUTED or not batch.documents.out:
        return
    pick_up = pick_up_of(house.flow, claim)
    computing, computed = machine_of(house.plan(pick_up)).computing, house.flow.pick_up[pick_up].computed
    if computing is None or computed is None:
        return
    if text := computing.warning(house.work.source(claim.id).read_bytes()):
        yield Notice(computed.name, claim.flow, claim.id, text, house.now())


def _said(house: House, claim: Claim, survey: Survey) -> Iterator[str]:
    yield from (problem.message for problem in survey.problems)
    yield from remarks(house, claim)
    yield from survey.back.notes if survey.back else ()


def _outside(facts: Facts) -> Iterator[str]:
    if number := count_outside(facts):
        yield f"documents outside `only` of the flow: {number:,}, filtered; exported again they are judged anew"


def _superseded(facts: Facts) -> Iterator[str]:
    """Yield why documents that are older than what took effect go nowhere, a sentence for each reason."""
    reasons = Counter(
        span.reason[row]
        for span in facts.spans
        for row in np.flatnonzero(span.disposition == FILTERED).tolist()
        if span.reason[row].startswith(SUPERSEDED)
    )
    for reason, number in reasons.most_common(_SHOWN):
        yield f"{many(number, 'document')} filtered, {reason}"
    if rest := sum(number for _, number in reasons.most_common()[_SHOWN:]):
        yield f"{many(rest, 'document')} filtered, superseded by other claims"


def refusal(house: House, claim: Claim, kind: str, survey: Survey, records: int) -> Sealing:
    """Return what the seal of a file rejected whole records; its reject file is written."""
    identity = reject_id(claim.id, 1)
    errors = [problem for problem in survey.problems if problem.severity == "error"]
    place = (house.work.folder(claim.id), Numbers())
    artifacts = write_refusal(claim, survey.problems, identity, place)
    how = house.flow.pick_up[pick_up_of(house.flow, claim)].feedback
    counts = Counts(records, rejected=records)
    artifacts += write_feedback(claim, how, counts, (("", problem) for problem in survey.problems), place)
    now = house.now()
    reject = RejectRow(
        identity,
        claim.id,
        claim.flow,
        kind,
        claim.channel,
        "",
        tuple(dict.fromkeys(problem.code for problem in errors)),
        _reject_file(artifacts),
        0,
        now,
        claim.as_of,
    )
    return Sealing(
        claim=claim.id,
        version=house.ledger.documents.version(),
        at=now,
        records=counts,
        documents=Counts(),
        artifacts=tuple(artifacts),
        rejects=(reject,),
        problems=tuple(_problem_row(problem, "", identity) for problem in survey.problems),
        problem_counts=dict(Counter(problem.code for problem in survey.problems)),
        closes=tuple(_superseded_files(house, claim)),
        notes=tuple(problem.message for problem in survey.problems),
    )


def _ensure_told_apart(artifacts: list[Artifact], flow: str) -> None:
    """Refuse two files of one claim under one name: the later one would lie where the earlier one was."""
    taken: set[tuple[str, str, str]] = set()
    for artifact in artifacts:
        # A partner's disk may not tell `a1.xml` from `A1.xml`.
        place = (artifact.endpoint, normpath(artifact.folder), artifact.name.casefold())
        if place in taken:
            where = f"{artifact.endpoint}, folder {artifact.folder or '.'}"
            raise ConfigurationError(
                f"mappings/flows/{flow}.yaml: two files for {where}, would be called {artifact.name}; "
                "change `name:` or `done_file:` of a delivery. Nothing was delivered"
            )
        taken.add(place)


def _reject_file(artifacts: list[Artifact]) -> str:
    """Return the workspace path of the reject file a person opens first."""
    rejects = [artifact for artifact in artifacts if artifact.kind == "reject"]
    return str(Path("data/rejects", rejects[0].folder, rejects[0].name)) if rejects else ""


def _reject_rows(
    whose: tuple[Claim, str], rejects: Iterable[Rejected], noted: tuple[str, datetime], facts: Facts
) -> Iterator[RejectRow]:
    """Yield what the ledger keeps of each reject; `noted`: where a person finds them, and since when."""
    (claim, kind), (where, now) = whose, noted
    alone = str(Path(where).with_suffix(".jsonl")) if where else ""
    for reject in rejects:
        settled = _settled_elsewhere(reject)
        yield RejectRow(
            reject.id,
            claim.id,
            claim.flow,
            kind,
            claim.channel,
            reject.number,
            tuple(dict.fromkeys([problem.code for problem in reject.problems])),
            where if len(reject.rows) else alone,
            reject.file_line,
            now,
            as_of_document(facts, reject.number, claim, reject.as_of),
            "superseded" if settled else "open",
            claim.id if settled else None,
            now if settled else None,
        )


def _settled_elsewhere(reject: Rejected) -> bool:
    return any(
        problem.code in _SETTLED_ELSEWHERE and problem.detail.get("state") != NOT_KNOWN for problem in reject.problems
    )


def _closes(batch: Batch, facts: Facts) -> Iterator[RejectClosing]:
    """Yield the rejects that end with this claim: corrected, or overtaken by this version of their document.

    An outdated correction overtakes nothing: the reject of a newer version still waits for a person.
    """
    rejected = {reject.number for reject in batch.rejects}
    outdated = {reject.number for reject in batch.rejects if _settled_elsewhere(reject)}
    for number in dict.fromkeys([*batch.settled, *facts.returned]):
        corrected = facts.returned.get(number)
        known = facts.known.get(number)
        for identity in dict.fromkeys(
            [
                *((corrected.reject_id,) if corrected else ()),
                *(known.open_rejects if known and number not in outdated else ()),
            ]
        ):
            if is_overdue(identity) and number in batch.still_held:
                continue  # it waits as it waited: told once
            own = corrected is not None and corrected.reject_id == identity and number not in rejected
            yield RejectClosing(identity, "closed" if own else "superseded")


def _superseded_files(house: House, claim: Claim) -> Iterator[RejectClosing]:
    """Yield the whole-file rejects of earlier files of the same name, or of the file that is replayed."""
    for reject in house.ledger.rejects.of_files(claim.flow):
        earlier = house.ledger.claims.sealed(reject.claim).claim.source
        if reject.claim == claim.parent or (earlier.endpoint, earlier.folder, earlier.shown) == (
            claim.source.endpoint,
            claim.source.folder,
            claim.source.shown,
        ):
            yield RejectClosing(reject.reject_id, "superseded")


def _capped(batch: Batch, survey: Survey) -> tuple[ProblemRow, ...]:
    rows = [_problem_row(problem, "", None) for problem in survey.problems]
    for reject in batch.rejects:
        if len(rows) >= PROBLEM_ROWS:
            break
        rows += [_problem_row(problem, reject.number, reject.id) for problem in reject.problems]
    rows += [_problem_row(problem, number, None) for number, problem in batch.warnings]
    return tuple(rows[:PROBLEM_ROWS])


def _problem_row(problem: Problem, number: str, reject: str | None) -> ProblemRow:
    return ProblemRow(
        problem.code,
        problem.severity,
        problem.message,
        problem.remedy,
        problem.file_line,
        problem.record,
        problem.field,
        problem.value,
        number,
        reject,
        _lacks(problem) if problem.code in CODES else None,
    )


def _lacks(problem: Problem) -> Miss | None:
    """Return the line of a table that would help; none would where a cell that it is looked up by is blank."""
    detail: Mapping[str, Any] = problem.detail
    cells = tuple(detail.get("cells", (problem.value,)))
    return Miss(detail["table"], tuple(detail.get("columns") or (detail["key"],)), cells) if all(cells) else None
