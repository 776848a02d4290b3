"""The commit point: everything a claim leaves behind, written in the caller's transaction."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from exchange.kernel.errors import Stop
from exchange.kernel.ledger import FactsChanged, Sealing
from exchange.kernel.model import ClaimState
from exchange.kernel.reject_rows import ProblemRow, RejectRow
from exchange.state.database import insert_many
from exchange.state.rows import artifact_row, counts_json, micros
from exchange.state.tables import artifacts, claims, documents, facts, outcomes, problem_counts, problems, rejects

_SHOWN = 20
_REJECT = (
    "reject_id",
    "claim",
    "flow",
    "kind",
    "channel",
    "number",
    "codes",
    "file",
    "file_line",
    "opened_at",
    "as_of",
    "state",
    "closed_by",
    "closed_at",
)
_PROBLEM = (
    "claim",
    "position",
    "code",
    "severity",
    "message",
    "remedy",
    "file_line",
    "record",
    "field",
    "value",
    "number",
    "reject_id",
)


def write_seal(connection: Connection, claim: Row[Any], sealing: Sealing) -> None:
    """Give the claim the next place in the order of effects and record what belongs to it."""
    # First of all: this update makes every other seal wait until ours is over.
    connection.execute(update(facts).where(facts.c.id == 1).values(version=facts.c.version + 1))
    place = connection.execute(select(facts.c.version)).scalar_one()
    if place - 1 > sealing.version:
        _refuse_changed(connection, claim, sealing.version)
    if sealing.artifacts:
        connection.execute(insert(artifacts), [artifact_row(artifact, claim.seq) for artifact in sealing.artifacts])
    insert_many(connection, rejects, _REJECT, [_reject(reject, claim.seq) for reject in sealing.rejects])
    insert_many(
        connection,
        problems,
        _PROBLEM,
        [_problem(problem, claim.seq, position) for position, problem in enumerate(sealing.problems)],
    )
    counted = [(claim.seq, code, count) for code, count in sealing.problem_counts.items()]
    insert_many(connection, problem_counts, ("claim", "code", "count"), counted)
    _close(connection, sealing)
    connection.execute(
        update(claims)
        .where(claims.c.seq == claim.seq)
        .values(
            state=ClaimState.SEALED.value,
            seal=place,
            sealed_at=micros(sealing.at),
            counts=counts_json(sealing.records, sealing.documents),
            notes=json.dumps(sealing.notes),
        )
    )


def _refuse_changed(connection: Connection, claim: Row[Any], version: int) -> None:
    mine, my = documents.alias("mine"), outcomes.alias("my")
    other, its = documents.alias("other"), outcomes.alias("its")
    query = (
        select(mine.c.number)
        .select_from(claims.join(other, other.c.claim == claims.c.seq))
        .join(its, (its.c.claim == other.c.claim) & (its.c.number == other.c.outcome))
        .join(mine, (mine.c.number == other.c.number) & (mine.c.claim == claim.seq))
        .join(my, (my.c.claim == mine.c.claim) & (my.c.number == mine.c.outcome))
        .where(claims.c.seal > version, my.c.kind == its.c.kind, my.c.channel == its.c.channel)
        .distinct()
        .limit(_SHOWN)
    )
    changed = connection.execute(query).scalars().all()
    if changed:
        raise FactsChanged(claim.id, tuple(sorted(changed)))


def _close(connection: Connection, sealing: Sealing) -> None:
    known = [reject.reject_id for reject in sealing.rejects]
    if twice := {closing.reject_id for closing in sealing.closes}.intersection(known):
        raise Stop(f"claim {sealing.claim} opens and closes the reject {min(twice)} at once")
    by_state: dict[str, list[dict[str, str]]] = {}
    for closing in sealing.closes:
        by_state.setdefault(closing.state, []).append({"closing": closing.reject_id})
    for state, closings in by_state.items():
        # One that is over already (waived by a person meanwhile, say) stays as it is.
        connection.execute(
            update(rejects)
            .where(rejects.c.reject_id == bindparam("closing"), rejects.c.state == "open")
            .values(state=state, closed_by=sealing.claim, closed_at=micros(sealing.at)),
            closings,
        )


def _reject(reject: RejectRow, claim: int) -> tuple[Any, ...]:
    return (
        reject.reject_id,
        claim,
        reject.flow,
        reject.kind,
        reject.channel,
        reject.number,
        " ".join(reject.codes),
        reject.file,
        reject.file_line,
        micros(reject.opened_at),
        micros(reject.as_of),
        reject.state,
        reject.closed_by,
        None if reject.closed_at is None else micros(reject.closed_at),
    )


def _problem(problem: ProblemRow, claim: int, position: int) -> tuple[Any, ...]:
    return (
        claim,
        position,
        problem.code,
        problem.severity,
        problem.message,
        problem.remedy,
        problem.file_line,
        problem.record,
        problem.field,
        problem.value,
        problem.number,
        problem.reject_id,
    )
