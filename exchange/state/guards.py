"""What guards compare with and the files that they hold, in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from exchange.kernel.errors import Stop
from exchange.kernel.guard_rows import Baseline, Decision, Hold, Notice
from exchange.kernel.model import ClaimState, Counts
from exchange.state.claims import unsealed
from exchange.state.database import Database
from exchange.state.guard_seal import write_notices
from exchange.state.guard_tables import guard_baselines, guard_holds, notices
from exchange.state.rows import micros, moment, moment_or_none
from exchange.state.tables import claims


class SqlGuards:
    """Baselines, held files and notices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def baseline(self, flow: str, pick_up: str) -> Baseline | None:
        """Return the last accepted file of a pick-up."""
        query = (
            select(guard_baselines, claims.c.id.label("accepted"))
            .join(claims, claims.c.seq == guard_baselines.c.claim)
            .where(guard_baselines.c.flow == flow, guard_baselines.c.pick_up == pick_up)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        columns = tuple(json.loads(row.columns))
        return Baseline(pick_up, moment(row.as_of), row.records, columns, row.items, row.accepted)

    def hold(self, hold: Hold, notice: Notice | None) -> None:
        """Record, durably and in one step, that guards hold a claim; raises Stop where it is sealed."""
        counts = {"records": hold.records.as_json(), "documents": hold.documents.as_json()}
        values = {
            "held_at": micros(hold.held_at),
            "reasons": json.dumps(hold.reasons),
            "page": hold.page,
            "fingerprint": hold.fingerprint,
            "counts": json.dumps({**counts, "problems": dict(hold.problems)}),
            "decision": hold.decision.value,
            "who": hold.who,
            "reason": hold.reason,
            "decided_at": None if hold.decided_at is None else micros(hold.decided_at),
        }
        noted = json.dumps([f"held at {hold.held_at.isoformat()}", *hold.reasons])
        with self._database.write() as connection:
            seq = unsealed(connection, hold.claim).seq
            held = {"state": ClaimState.HELD.value, "notes": noted}
            connection.execute(update(claims).where(claims.c.seq == seq).values(held))
            new = upsert(guard_holds).values(claim=seq, **values)
            connection.execute(new.on_conflict_do_update(["claim"], set_=values))
            if notice is not None:
                write_notices(connection, [notice])

    def held(self, claim: str) -> Hold | None:
        """Return what is known of a claim that guards held last."""
        with self._database.read() as connection:
            row = connection.execute(_holds().where(claims.c.id == claim)).one_or_none()
        return None if row is None else _hold(row)

    def holding(self, flow: str) -> list[Hold]:
        """Return the files of a flow that wait for a person, the oldest first."""
        waiting = (claims.c.state == ClaimState.HELD.value) & (guard_holds.c.decision == Decision.OPEN.value)
        query = _holds().where(claims.c.flow == flow, waiting).order_by(claims.c.seq)
        with self._database.read() as connection:
            return [_hold(row) for row in connection.execute(query)]

    def decide(self, claim: str, decision: Decision, who: str, reason: str, at: datetime) -> None:
        """Record, durably, what becomes of a held claim; raises Stop where guards hold none of this id."""
        seq = select(claims.c.seq).where(claims.c.id == claim).scalar_subquery()
        values = {"decision": decision.value, "who": who, "reason": reason, "decided_at": micros(at)}
        with self._database.write() as connection:
            if connection.execute(update(guard_holds).where(guard_holds.c.claim == seq).values(values)).rowcount != 1:
                raise Stop(f"claim {claim} is not held by a guard, but was to be {decision.value}")

    def notices(self) -> list[Notice]:
        """Return what waits to be sent to people, oldest first."""
        query = select(notices).where(notices.c.sent_at.is_(None)).order_by(notices.c.number)
        with self._database.read() as connection:
            return [
                Notice(row.kind, row.flow, row.subject, row.text, moment(row.at)) for row in connection.execute(query)
            ]


def _holds() -> Select[Any]:
    return select(guard_holds, claims.c.id, claims.c.flow).join(claims, claims.c.seq == guard_holds.c.claim)


def _hold(row: Row[Any]) -> Hold:
    counts = json.loads(row.counts)
    return Hold(
        row.id,
        row.flow,
        moment(row.held_at),
        tuple(json.loads(row.reasons)),
        row.page,
        row.fingerprint,
        _counts(counts["records"]),
        _counts(counts["documents"]),
        counts["problems"],
        Decision(row.decision),
        row.who,
        row.reason,
        moment_or_none(row.decided_at),
    )


def _counts(found: Mapping[str, int]) -> Counts:
    return Counts(found["in"], found["out"], found["rejected"], found["filtered"], found["held"])
