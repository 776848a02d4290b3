"""Makes a new ledger from the declared tables: what all migrations together make (a test holds both together).

It does without alembic, whose import costs a first run a quarter of a second.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert

from exchange.kernel.atomic import make_folder, replace_synced, sync_folder
from exchange.kernel.errors import Stop
from exchange.state.database import damaged, ledger_lock, one_transaction
from exchange.state.schema import HEAD
from exchange.state.tables import facts, metadata
from exchange.state.work import ARCHIVE

_stamp = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True, nullable=False))


def create(path: Path, workspace: Path) -> None:
    """Make a new ledger: built under another name and moved into place, so that an interrupted start leaves none.

    Raises Stop where a write-ahead log without its ledger lies there, or the workspace has sent something: the ledger
    was taken away, not never made.
    """
    make_folder(path.parent)
    with ledger_lock(path):
        sync_folder(path.parent.parent)
        if path.exists():
            return
        if path.with_name(f"{path.name}-wal").exists():
            raise Stop(damaged(path, "the file is gone, its write-ahead log (-wal) is still there"))
        if sent := next((workspace / ARCHIVE).glob("*/*/*.sent"), None):
            raise Stop(
                f"ledger {path} is gone (a disk that is not mounted?), but {sent} shows what was sent: an empty ledger "
                "knows nothing of it, and would let it be sent again. Restore the file (and its -wal) from a backup; "
                f"only if there is none, move {ARCHIVE} away and run again"
            )
        draft = path.with_name(f"{path.name}.new")
        for left in (draft, *path.parent.glob(f"{draft.name}-*")):
            left.unlink(missing_ok=True)
        # The log and its index take their mode from this file: orders are nobody else's business.
        draft.touch(mode=0o640)
        with one_transaction(draft, "PRAGMA journal_mode = WAL") as connection:
            _make(connection)
        replace_synced(draft, path)


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    _stamp.create(connection)
    connection.execute(insert(_stamp).values(version_num=HEAD))
    connection.execute(insert(facts).values(id=1, version=0))
