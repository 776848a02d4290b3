"""SQL that is compiled once for a whole process: a test opens many ledgers, and each would compile the same anew.

SQLAlchemy keeps what it compiled by engine, and an engine stands for one database. Every ledger is an SQLite file with
the same tables: what was compiled for one of them is right for all.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from exchange.state.tables import metadata

_compiled: dict[Any, Any] = {}
_tables: list[str] = []
_create_all = metadata.create_all


class SharedSqlite(SQLiteDialect_pysqlite):
    """SQLite as SQLAlchemy speaks it; one is as good as another, so what one compiled serves all."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedSqlite)

    def __hash__(self) -> int:
        return hash(SharedSqlite)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let an engine look for its statements where all do."""
        engine.update_execution_options(compiled_cache=_compiled)


def share() -> None:
    """Let every engine that is made from now on share its statements with the others."""
    registry.register("sqlite", __name__, SharedSqlite.__name__)
    patch.object(metadata, "create_all", _created).start()


def _created(connection: Connection) -> None:
    """Make all tables of a ledger: the first time as the product does, then with the statements of that time."""
    for statement in _tables:
        connection.exec_driver_sql(statement)
    if not _tables:
        _create_all(connection)
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        _tables.extend(made.scalars())
