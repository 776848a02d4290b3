"""The way of one file through the house; the only place that names the stages in order.

    discover -> claim -> [prepare] -> decide -> [finish] -> balance -> guard -> seal
             -> stage -> reveal -> retire -> close

Discovery and claiming come before (`flow`), because an idle run stops there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from exchange.engine import report
from exchange.engine.balance import balance
from exchange.engine.batch import Batch, make_batch
from exchange.engine.decide import Facts, decide
from exchange.engine.gather import gather
from exchange.engine.guard import tripped
from exchange.engine.house import House, pick_up_of
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Spool
from exchange.engine.publish import publish
from exchange.engine.retire import retire
from exchange.engine.seal import refusal, sealing
from exchange.kernel.atomic import sync_folder
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.ledger import FactsChanged, Sealing
from exchange.kernel.model import Claim, ClaimState, FileReport
from exchange.kernel.pipeline import machine_of
from exchange.kernel.plan import Plan

ATTEMPTS = 5
"""How often a claim is decided again because another flow changed the same documents meanwhile."""


def run_claim(house: House, claim: Claim) -> FileReport:
    """Carry a claimed file to its end."""
    started = time.monotonic()
    plan = replace(house.plan(pick_up_of(house.flow, claim)), channel=claim.channel)
    survey = machine_of(plan).reader.survey(house.work.source(claim.id))
    if survey.layout is None or survey.refused:
        return _refuse(house, claim, plan, survey, started)
    spool, void = _prepare(house, claim, plan, survey.layout)
    for attempt in range(1, ATTEMPTS + 1):
        made = _decide_and_finish(house, claim, plan, survey, (spool, void))
        balance(claim.id, made.batch.records, made.batch.documents, made.batch.ordinals, made.batch.tallies)
        held = tripped(house.flow.guards, made.batch.documents)
        if held:
            return _hold(house, claim, made.batch, held, started)
        record = sealing(house, claim, machine_of(plan).kind, made.batch, made.facts, survey)
        if house.dry:
            return report.dry(claim, record, "dry run", time.monotonic() - started)
        try:
            _seal(house, record)
        except FactsChanged:
            if attempt == ATTEMPTS:
                raise
            house.ledger.claims.restart(claim.id)
        else:
            break
    return deliver(house, claim, started)


def deliver(house: House, claim: Claim, started: float, *, recovering: bool = False) -> FileReport:
    """Publish what is sealed, retire the source, close the claim; a recovered claim enters here."""
    work = house.work.folder(claim.id)
    receipts = publish(claim.id, house.endpoints, work, house.ledger.claims, house.now, recovering=recovering)
    notes = retire(house, claim)
    crashpoint("close.note")
    house.ledger.claims.finish(claim.id, _final_state(house, claim), receipts, house.now(), notes)
    crashpoint("close.noted")
    house.work.remove(claim.id)
    crashpoint("close.removed")
    return report.finished(house, claim, time.monotonic() - started)


def _final_state(house: House, claim: Claim) -> ClaimState:
    """A file of which no document could be read was rejected whole: the same content may be tried again."""
    sealed = house.ledger.claims.sealed(claim.id)
    refused = not sealed.documents.total and bool(sealed.deliveries)
    return ClaimState.REJECTED if refused else ClaimState.DONE


@dataclass(frozen=True, slots=True)
class _Made:
    batch: Batch
    facts: Facts


def _prepare(house: House, claim: Claim, plan: Plan, layout: Layout) -> tuple[Spool, set[tuple[int, int]]]:
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
    facts = decide(spool, void, claim, machine_of(plan).kind, house.ledger, reject_ids)
    return _Made(make_batch(house, claim, plan, layout, spool, facts), facts)


def _seal(house: House, record: Sealing) -> None:
    house.safe_point()
    # The artifacts are synced one by one; their names have to outlive a power cut as well.
    sync_folder(house.work.folder(record.claim))
    crashpoint("seal.before")
    house.ledger.claims.seal(record)
    crashpoint("seal.noted")


def _refuse(house: House, claim: Claim, plan: Plan, survey: Survey, started: float) -> FileReport:
    """Reject the file whole: all its records count as rejected, nothing is delivered but the reasons."""
    machine = machine_of(plan)
    records = machine.reader.count(survey.layout) if survey.layout is not None else 0
    record = refusal(house, claim, machine.kind, survey, records)
    if house.dry:
        return report.dry(claim, record, ClaimState.REJECTED.value, time.monotonic() - started)
    _seal(house, record)
    return deliver(house, claim, started)


def _hold(house: House, claim: Claim, batch: Batch, reasons: tuple[str, ...], started: float) -> FileReport:
    """Keep the claim, deliver nothing: a person decides, or the guard is changed and the next run tries again."""
    if not house.dry:
        house.ledger.claims.hold(claim.id, house.now(), reasons)
    return report.held(claim, batch, reasons, time.monotonic() - started)
