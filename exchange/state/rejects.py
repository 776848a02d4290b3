"""Documents set aside, in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text, update

from exchange.kernel.miss import CODES, Miss, kept_miss
from exchange.kernel.reject_rows import Parked, ProblemRow, RejectRow
from exchange.kernel.returned import CellChange
from exchange.state.corrections import read_corrections
from exchange.state.database import Database
from exchange.state.rows import micros, problem_of, reject_of
from exchange.state.schema import WAITING
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

    def of_files(self, flow: str) -> list[RejectRow]:
        """Return the open rejects of files that were rejected whole, in the order they were opened."""
        is_file = (text("rejects.state = 'open'"), rejects.c.number == "", rejects.c.file_line == 0)
        return self._rejects(
            _REJECTS.where(rejects.c.flow == flow, *is_file).order_by(rejects.c.claim, rejects.c.reject_id)
        )

    def problems(self, reject_id: str) -> list[ProblemRow]:
        """Return the problems kept for one reject."""
        query = select(problems).where(problems.c.reject_id == reject_id).order_by(problems.c.position)
        with self._database.read() as connection:
            return [problem_of(row) for row in connection.execute(query)]

    def changes(self, reject_id: str) -> list[tuple[str, CellChange]]:
        """Return what people changed in its rows, in the order in which it came, each with the claim it came in."""
        return read_corrections(self._database, reject_id)

    def parked(self, flow: str | None = None, opened_until: datetime | None = None) -> list[Parked]:
        """Return the open rejects that wait for tables alone, in the order they were opened; None means any."""
        query = _REJECTS.where(text("rejects.state = 'open'"), rejects.c.codes.in_(WAITING), rejects.c.number != "")
        query = query if flow is None else query.where(rejects.c.flow == flow)
        query = query if opened_until is None else query.where(rejects.c.opened_at <= micros(opened_until))
        waiting = {row.reject_id: row for row in self._rejects(query.order_by(rejects.c.claim, rejects.c.reject_id))}
        if not waiting:
            return []
        misses: dict[str, dict[Miss, None]] = {}
        with self._database.read() as connection:
            for found in connection.execute(_MISSES):
                if found.reject_id in waiting:
                    miss = kept_miss(found.table_name, found.table_key, found.value)
                    misses.setdefault(found.reject_id, {})[miss] = None
        return [Parked(row, tuple(misses[identity])) for identity, row in waiting.items() if identity in misses]

    def waive(self, reject_id: str, at: datetime) -> bool:
        """End an open reject without a correction, durably; False where it is not open."""
        return self._change(reject_id, {"state": "waived", "closed_at": micros(at)})

    def assign(self, reject_id: str, name: str) -> bool:
        """Say who looks after an open reject, durably; False where it is not open."""
        return self._change(reject_id, {"assigned_to": name})

    def _change(self, reject_id: str, values: dict[str, object]) -> bool:
        changed = update(rejects).where(rejects.c.reject_id == reject_id, rejects.c.state == "open").values(values)
        with self._database.write() as connection:
            return connection.execute(changed).rowcount == 1

    def _rejects(self, query: Select[Any]) -> list[RejectRow]:
        with self._database.read() as connection:
            return [reject_of(row, row.claim_id) for row in connection.execute(query)]


_MISSES = (
    select(problems.c.reject_id, problems.c.table_name, problems.c.table_key, problems.c.value)
    .join(rejects, rejects.c.reject_id == problems.c.reject_id)
    # Written out: only then does the database use the index of open rejects.
    .where(text("rejects.state = 'open'"), problems.c.code.in_(CODES), problems.c.table_name != "")
    .order_by(problems.c.claim, problems.c.position)
)
_REJECTS = select(rejects, claims.c.id.label("claim_id")).join(claims, claims.c.seq == rejects.c.claim)
