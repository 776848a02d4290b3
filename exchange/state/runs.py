"""Records runs and what people did by hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from exchange.kernel.ledger import ActionRow
from exchange.state.database import Database
from exchange.state.rows import micros, moment
from exchange.state.tables import actions, runs


class SqlRuns:
    """Runs and actions in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, command: str, at: datetime) -> int:
        """Record that a run begins and return its number."""
        with self._database.write(durable=False) as connection:
            new = insert(runs).values(command=command, started_at=micros(at)).returning(runs.c.number)
            return int(connection.execute(new).scalar_one())

    def end(self, run: int, exit_code: int, at: datetime) -> None:
        """Record that a run ended by itself."""
        with self._database.write(durable=False) as connection:
            connection.execute(update(runs).where(runs.c.number == run).values(ended_at=micros(at), exit=exit_code))

    def act(self, action: ActionRow) -> None:
        """Record what a person did by hand."""
        row = {
            "who": action.who,
            "what": action.what,
            "subject": action.subject,
            "reason": action.reason,
            "at": micros(action.at),
        }
        with self._database.write() as connection:
            connection.execute(insert(actions).values(row))

    def actions(self, subject: str | None = None) -> list[ActionRow]:
        """Return what was done by hand, oldest first."""
        query = select(actions).order_by(actions.c.number)
        if subject is not None:
            query = query.where(actions.c.subject == subject)
        with self._database.read() as connection:
            found = connection.execute(query).all()
        return [ActionRow(row.who, row.what, row.subject, row.reason, moment(row.at)) for row in found]
