"""Records runs, what people did by hand, and files that were seen and left where they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update

from exchange.kernel.ledger import ActionRow
from exchange.kernel.model import SourceFile
from exchange.state.database import Database
from exchange.state.rows import escape, micros, moment
from exchange.state.tables import actions, runs, sightings


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


class SqlFiles:
    """Sightings in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sighting(self, source: SourceFile) -> str | None:
        """Return the sha256 noted for this very name, size and time; None where anything differs."""
        query = select(sightings.c.sha256).where(
            *_place(source), sightings.c.size == source.size, sightings.c.mtime_ns == source.mtime_ns
        )
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def note(self, source: SourceFile, sha256: str, at: datetime) -> None:
        """Remember the content of a file as it was seen."""
        seen = {"size": source.size, "mtime_ns": source.mtime_ns, "sha256": sha256, "seen_at": micros(at)}
        place = {"endpoint": source.endpoint, "folder": escape(source.folder), "name": escape(source.name)}
        with self._database.write(durable=False) as connection:
            if not connection.execute(update(sightings).where(*_place(source)).values(seen)).rowcount:
                connection.execute(insert(sightings).values(**place, **seen))


def _place(source: SourceFile) -> tuple[ColumnElement[bool], ...]:
    return (
        sightings.c.endpoint == source.endpoint,
        sightings.c.folder == escape(source.folder),
        sightings.c.name == escape(source.name),
    )
