"""Migrations: the newest one is the tables as declared; unknown revisions are refused; nothing is left half made."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from exchange.kernel.errors import Stop
from exchange.state.create import create
from exchange.state.ledger import open_ledger
from exchange.state.migrate import upgrade
from exchange.state.schema import HEAD
from tests.state.book import URL, ledger_file


def test_creating_twice_keeps_the_first(tmp_path: Path) -> None:
    path = ledger_file(tmp_path)
    create(path, tmp_path)
    before = path.read_bytes()

    create(path, tmp_path)

    assert path.read_bytes() == before


def test_leftovers_of_an_interrupted_start_are_replaced(tmp_path: Path) -> None:
    path = ledger_file(tmp_path)
    path.parent.mkdir(parents=True)
    path.with_name("ledger.db.new").write_bytes(b"half")
    path.with_name("ledger.db.new-wal").write_bytes(b"half")

    open_ledger(URL, tmp_path).close()

    assert sorted(entry.name for entry in path.parent.iterdir()) == ["ledger.db", "ledger.db.lock"]


def test_upgrading_what_is_up_to_date_changes_nothing(tmp_path: Path) -> None:
    path = ledger_file(tmp_path)
    create(path, tmp_path)

    upgrade(path, HEAD)

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT id, version FROM facts").fetchall() == [(1, 0)]


def test_newer_revision_is_refused_with_what_to_install(tmp_path: Path) -> None:
    """Fault 10: the ledger is of a newer version (and fault 39: a downgrade)."""
    open_ledger(URL, tmp_path).close()
    with closing(sqlite3.connect(ledger_file(tmp_path))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Stop, match=rf"another version of exchange \(its revision is 9999, this version knows {HEAD}\)"):
        open_ledger(URL, tmp_path)


def test_ledger_is_readable_by_owner_and_group_only(tmp_path: Path) -> None:
    path = ledger_file(tmp_path)
    create(path, tmp_path)

    assert path.stat().st_mode & 0o007 == 0


@pytest.mark.slow
def test_killed_while_being_made_the_next_run_makes_it(tmp_path: Path) -> None:
    path = str(ledger_file(tmp_path))
    given = f"Path({path!r}), Path({str(tmp_path)!r})"
    code = f"from pathlib import Path; from exchange.state.create import create; create({given})"
    killer = (
        "import os, signal, sqlite3, sys; from sqlalchemy import event, Engine\n"
        "seen = 0\n"
        "@event.listens_for(Engine, 'before_cursor_execute')\n"
        "def count(*_):\n"
        "    global seen\n"
        "    seen += 1\n"
        "    if seen == int(sys.argv[1]): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    for statement in (3, 12, 30):
        process = subprocess.run(
            [sys.executable, "-c", killer + code, str(statement)], env=dict(os.environ), check=False
        )
        assert process.returncode == -signal.SIGKILL
        assert not ledger_file(tmp_path).exists()

    opened = open_ledger(URL, tmp_path)
    assert opened.documents.version() == 0
    opened.close()
