"""What was seen in pick-up folders: files that stay there, and how those that wait looked last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update

from exchange.kernel.file_ledger import Look
from exchange.kernel.model import SourceFile
from exchange.state.database import Database
from exchange.state.rows import escape, micros, moment, unescape
from exchange.state.tables import looks, sightings


class SqlFiles:
    """Sightings and looks in the database."""

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

    def looks(self, endpoint: str, folder: str) -> dict[str, Look]:
        """Return the last look at each file of a folder, by name."""
        query = select(looks).where(*_folder(endpoint, folder))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return {
            unescape(row.name): Look(row.size, row.mtime_ns, moment(row.first_seen), moment(row.last_seen))
            for row in rows
        }

    def look(self, endpoint: str, folder: str, seen: Sequence[SourceFile], at: datetime) -> None:
        """Remember how the files of a folder look now; names that are not among them any more are forgotten."""
        before = self.looks(endpoint, folder)
        if not before and not seen:
            return
        place = {"endpoint": endpoint, "folder": escape(folder)}
        moment_ = micros(at)
        changed, gone = [], before.keys() - {source.name for source in seen}
        for source in seen:
            known = before.get(source.name)
            if known is None or (known.size, known.mtime_ns) != (source.size, source.mtime_ns):
                row = {"name": escape(source.name), "size": source.size, "mtime_ns": source.mtime_ns}
                changed.append(row | {"first_seen": moment_, "last_seen": moment_})
                gone |= {source.name} if known else set()
        with self._database.write(durable=False) as connection:
            if gone:
                forget = delete(looks).where(*_folder(endpoint, folder), looks.c.name == bindparam("gone"))
                connection.execute(forget, [{"gone": escape(name)} for name in sorted(gone)])
            connection.execute(update(looks).where(*_folder(endpoint, folder)).values(last_seen=moment_))
            if changed:
                connection.execute(insert(looks), [place | row for row in changed])


def _folder(endpoint: str, folder: str) -> tuple[ColumnElement[bool], ...]:
    return looks.c.endpoint == endpoint, looks.c.folder == escape(folder)


def _place(source: SourceFile) -> tuple[ColumnElement[bool], ...]:
    return (
        sightings.c.endpoint == source.endpoint,
        sightings.c.folder == escape(source.folder),
        sightings.c.name == escape(source.name),
    )
