"""What people have paused, in the database."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from exchange.kernel.ledger import Brake
from exchange.state.database import Database
from exchange.state.rows import micros, moment
from exchange.state.tables import brakes


class SqlBrakes:
    """Brakes in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pause(self, brake: Brake) -> None:
        """Pause a flow or an endpoint, durably; one that is paused stays as it was paused first."""
        with self._database.write() as connection:
            same = (brakes.c.kind == brake.kind, brakes.c.name == brake.name)
            if connection.execute(select(brakes).where(*same)).first() is None:
                row = {"who": brake.who, "reason": brake.reason, "at": micros(brake.at)}
                connection.execute(insert(brakes).values(kind=brake.kind, name=brake.name, **row))

    def resume(self, kind: str, name: str) -> bool:
        """Let it go on, durably; False where it was not paused."""
        with self._database.write() as connection:
            gone = connection.execute(delete(brakes).where(brakes.c.kind == kind, brakes.c.name == name))
            return bool(gone.rowcount)

    def paused(self) -> tuple[Brake, ...]:
        """Return what is paused, by kind and name."""
        with self._database.read() as connection:
            return read_brakes(connection)


def read_brakes(connection: Connection) -> tuple[Brake, ...]:
    """Return what is paused, by kind and name."""
    rows = connection.execute(select(brakes).order_by(brakes.c.kind, brakes.c.name))
    return tuple(Brake(row.kind, row.name, row.who, row.reason, moment(row.at)) for row in rows)
