"""Brings an old ledger to the newest revision; imports alembic, so it is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from exchange.kernel.errors import Stop
from exchange.state.database import damaged, ledger_lock, one_transaction

FOLDER = Path(__file__).parent / "migrations"


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
    with ledger_lock(path), one_transaction(path) as connection:
        command.upgrade(_config(connection), "head")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
