"""The end of a held file that a person declined: rejected whole, its original archived, nothing of it used."""

from __future__ import annotations

import time
from dataclasses import replace

from exchange.engine.house import House, pick_up_of
from exchange.engine.run import commit, deliver
from exchange.engine.seal import DECLINED, refusal
from exchange.kernel.guard_rows import Hold
from exchange.kernel.layout import Survey
from exchange.kernel.model import Claim, Counts, FileReport
from exchange.kernel.pipeline import machine_of
from exchange.kernel.problems import Problem


def decline(house: House, claim: Claim, hold: Hold) -> FileReport:
    """Reject a file that a person declined: all of it counts as rejected, and nobody has to correct it."""
    started = time.monotonic()
    plan = replace(house.plan(pick_up_of(house.flow, claim)), channel=claim.channel)
    detail = {"who": hold.who, "reason": hold.reason or "(no reason given)", "held": "; ".join(hold.reasons)}
    survey = Survey(None, (Problem(DECLINED, detail=detail),))
    record = refusal(house, claim, machine_of(plan).kind, survey, hold.records.total)
    over = tuple(replace(row, state="closed", closed_by=claim.id, closed_at=record.at) for row in record.rejects)
    documents = Counts(hold.documents.total, rejected=hold.documents.total)
    commit(house, replace(record, documents=documents, rejects=over))
    return deliver(house, claim, started)
