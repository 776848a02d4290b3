"""The way of one file through the house; the only place that names the stages in order.

    discover -> claim -> [prepare] -> decide -> [finish] -> balance -> guard -> seal
             -> stage -> reveal -> retire -> close

Discovery and claiming come before (`flow`), because an idle run stops there.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from exchange.engine import report
from exchange.engine.ages import aged, surveyed
from exchange.engine.balance import balance
from exchange.engine.batch import Batch, make_batch
from exchange.engine.clash import ROUNDS, Clash, Clashed, refuse_clashing
from exchange.engine.decide import decide
from exchange.engine.facts import Facts
from exchange.engine.gather import gather
from exchange.engine.guard import Watch, judge, watching
from exchange.engine.holding import hold_tripped
from exchange.engine.house import House, pick_up_of
from exchange.engine.kept import keep_sent, keep_waiting
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Spool
from exchange.engine.preview import preview, refused
from exchange.engine.publish import Published, publish
from exchange.engine.removal import passing_faults
from exchange.engine.retire import retire
from exchange.engine.seal import DECLINED, refusal, sealing
from exchange.engine.turn import turn_of
from exchange.kernel.atomic import sync_folder
from exchange.kernel.claim_rows import SealedClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import ConfigurationError, TryLater
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.ledger import FactsChanged, Sealing
from exchange.kernel.model import Claim, ClaimState, Counts, FileReport
from exchange.kernel.pipeline import machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem

ATTEMPTS = 5
"""How often a claim is decided again because another flow changed the same documents meanwhile."""


def run_claim(house: House, claim: Claim) -> FileReport:
    """Carry a claimed file to its end."""
    started = time.monotonic()
    plan = replace(house.plan(pick_up_of(house.flow, claim)), channel=claim.channel)
    watch, survey = watching(house, claim, surveyed(house, claim, plan))
    stopped = _stopped(house, claim, plan, (survey, watch), started)
    if survey.layout is None or stopped is not None:
        return stopped or refuse(house, claim, plan, survey, started)
    spool, void = spooled(house, claim, plan, survey.layout)
    claim = aged(claim, spool)
    for attempt in range(1, ATTEMPTS + 1):
        made = _decide_and_finish(house, claim, plan, survey, (spool, void))
        balance(claim.id, made.batch.records, made.batch.documents, made.batch.ordinals, made.batch.tallies)
        judged = judge(watch, claim, made.batch, survey.layout, (spool, made.facts))
        if judged.trips:
            return hold_tripped(house, claim, judged.trips, counts_of(made.batch), started)
        record = sealing(house, claim, machine_of(plan).kind, made.batch, made.facts, survey)
        record = replace(record, baseline=judged.baseline)
        if house.dry:
            shown = preview(made.batch, made.facts, spool)
            return report.dry(claim, record, "dry run", time.monotonic() - started, shown)
        try:
            commit(house, record)
        except FactsChanged:
            if attempt == ATTEMPTS:
                raise
            house.ledger.claims.restart(claim.id)
        else:
            break
    return deliver(house, claim, started)


def _stopped(house: House, claim: Claim, plan: Plan, seen: tuple[Survey, Watch], started: float) -> FileReport | None:
    """Refuse a file at first sight, or a numbered one whose turn is over; hold one with a gap before it; else None."""
    survey, _ = seen
    if survey.layout is None or survey.refused:
        return refuse_or_hold(house, claim, plan, seen, started)
    turn = turn_of(house, claim, survey.layout)
    if turn.problem is not None:
        return refuse(house, claim, plan, replace(survey, problems=(*survey.problems, turn.problem)), started)
    return hold(house, claim, turn.waits, started) if turn.waits else None


def deliver(house: House, claim: Claim, started: float) -> FileReport:
    """Publish what is sealed, retire the source, close the claim.

    What cannot be delivered or retired now leaves the claim sealed: `house.reach` knows why.
    """
    _deliver(house, claim, recovering=False)
    return report.finished(house, claim, time.monotonic() - started)


def carry_on(house: House, claim: Claim) -> FileReport | None:
    """Deliver what a run before this one has sealed; None where it waits as it waited before."""
    started = time.monotonic()
    if not _deliver(house, claim, recovering=True):
        return None
    return report.finished(house, claim, time.monotonic() - started)


def _deliver(house: House, claim: Claim, *, recovering: bool) -> bool:
    """Go as far as targets and source can be reached, and tell whether that is any further than before."""
    sealed = house.ledger.claims.sealed(claim.id)
    # What this run saw of the file tells it from another one of the same size and time; the ledger does not keep that.
    sealed = replace(sealed, claim=replace(sealed.claim, source=claim.source))
    published = publish(house, sealed, recovering=recovering)
    try:
        notes, away = _put_away(house, sealed, published)
    except Exception:
        # Whatever keeps the source from being retired, what is delivered is delivered.
        house.ledger.claims.finish(claim.id, ClaimState.SEALED, published.receipts, house.now(), (), retired=False)
        raise
    over = not published.waiting and not away
    changed = bool(published.receipts) or over or not (away or sealed.retired)
    crashpoint("close.note")
    if changed:
        state = final_state(sealed) if over else ClaimState.SEALED
        house.ledger.claims.finish(claim.id, state, published.receipts, house.now(), notes, retired=not away)
    crashpoint("close.noted")
    _leave(house, claim, published, keep_source=away)
    crashpoint("close.removed")
    return changed or not recovering


def final_state(sealed: SealedClaim) -> ClaimState:
    """A file of which no document could be read, or that was declined, may be tried again with the same content."""
    rejected = any(delivery.artifact.kind == "reject" for delivery in sealed.deliveries)
    whole = not sealed.documents.total or DECLINED in sealed.problem_counts
    return ClaimState.REJECTED if rejected and whole else ClaimState.DONE


def _put_away(house: House, sealed: SealedClaim, published: Published) -> tuple[tuple[str, ...], bool]:
    """Keep what was sent and retire the source; returns notes, and whether that has to wait for the next run."""
    waiting = {artifact.number for artifact in published.waiting}
    try:
        with passing_faults(house):
            artifacts = (delivery.artifact for delivery in sealed.deliveries)
            keep_sent(house, sealed.claim, (artifact for artifact in artifacts if artifact.number not in waiting))
            return (() if sealed.retired else _retire(house, sealed.claim)), False
    except (TryLater, ConfigurationError) as fault:
        house.reach.faults.append(fault)
        return (), True


def _retire(house: House, claim: Claim) -> tuple[str, ...]:
    if claim.then != "keep" and (braked := house.reach.braked(claim.source.endpoint)):
        raise braked
    return retire(house, claim)


def _leave(house: House, claim: Claim, published: Published, *, keep_source: bool) -> None:
    """Move what waits for its target out of the way of the next claims, and let go of the work folder."""
    try:
        with passing_faults(house):
            keep_waiting(house, claim, published.waiting)
    except TryLater as fault:
        house.reach.faults.append(fault)  # it is found in the work folder as well
    else:
        if not keep_source:
            house.work.remove(claim.id)


@dataclass(frozen=True, slots=True)
class _Made:
    batch: Batch
    facts: Facts


def spooled(house: House, claim: Claim, plan: Plan, layout: Layout) -> tuple[Spool, set[tuple[int, int]]]:
    """Prepare all spans of a file; returns them, and the places in them that were put together elsewhere."""
    spool = Spool(house.work.folder(claim.id))
    spans = machine_of(plan).reader.spans(layout)
    for prepared in house.executor.map(partial(prepare, layout=layout, plan=plan), spans):
        house.safe_point()
        spool.add(prepared)
        house.progress(claim, "reading", prepared.end, claim.source.size)
    void, gathered = gather(spool, layout, plan)
    for prepared in gathered:
        spool.add(prepared)
    crashpoint("prepare.spooled")
    return spool, void


def _decide_and_finish(
    house: House, claim: Claim, plan: Plan, survey: Survey, work: tuple[Spool, set[tuple[int, int]]]
) -> _Made:
    layout = survey.layout
    if layout is None:  # checked by the caller; tells the type checker
        raise ValueError(claim.id)
    spool, void = work
    reject_ids: Mapping[int, str] = layout.reject_ids
    clashes: list[Clash] = []
    for _ in range(ROUNDS):
        facts = decide(spool, void, claim, machine_of(plan).life, house.ledger, reject_ids)
        refuse_clashing(facts, spool, clashes)
        try:
            return _Made(make_batch(house, claim, plan, layout, spool, facts), facts)
        except Clashed as clashed:
            clashes += clashed.clashes
        if not house.dry:
            house.ledger.claims.restart(claim.id)
    raise ConfigurationError(
        f"mappings/flows/{claim.flow}.yaml: the XSD of a delivery allows too few of the documents to stand in one file "
        f"({clashes[-1].target}: {clashes[-1].reason}); set `documents_per_file: 1` there, or correct template or XSD. "
        "Nothing was delivered"
    )


def commit(house: House, record: Sealing, *more: Sealing) -> None:
    """Seal a claim, or several: what lies in a work folder is published from now on, and never made again."""
    house.safe_point()
    # The artifacts are synced one by one; their names have to outlive a power cut as well.
    for each in (record, *more):
        sync_folder(house.work.folder(each.claim))
    crashpoint("seal.before")
    house.ledger.claims.seal(record, *more)
    crashpoint("seal.noted")


def refuse(house: House, claim: Claim, plan: Plan, survey: Survey, started: float) -> FileReport:
    """Reject the file whole: all its records count as rejected, nothing is delivered but the reasons."""
    machine = machine_of(plan)
    records = machine.reader.count(survey.layout) if survey.layout is not None else 0
    record = refusal(house, claim, machine.kind, survey, records)
    if house.dry:
        seconds = time.monotonic() - started
        return report.dry(claim, record, ClaimState.REJECTED.value, seconds, refused(record.problems))
    commit(house, record)
    return deliver(house, claim, started)


def refuse_or_hold(house: House, claim: Claim, plan: Plan, seen: tuple[Survey, Watch], started: float) -> FileReport:
    """Reject a file whole, or hold it where its columns are not those of the last file: that is the reason then."""
    survey, watch = seen
    if not watch.trips or survey.layout is None:
        return refuse(house, claim, plan, survey, started)
    records = machine_of(plan).reader.count(survey.layout)
    problems = Counter(problem.code for problem in survey.problems)
    counts = (Counts(records, held=records), Counts(), problems)
    return hold_tripped(house, claim, watch.trips, counts, started)


def refuse_whole(house: House, claim: Claim, problem: Problem) -> FileReport | None:
    """Reject a file for something that is known without looking at its records."""
    plan = replace(house.plan(pick_up_of(house.flow, claim)), channel=claim.channel)
    return refuse(house, claim, plan, Survey(None, (problem,)), time.monotonic())


def counts_of(batch: Batch) -> tuple[Counts, Counts, Counter[str]]:
    """Return what a held file would come to."""
    return batch.records, batch.documents, batch.problem_counts


def hold(house: House, claim: Claim, reasons: tuple[str, ...], started: float) -> FileReport:
    """Keep the claim, deliver nothing: what has to come first may be there when the next run tries again."""
    if not house.dry:
        house.ledger.claims.hold(claim.id, house.now(), reasons)
    return report.held(claim, reasons, time.monotonic() - started)
