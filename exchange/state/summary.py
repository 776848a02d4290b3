"""Counts what `status` shows, from the partial indexes over what is still open."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import Connection, Exists, Select, TextClause, and_, exists, func, literal, or_, select, text

from exchange.kernel.claim_rows import Delivery
from exchange.kernel.ledger import RunRow, Summary
from exchange.kernel.model import ClaimState
from exchange.state.brakes import read_brakes
from exchange.state.deliveries import unanswered
from exchange.state.rows import delivery_of, moment, moment_or_none
from exchange.state.tables import appearances, artifacts, claims, documents, outcomes, rejects, runs


def read_summary(connection: Connection) -> Summary:
    """Return what `status` shows, all of one moment."""
    by_state: dict[str, dict[ClaimState, int]] = {}
    states = select(claims.c.flow, claims.c.state, func.count()).group_by(claims.c.flow, claims.c.state)
    for flow, state, count in connection.execute(states.order_by(claims.c.flow)):
        by_state.setdefault(flow, {})[ClaimState(state)] = count
    last_run = _last_run(connection)
    return Summary(
        claims=by_state,
        open_rejects=_open_rejects(connection),
        held_documents=_held_documents(connection),
        last_run=last_run,
        last_actions={} if last_run is None else _actions(connection, last_run.number),
        undelivered=_by_flow(connection, _in_order(text("artifacts.state IN ('sealed', 'staged')"))),
        presumed=_by_flow(connection, _in_order(text("artifacts.state = 'presumed delivered'"))),
        unanswered=_by_flow(connection, unanswered()),
        brakes=read_brakes(connection),
    )


def _open_rejects(connection: Connection) -> dict[str, int]:
    query = select(rejects.c.flow, func.count()).where(text("rejects.state = 'open'")).group_by(rejects.c.flow)
    return _counted(connection, query.order_by(rejects.c.flow))


def newer() -> Exists:
    """Return the condition that a later file, of content that is no older, says something else of a document."""
    later, sealed, its = documents.alias("later"), claims.alias("sealed"), outcomes.alias("its")
    same = (its.c.claim == later.c.claim) & (its.c.number == later.c.outcome)
    found = (
        select(literal(1))
        .select_from(later.join(sealed, sealed.c.seq == later.c.claim).join(its, same))
        .where(
            later.c.number == documents.c.number,
            its.c.kind == outcomes.c.kind,
            its.c.channel == outcomes.c.channel,
            # An older export that came later says nothing about what is held.
            its.c.as_of >= outcomes.c.as_of,
            or_(
                sealed.c.seal > claims.c.seal,
                and_(later.c.claim == documents.c.claim, later.c.position > documents.c.position),
            ),
        )
    )
    return exists(found)


def _held_documents(connection: Connection) -> dict[str, int]:
    query = (
        select(claims.c.flow, func.count())
        .select_from(appearances)
        .where(text("documents.disposition = 'held'"), claims.c.seal.is_not(None), ~newer())
        .group_by(claims.c.flow)
        .order_by(claims.c.flow)
    )
    return _counted(connection, query)


def _last_run(connection: Connection) -> RunRow | None:
    row = connection.execute(select(runs).order_by(runs.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return RunRow(row.number, row.command, moment(row.started_at), moment_or_none(row.ended_at), row.exit)


def _actions(connection: Connection, run: int) -> dict[str, dict[str, int]]:
    """Return, by flow, what a run told targets, and of how many documents."""
    found: dict[str, Counter[str]] = {}
    query = select(claims.c.flow, claims.c.counts).where(claims.c.run == run, claims.c.seal.is_not(None))
    for flow, counts in connection.execute(query):
        found.setdefault(flow, Counter()).update(json.loads(counts).get("actions", {}))
    return {flow: dict(told) for flow, told in found.items() if told}


def _in_order(wanted: TextClause) -> Select[Any]:
    """Return the question for artifacts; the condition is written out, so that the database uses its partial index."""
    return (
        select(artifacts, claims.c.id.label("claim_id"), claims.c.flow)
        .join(claims, claims.c.seq == artifacts.c.claim)
        .where(wanted)
        .order_by(claims.c.seal, artifacts.c.number)
    )


def _by_flow(connection: Connection, query: Select[Any]) -> dict[str, tuple[Delivery, ...]]:
    found: dict[str, tuple[Delivery, ...]] = {}
    for row in connection.execute(query):
        found[row.flow] = (*found.get(row.flow, ()), delivery_of(row, row.claim_id))
    return found


def _counted(connection: Connection, query: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query)}
