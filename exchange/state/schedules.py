"""When each flow's schedule was served last, in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from exchange.state.database import Database
from exchange.state.rows import micros, moment_or_none
from exchange.state.tables import schedules


class SqlSchedules:
    """Scheduled moments in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, flow: str) -> datetime | None:
        """Return the scheduled moment that was served last."""
        query = select(schedules.c.served).where(schedules.c.flow == flow)
        with self._database.read() as connection:
            return moment_or_none(connection.execute(query).scalar_one_or_none())

    def served(self, flow: str, moment: datetime) -> None:
        """Remember, durably, that a scheduled moment was served."""
        row = {"served": micros(moment)}
        with self._database.write() as connection:
            if not connection.execute(update(schedules).where(schedules.c.flow == flow).values(row)).rowcount:
                connection.execute(insert(schedules).values(flow=flow, **row))
