"""The commit point: everything a claim leaves behind, written in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update

from exchange.kernel.errors import Stop
from exchange.kernel.ledger import FactsChanged, Sealing
from exchange.kernel.model import ClaimState
from exchange.kernel.reject_rows import ProblemRow, RejectRow
from exchange.state.backorders import write_backorders
from exchange.state.corrections import write_corrections
from exchange.state.database import insert_many
from exchange.state.guard_seal import write_baseline, write_notices
from exchange.state.rows import artifact_row, counts_json, micros
from exchange.state.shipped import shipped_meanwhile, write_shipped
from exchange.state.stock_seal import write_stock
from exchange.state.tables import (
    actions,
    artifacts,
    claims,
    documents,
    facts,
    outcomes,
    problem_counts,
    problems,
    rejects,
)

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
    "table_name",
    "table_key",
)


def write_seal(connection: Connection, claim: Row[Any], sealing: Sealing, begins: int | None = None) -> int:
    """Give the claim the next place in the order of effects and record what belongs to it; returns its place.

    `begins`: the first place of the claims that are sealed in this transaction, none of which has another's documents.
    """
    # First of all: this update makes every other seal wait until ours is over.
    connection.execute(update(facts).where(facts.c.id == 1).values(version=facts.c.version + 1))
    place = connection.execute(select(facts.c.version)).scalar_one()
    if place - 1 > sealing.version:
        _refuse_changed(connection, claim, range(sealing.version + 1, begins or place))
    if sealing.artifacts:
        connection.execute(insert(artifacts), [artifact_row(artifact, claim.seq) for artifact in sealing.artifacts])
    write_rejects(connection, claim.seq, sealing.rejects)
    write_problems(connection, claim.seq, sealing.problems)
    counted = [(claim.seq, code, count) for code, count in sealing.problem_counts.items()]
    insert_many(connection, problem_counts, ("claim", "code", "count"), counted)
    _close(connection, sealing)
    write_shipped(connection, claim.seq, sealing.shipped)
    write_backorders(connection, claim, sealing, range(sealing.version + 1, begins or place))
    if sealing.stock is not None:
        write_stock(connection, claim, sealing.stock)
    write_corrections(connection, claim.seq, sealing.changes)
    if sealing.baseline is not None:
        write_baseline(connection, claim, sealing.baseline)
    write_notices(connection, sealing.notices)
    connection.execute(
        update(claims)
        .where(claims.c.seq == claim.seq)
        .values(
            state=ClaimState.SEALED.value,
            seal=place,
            sealed_at=micros(sealing.at),
            counts=counts_json(sealing.records, sealing.documents, sealing.actions),
            as_of=claim.as_of if sealing.as_of is None else micros(sealing.as_of),
            notes=json.dumps(sealing.notes),
            versions=json.dumps(dict(sealing.versions)),
            outputs_of=sealing.outputs_of,
        )
    )
    return int(place)


def write_rejects(connection: Connection, claim: int, found: Sequence[RejectRow]) -> None:
    """Record rejects of a claim."""
    insert_many(connection, rejects, _REJECT, [_reject(reject, claim) for reject in found])


def write_problems(connection: Connection, claim: int, found: Sequence[ProblemRow], behind: int = -1) -> None:
    """Record problems of a claim; `behind`: the last position that is taken."""
    rows = [_problem(problem, claim, position) for position, problem in enumerate(found, behind + 1)]
    insert_many(connection, problems, _PROBLEM, rows)


def _refuse_changed(connection: Connection, claim: Row[Any], others: range) -> None:
    """Refuse what was decided without knowing of claims that took one of these places."""
    mine, my = documents.alias("mine"), outcomes.alias("my")
    other, its = documents.alias("other"), outcomes.alias("its")
    query = (
        select(mine.c.number)
        .select_from(claims.join(other, other.c.claim == claims.c.seq))
        .join(its, (its.c.claim == other.c.claim) & (its.c.number == other.c.outcome))
        .join(mine, (mine.c.number == other.c.number) & (mine.c.claim == claim.seq))
        .join(my, (my.c.claim == mine.c.claim) & (my.c.number == mine.c.outcome))
        .where(
            claims.c.seal.between(others.start, others.stop - 1), my.c.kind == its.c.kind, my.c.channel == its.c.channel
        )
        .distinct()
        .limit(_SHOWN)
    )
    changed = {*connection.execute(query).scalars(), *shipped_meanwhile(connection, claim.seq, others, _SHOWN)}
    if changed:
        raise FactsChanged(claim.id, tuple(sorted(changed)[:_SHOWN]))


def _close(connection: Connection, sealing: Sealing) -> None:
    known = [reject.reject_id for reject in sealing.rejects]
    if twice := {closing.reject_id for closing in sealing.closes}.intersection(known):
        raise Stop(f"claim {sealing.claim} opens and closes the reject {min(twice)} at once")
    _waive(connection, sealing)
    _hand_on(connection, sealing)
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


def _waive(connection: Connection, sealing: Sealing) -> None:
    """Note who waives rejects and why; not of those that are over already."""
    for closing in sealing.closes:
        is_open = select(rejects.c.state).where(rejects.c.reject_id == closing.reject_id, rejects.c.state == "open")
        if closing.who and connection.execute(is_open).first() is not None:
            at = micros(sealing.at)
            row = {
                "who": closing.who,
                "what": "waive",
                "subject": closing.reject_id,
                "reason": closing.reason,
                "at": at,
            }
            connection.execute(insert(actions).values(row))


def _hand_on(connection: Connection, sealing: Sealing) -> None:
    """Let who looks after a superseded reject look after the one that takes its place."""
    superseded = {closing.reject_id for closing in sealing.closes if closing.state == "superseded"}
    successors = {_about(reject): reject.reject_id for reject in sealing.rejects if reject.state == "open"}
    if not superseded or not successors:
        return
    # Written out: only then does the database use the index of open rejects.
    assigned = select(rejects).where(text("rejects.state = 'open'"), rejects.c.assigned_to != "")
    for row in connection.execute(assigned.order_by(rejects.c.claim)).all():
        if row.reject_id in superseded and _about(row) in successors:
            successor = rejects.c.reject_id == successors[_about(row)]
            connection.execute(update(rejects).where(successor).values(assigned_to=row.assigned_to))


def _about(reject: RejectRow | Row[Any]) -> tuple[object, ...]:
    """Return what tells one set-aside document, or file, from another."""
    return reject.kind, reject.channel, reject.number, None if reject.number else reject.file_line


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
        "" if problem.lacks is None else problem.lacks.table,
        "" if problem.lacks is None else problem.lacks.kept,
    )
