"""Documents that are held for too long, in the database: found once each, told or let go in one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, text, update

from exchange.kernel.hold_rows import Overdue
from exchange.kernel.model import Disposition
from exchange.kernel.reject_rows import ProblemRow, RejectRow
from exchange.state.database import Database
from exchange.state.documents import add_late, appearances_of
from exchange.state.rows import micros, moment
from exchange.state.schema import CROSSED
from exchange.state.seal import write_problems, write_rejects
from exchange.state.tables import claims, documents, held_checks, outcomes, problems, rejects
from exchange.state.trace import read_held

_HELD = Disposition.HELD.value
_TOO_LONG = "HELD_TOO_LONG"


class SqlHolds:
    """Held documents and how long they are held."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def crossed(self, flow: str, before: datetime) -> bool:
        """Tell whether a document was held before a moment by a file that was not looked at for this yet."""
        with self._database.read() as connection:
            asked = text(CROSSED)
            return connection.execute(asked, {"flow": flow, "before": micros(before)}).first() is not None

    def overdue(self, flow: str, before: datetime) -> list[Overdue]:
        """Return the documents that are held since before a moment and were not told of, by number."""
        with self._database.read() as connection:
            rows = (_overdue(connection, flow, key, micros(before)) for key in _keys(connection, flow, micros(before)))
            return [found for found in rows if found is not None]

    def settle(
        self,
        flow: str,
        before: datetime,
        *,
        told: Sequence[tuple[RejectRow, ProblemRow]] = (),
        let_go: Iterable[tuple[Overdue, str]] = (),
    ) -> None:
        """Record, durably and in one step, what was told or let go (with its reason), and that all was looked at."""
        with self._database.write() as connection:
            for reject, problem in told:
                seq = _seq(connection, reject.claim)
                write_rejects(connection, seq, [reject])
                last = connection.execute(select(func.max(problems.c.position)).where(problems.c.claim == seq))
                write_problems(connection, seq, [problem], -1 if (at := last.scalar_one()) is None else int(at))
            for overdue, reason in let_go:
                add_late(connection, _seq(connection, overdue.held.claim.id), overdue.held, reason)
            _note(connection, flow, micros(before))


def _keys(connection: Connection, flow: str, before: int) -> Sequence[Row[Any]]:
    """Return (kind, channel, number) of what came to be held since the last look."""
    since = select(held_checks.c.until).where(held_checks.c.flow == flow).scalar_subquery()
    query: Select[Any] = (
        select(outcomes.c.kind, outcomes.c.channel, documents.c.number)
        .select_from(claims)
        .join(documents, documents.c.claim == claims.c.seq)
        .join(outcomes, (outcomes.c.claim == documents.c.claim) & (outcomes.c.number == documents.c.outcome))
        .where(
            claims.c.flow == flow,
            claims.c.seal.is_not(None),
            claims.c.sealed_at <= before,
            claims.c.sealed_at > func.coalesce(since, -1),
            # Written out: only then does the database use the index of held documents.
            text("documents.disposition = 'held'"),
        )
        .distinct()
        .order_by(documents.c.number, outcomes.c.kind, outcomes.c.channel)
    )
    return connection.execute(query).all()


def _overdue(connection: Connection, flow: str, key: Row[Any], before: int) -> Overdue | None:
    query = appearances_of(key.kind, key.number, key.channel).add_columns(claims.c.id.label("claim_id"))
    query = query.add_columns(claims.c.sealed_at.label("moment"))
    begins: Row[Any] | None = None
    newest: int | None = None
    for row in connection.execute(query):
        if newest is not None and row.as_of < newest:
            continue  # an older export that came later says nothing about what is held
        newest = row.as_of
        begins = (begins or row) if row.disposition == _HELD else None
    if begins is None or begins.moment > before or _told(connection, key, begins.moment):
        return None
    [held] = read_held(connection, appearances_of(key.kind, key.number, key.channel))
    return Overdue(held, moment(begins.moment), begins.claim_id, begins.position) if held.claim.flow == flow else None


def _told(connection: Connection, key: Row[Any], since: int) -> bool:
    query = select(rejects.c.reject_id).where(
        rejects.c.number == key.number,
        rejects.c.kind == key.kind,
        rejects.c.channel == key.channel,
        rejects.c.codes == _TOO_LONG,
        rejects.c.opened_at >= since,
    )
    return connection.execute(query).first() is not None


def _seq(connection: Connection, claim: str) -> int:
    return int(connection.execute(select(claims.c.seq).where(claims.c.id == claim)).scalar_one())


def _note(connection: Connection, flow: str, until: int) -> None:
    noted = connection.execute(update(held_checks).where(held_checks.c.flow == flow).values(until=until))
    if not noted.rowcount:
        connection.execute(insert(held_checks).values(flow=flow, until=until))
