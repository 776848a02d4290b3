"""Makes a new ledger and brings an old one to the newest revision; loaded only when one of both is needed."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.pool import NullPool

from exchange.kernel.atomic import replace_synced, sync_folder
from exchange.kernel.errors import Stop
from exchange.state.database import BUSY_SECONDS, damaged, faults
from exchange.state.locks import exclusive

FOLDER = Path(__file__).parent / "migrations"


def create(path: Path) -> None:
    """Make a new ledger: built under another name and moved into place, so that an interrupted start leaves none.

    Raises Stop where a write-ahead log without its ledger lies there: the ledger was taken away, not never made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(_lock(path)):
        sync_folder(path.parent.parent)
        if path.exists():
            return
        if path.with_name(f"{path.name}-wal").exists():
            raise Stop(damaged(path, "the file is gone, its write-ahead log (-wal) is still there"))
        draft = path.with_name(f"{path.name}.new")
        for left in (draft, *path.parent.glob(f"{draft.name}-*")):
            left.unlink(missing_ok=True)
        # The log and its index take their mode from this file: orders are nobody else's business.
        draft.touch(mode=0o640)
        _run(draft, "PRAGMA journal_mode = WAL")
        replace_synced(draft, path)


def upgrade(path: Path, stored: str | None) -> None:
    """Bring an existing ledger to the newest revision; raises Stop where its revision is not one of ours."""
    if stored is None:
        raise Stop(damaged(path, "it is a database, but no ledger of exchange"))
    known = ScriptDirectory.from_config(_config())
    try:
        known.get_revision(stored)
    except CommandError as fault:
        raise Stop(
            f"ledger {path} was written by another version of exchange (its revision is {stored}, this version knows "
            f"{known.get_current_head()}). Nothing was changed. Install that version, or a newer one"
        ) from fault
    with exclusive(_lock(path)):
        _run(path)


def _run(path: Path, *pragmas: str) -> None:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )
    with faults(path), engine.connect() as connection:
        for pragma in (*pragmas, "PRAGMA synchronous = FULL"):
            connection.exec_driver_sql(pragma)
        event.listen(connection, "begin", _begin)
        connection.rollback()
        with connection.begin():
            command.upgrade(_config(connection), "head")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _lock(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")
