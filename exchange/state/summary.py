"""Counts what `status` shows, from the partial indexes over what is still open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, exists, func, literal, or_, select, text

from exchange.kernel.ledger import Delivery, RunRow, Summary
from exchange.kernel.model import ArtifactState, ClaimState
from exchange.state.rows import delivery_of, moment, moment_or_none
from exchange.state.tables import appearances, artifacts, claims, documents, outcomes, rejects, runs


def read_summary(connection: Connection) -> Summary:
    """Return what `status` shows, all of one moment."""
    by_state: dict[str, dict[ClaimState, int]] = {}
    states = select(claims.c.flow, claims.c.state, func.count()).group_by(claims.c.flow, claims.c.state)
    for flow, state, count in connection.execute(states.order_by(claims.c.flow)):
        by_state.setdefault(flow, {})[ClaimState(state)] = count
    pending = _pending(connection)
    return Summary(
        claims=by_state,
        open_rejects=_open_rejects(connection),
        held_documents=_held_documents(connection),
        last_run=_last_run(connection),
        undelivered=tuple(entry for entry in pending if entry.artifact.state is not ArtifactState.PRESUMED),
        presumed=tuple(entry for entry in pending if entry.artifact.state is ArtifactState.PRESUMED),
    )


def _open_rejects(connection: Connection) -> dict[str, int]:
    query = select(rejects.c.flow, func.count()).where(text("rejects.state = 'open'")).group_by(rejects.c.flow)
    return _counted(connection, query.order_by(rejects.c.flow))


def _held_documents(connection: Connection) -> dict[str, int]:
    later, sealed, its = documents.alias("later"), claims.alias("sealed"), outcomes.alias("its")
    same = (its.c.claim == later.c.claim) & (its.c.number == later.c.outcome)
    newer = (
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
    query = (
        select(claims.c.flow, func.count())
        .select_from(appearances)
        .where(text("documents.disposition = 'held'"), claims.c.seal.is_not(None), ~exists(newer))
        .group_by(claims.c.flow)
        .order_by(claims.c.flow)
    )
    return _counted(connection, query)


def _last_run(connection: Connection) -> RunRow | None:
    row = connection.execute(select(runs).order_by(runs.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return RunRow(row.number, row.command, moment(row.started_at), moment_or_none(row.ended_at), row.exit)


def _pending(connection: Connection) -> list[Delivery]:
    query = (
        select(artifacts, claims.c.id.label("claim_id"))
        .join(claims, claims.c.seq == artifacts.c.claim)
        .where(text("artifacts.state <> 'delivered'"))
        .order_by(artifacts.c.claim, artifacts.c.number)
    )
    return [delivery_of(row, row.claim_id) for row in connection.execute(query)]


def _counted(connection: Connection, query: Any) -> dict[str, int]:  # noqa: ANN401 - generic in two columns
    return {row[0]: row[1] for row in connection.execute(query)}
