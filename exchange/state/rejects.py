"""Documents set aside, in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, text

from exchange.kernel.reject_rows import ProblemRow, RejectRow
from exchange.state.database import Database
from exchange.state.rows import problem_of, reject_of
from exchange.state.tables import claims, problems, rejects


class SqlRejects:
    """Rejects and their problems in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, reject_id: str) -> RejectRow | None:
        """Return one reject."""
        found = self._rejects(_REJECTS.where(rejects.c.reject_id == reject_id))
        return found[0] if found else None

    def find(self, flow: str | None = None, state: str | None = "open") -> list[RejectRow]:
        """Return rejects in the order they were opened; None means any."""
        query = _REJECTS.order_by(rejects.c.claim, rejects.c.reject_id)
        if flow is not None:
            query = query.where(rejects.c.flow == flow)
        if state == "open":
            # Written out: only then does the database use the index of open rejects.
            query = query.where(text("rejects.state = 'open'"))
        elif state is not None:
            query = query.where(rejects.c.state == state)
        return self._rejects(query)

    def problems(self, reject_id: str) -> list[ProblemRow]:
        """Return the problems kept for one reject."""
        query = select(problems).where(problems.c.reject_id == reject_id).order_by(problems.c.position)
        with self._database.read() as connection:
            return [problem_of(row) for row in connection.execute(query)]

    def _rejects(self, query: Select[Any]) -> list[RejectRow]:
        with self._database.read() as connection:
            return [reject_of(row, row.claim_id) for row in connection.execute(query)]


_REJECTS = select(rejects, claims.c.id.label("claim_id")).join(claims, claims.c.seq == rejects.c.claim)
