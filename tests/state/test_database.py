"""Transactions, durability, faults in our own words, and inserting many rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from exchange.kernel.errors import Stop, TryLater
from exchange.state.database import Database, faults, insert_many
from exchange.state.ledger import SqlLedger
from exchange.state.tables import sightings
from tests.state.book import NOW, ledger_file

COLUMNS = ("endpoint", "folder", "name", "size", "mtime_ns", "sha256", "seen_at")


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 60, 67])
def test_many_rows_are_all_inserted(ledger: SqlLedger, count: int) -> None:
    rows = [("shop", "", f"{number:03}", number, 0, "", 0) for number in range(count)]
    database = ledger.runs._database

    with database.write() as connection:
        insert_many(connection, sightings, COLUMNS, rows)

    with database.read() as connection:
        assert list(map(tuple, connection.execute(select(sightings).order_by(sightings.c.name)))) == rows


def test_failed_write_leaves_nothing(ledger: SqlLedger) -> None:
    database = ledger.runs._database
    for durable in (True, False):
        with pytest.raises(KeyError):
            _fail(database, durable=durable)

    with database.read() as connection:
        assert connection.execute(select(sightings)).all() == []
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def _fail(database: Database, *, durable: bool) -> None:
    with database.write(durable=durable) as connection:
        insert_many(connection, sightings, COLUMNS, [("shop", "", "a", 1, 0, "", 0)])
        raise KeyError


def test_writer_that_waits_too_long_is_to_be_tried_later(ledger: SqlLedger, tmp_path: Path) -> None:
    database = ledger.runs._database
    database._pragma("busy_timeout = 1")
    with closing(sqlite3.connect(ledger_file(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(TryLater, match="locked by another process"):
            ledger.runs.start("run", NOW)

        assert ledger.summary().last_run is None


def test_ledger_that_cannot_be_opened_is_to_be_tried_later(tmp_path: Path) -> None:
    with pytest.raises(TryLater, match="cannot be opened"):
        Database(tmp_path / "nowhere" / "ledger.db")


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("SQLITE_FULL", TryLater),
        ("SQLITE_BUSY_SNAPSHOT", TryLater),
        ("SQLITE_READONLY_DBMOVED", TryLater),
        ("SQLITE_IOERR_SHMSIZE", TryLater),
        ("SQLITE_IOERR_FSYNC", Stop),
        ("SQLITE_CORRUPT_INDEX", Stop),
        ("SQLITE_NOTADB", Stop),
    ],
)
def test_what_sqlite_says_is_put_in_our_words(name: str, family: type[Exception]) -> None:
    fault = sqlite3.OperationalError("as SQLite says it")
    fault.sqlite_errorname = name

    with pytest.raises(family, match=r"ledger x\.db.*as SQLite says it"), faults(Path("x.db")):
        raise fault


def test_what_is_a_bug_stays_one(ledger: SqlLedger) -> None:
    with pytest.raises(OperationalError, match="no such table"), ledger.runs._database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM missing")
