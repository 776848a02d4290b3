"""One open connection to the ledger's database: transactions, durability, and faults put into our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from exchange.kernel.errors import Stop, TryLater
from exchange.state.locks import exclusive
from exchange.state.work import ARCHIVE

_ROWS_AT_ONCE = 20
"""Rows of one INSERT: measured, 20 take 60 % of the time of one by one, more gain nothing."""
BUSY_SECONDS = 60
"""How long a writer waits for another one; the longest transaction, a seal, takes a few seconds."""

_CORRUPT = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR", "SQLITE_PROTOCOL"}
_AWAY = {
    "SQLITE_BUSY": "it is locked by another process; wait for that one to end",
    "SQLITE_LOCKED": "it is locked by another process; wait for that one to end",
    "SQLITE_READONLY": "it cannot be written; give this user write access to it and its folder",
    "SQLITE_CANTOPEN": "it cannot be opened; look at the folder's owner and permissions",
    "SQLITE_PERM": "access is refused; look at the folder's owner and permissions",
    "SQLITE_FULL": "the disk is full; free some space",
    # The shared-memory file cannot grow: the disk is full as well.
    "SQLITE_IOERR_SHMSIZE": "the disk is full; free some space",
}


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Turn what SQLite says into TryLater or Stop with what to do; what it does not know passes through."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as fault:
        original = fault.orig if isinstance(fault, DBAPIError) else fault
        name = getattr(original, "sqlite_errorname", "") or ""
        family = "_".join(name.split("_")[:2])
        if away := _AWAY.get(name) or _AWAY.get(family):
            raise TryLater(f"ledger {path}: {away}, then run the same command again ({original})") from fault
        if family in _CORRUPT:
            raise Stop(damaged(path, str(original))) from fault
        raise


def damaged(path: Path, reason: str) -> str:
    """Return the message for a ledger that cannot be trusted."""
    return (
        f"ledger {path} cannot be read: {reason}. Nothing more is delivered. Look at the disk and run again; if it "
        f"stays so, restore the file (and its -wal) from a backup. Only if there is none, move it away, and "
        f"{ARCHIVE} with it: an empty ledger is begun, and knows nothing of what was sent"
    )


class Database:
    """The ledger's database, opened; used by one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begin = "BEGIN"
        with faults(path):
            self._engine = _engine(path)
            event.listen(self._engine, "begin", self._on_begin)
            self._connection = self._engine.connect()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database throughout."""
        with faults(self.path), self._connection.begin():
            yield self._connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """Give a connection inside one write transaction, committed at the end.

        Where not `durable`, a power cut may lose the commit until the next durable one follows (never tear it).
        """
        with faults(self.path):
            if not durable:
                self._pragma("synchronous = NORMAL")
            self._begin = "BEGIN IMMEDIATE"
            try:
                with self._connection.begin():
                    yield self._connection
            finally:
                self._begin = "BEGIN"
                if not durable:
                    self._pragma("synchronous = FULL")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._engine.dispose()

    def _on_begin(self, connection: Connection) -> None:
        connection.exec_driver_sql(self._begin)

    def _pragma(self, pragma: str) -> None:
        # Straight to the driver: by way of SQLAlchemy it would begin a transaction, inside which this is ignored.
        driver = self._connection.connection.driver_connection
        if driver is not None:
            driver.execute(f"PRAGMA {pragma}").close()


def insert_many(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert plain tuples, many times faster than one mapping for each row."""
    _insert(connection, table, columns, list(chain.from_iterable(rows)))


def insert_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows that are given by columns of equal length: no tuple is made for any of them."""
    width = len(columns)
    cells: list[Any] = [None] * (width * len(next(iter(columns.values()))))
    for place, column in enumerate(columns.values()):
        cells[place::width] = column
    _insert(connection, table, tuple(columns), cells)


def _insert(connection: Connection, table: Table, columns: tuple[str, ...], cells: list[Any]) -> None:
    """Insert rows whose cells lie one behind the other."""
    width = len(columns)
    if not connection.dialect.positional:
        if cells:
            rows = (cells[start : start + width] for start in range(0, len(cells), width))
            connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    several = width * _ROWS_AT_ONCE
    whole = len(cells) - len(cells) % several
    for count, begin, end in ((_ROWS_AT_ONCE, 0, whole), (1, whole, len(cells))):
        size = width * count
        parameters = [tuple(cells[start : start + size]) for start in range(begin, end, size)]
        if parameters:
            connection.exec_driver_sql(_insert_sql(table, columns, connection.dialect, count), parameters)


@cache
def _insert_sql(table: Table, columns: tuple[str, ...], dialect: Dialect, count: int) -> str:
    one = str(insert(table).compile(dialect=dialect, column_keys=list(columns)))
    head, _, values = one.partition(" VALUES ")
    return f"{head} VALUES {', '.join([values] * count)}"


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _on_connect)
    return engine


def _on_connect(driver: sqlite3.Connection, _: object) -> None:
    # The journal mode is kept in the file: it was set when the ledger was made.
    try:
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
            driver.execute(f"PRAGMA {pragma}").close()
    except sqlite3.Error:
        driver.close()
        raise


@contextmanager
def one_transaction(path: Path, *pragmas: str) -> Iterator[Connection]:
    """Yield a connection of its own in one durable transaction, for making and upgrading a ledger."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )
    with faults(path), engine.connect() as connection:
        for pragma in (*pragmas, "PRAGMA synchronous = FULL"):
            connection.exec_driver_sql(pragma)
        event.listen(connection, "begin", _begin_immediately)
        connection.rollback()
        with connection.begin():
            yield connection


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def ledger_lock(path: Path) -> AbstractContextManager[None]:
    """Return the lock under which a ledger is made or upgraded."""
    return exclusive(path.with_name(f"{path.name}.lock"))
