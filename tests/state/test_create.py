"""A new ledger is what the migrations make, table by table and index by index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command

from exchange.state.create import create
from exchange.state.database import one_transaction
from exchange.state.migrate import _config


def _shape(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        shape: dict[str, list[tuple[object, ...]]] = {}
        for name in sorted(names):
            shape[name] = sorted(row[1:] for row in connection.execute(f"PRAGMA table_info('{name}')"))
            shape[f"{name} keys"] = sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list('{name}')"))
        shape["indexes"] = sorted(
            (row[0], "".join(row[1].split()).replace('"', "").lower())
            for row in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
        )
        shape["facts rows"] = connection.execute("SELECT * FROM facts").fetchall()
        shape["revision"] = connection.execute("SELECT * FROM alembic_version").fetchall()
    return shape


def test_a_new_ledger_is_what_the_migrations_make(tmp_path: Path) -> None:
    made, migrated = tmp_path / "state" / "made.db", tmp_path / "state" / "migrated.db"
    create(made, tmp_path)
    migrated.touch()
    with one_transaction(migrated) as connection:
        command.upgrade(_config(connection), "head")

    assert _shape(made) == _shape(migrated)
