"""Opens the ledger: finds the database, sees that it is ours and up to date, and hands out its ports."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from exchange.kernel.errors import ConfigurationError, Stop
from exchange.kernel.ledger import Summary
from exchange.kernel.load import load
from exchange.state.backorders import SqlBackorders
from exchange.state.brakes import SqlBrakes
from exchange.state.claims import SqlClaims
from exchange.state.database import Database, damaged
from exchange.state.deliveries import SqlDeliveries
from exchange.state.documents import SqlDocuments
from exchange.state.files import SqlFiles
from exchange.state.guards import SqlGuards
from exchange.state.holds import SqlHolds
from exchange.state.network import network_type
from exchange.state.rejects import SqlRejects
from exchange.state.runs import SqlRuns
from exchange.state.schedules import SqlSchedules
from exchange.state.schema import HEAD
from exchange.state.sent import SqlSent
from exchange.state.stock import SqlStock
from exchange.state.summary import read_summary

_REVISION = select(text("version_num")).select_from(text("alembic_version"))


class SqlLedger:
    """The ledger in a database; fulfils `kernel.ledger.Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.runs = SqlRuns(database)
        self.files = SqlFiles(database)
        self.claims = SqlClaims(database)
        self.deliveries = SqlDeliveries(database)
        self.documents = SqlDocuments(database)
        self.holds = SqlHolds(database)
        self.sent = SqlSent(database)
        self.stock = SqlStock(database)
        self.backorders = SqlBackorders(database)
        self.guards = SqlGuards(database)
        self.rejects = SqlRejects(database)
        self.brakes = SqlBrakes(database)
        self.schedules = SqlSchedules(database)

    def summary(self) -> Summary:
        """Return what `status` shows."""
        with self._database.read() as connection:
            return read_summary(connection)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def open_ledger(url: str, workspace: Path) -> SqlLedger:
    """Open the ledger at `url` (relative to the workspace), making or upgrading it where needed.

    Raises ConfigurationError for a URL or place that cannot hold a ledger, TryLater where it is locked or the disk is
    full, Stop where it is corrupt, not a ledger, or of a version that is not known. It is never made anew silently.
    """
    path = ledger_path(url, workspace)
    if not path.exists():
        load("exchange.state.create:create")(path, workspace)
    elif path.stat().st_size == 0:
        raise Stop(damaged(path, "it is empty"))
    database = Database(path)
    try:
        stored = _revision(database)
    except BaseException:
        database.close()
        raise
    if stored != HEAD:
        database.close()
        load("exchange.state.migrate:upgrade")(path, stored)
        database = Database(path)
    return SqlLedger(database)


def ledger_path(url: str, workspace: Path) -> Path:
    """Return the file a ledger URL means; raises ConfigurationError with what to write instead."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise ConfigurationError(
            f"mappings/exchange.yaml: ledger: {url!r} is not a ledger this version can use; "
            f"write sqlite:///data/state/ledger.db"
        )
    path = workspace / str(parsed.database)
    if kind := network_type(path.parent):
        raise ConfigurationError(
            f"mappings/exchange.yaml: ledger: {path} lies on a network file system ({kind}), where SQLite can lose "
            f"what it wrote; write a path on a local disk, for example sqlite:////var/lib/exchange/ledger.db"
        )
    return path


def _revision(database: Database) -> str | None:
    """Return the revision a ledger is at; None where the database has none."""
    try:
        with database.read() as connection:
            found: str | None = connection.execute(_REVISION).scalar_one_or_none()
            return found
    except OperationalError:
        # What SQLite's own fault names (corrupt, locked ...) has left as ours; this is "no such table".
        return None
