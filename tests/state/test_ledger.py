"""Opening the ledger: a new one, ours, somebody else's, a damaged one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from exchange.kernel.errors import ConfigurationError, Stop, TryLater
from exchange.kernel.ledger import Ledger
from exchange.state import ledger as opening
from exchange.state.ledger import SqlLedger, ledger_path, open_ledger
from tests.state.book import NOW, URL, ledger_file, sealed


def test_fulfils_the_port(ledger: SqlLedger) -> None:
    port: Ledger = ledger

    assert port.documents.version() == 0


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    first = open_ledger(URL, tmp_path)
    owner = sealed(first, "a", [])
    first.close()

    second = open_ledger(URL, tmp_path)
    found = second.claims.latest("orders", owner.sha256)
    second.close()

    assert found is not None
    assert found.claim == owner
    assert [path.name for path in ledger_file(tmp_path).parent.glob("ledger.db*")] == ["ledger.db", "ledger.db.lock"]


def test_database_is_durable_and_shared(ledger: SqlLedger, tmp_path: Path) -> None:
    with closing(sqlite3.connect(ledger_file(tmp_path))) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with ledger.documents._database.read() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == [2, 1, 60_000]


def test_opening_an_up_to_date_ledger_does_not_load_the_migrations(
    ledger: SqlLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.close()
    loaded: list[str] = []
    monkeypatch.setattr(opening, "load", loaded.append)

    open_ledger(URL, tmp_path).close()

    assert loaded == []


@pytest.mark.parametrize("damage", [b"", b"this is no database at all" * 400])
def test_damaged_ledger_is_refused_and_left_alone(tmp_path: Path, damage: bytes) -> None:
    open_ledger(URL, tmp_path).close()
    ledger_file(tmp_path).write_bytes(damage)

    with pytest.raises(Stop, match=r"cannot be read.*[Rr]estore the file"):
        open_ledger(URL, tmp_path)

    assert ledger_file(tmp_path).read_bytes() == damage


def test_damage_inside_is_a_stop(tmp_path: Path) -> None:
    ledger = open_ledger(URL, tmp_path)
    for number in range(300):
        ledger.runs.start(f"run {number}" * 20, NOW)
    ledger.close()
    content = bytearray(ledger_file(tmp_path).read_bytes())
    page = int.from_bytes(content[16:18], "big")
    content[page * 2 :] = b"\xff" * (len(content) - page * 2)
    ledger_file(tmp_path).write_bytes(content)

    with pytest.raises(Stop, match="cannot be read"):  # noqa: PT012 - which of the two notices is SQLite's affair
        damaged = open_ledger(URL, tmp_path)
        damaged.summary()


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    ledger_file(tmp_path).parent.mkdir(parents=True)
    with closing(sqlite3.connect(ledger_file(tmp_path))) as other:
        other.execute("CREATE TABLE theirs (a)")

    with pytest.raises(Stop, match="no ledger of exchange"):
        open_ledger(URL, tmp_path)


def test_a_workspace_that_has_sent_something_gets_no_empty_ledger(tmp_path: Path) -> None:
    open_ledger(URL, tmp_path).close()
    (tmp_path / "data/archive/orders/2026-03-02/abc.sent").mkdir(parents=True)
    open_ledger(URL, tmp_path).close()
    ledger_file(tmp_path).unlink()

    with pytest.raises(Stop, match=r"ledger.db is gone .*abc\.sent shows what was sent"):
        open_ledger(URL, tmp_path)
    assert not ledger_file(tmp_path).exists()

    (tmp_path / "data/archive").rename(tmp_path / "data/before")
    open_ledger(URL, tmp_path).close()


def test_ledger_that_was_taken_away_is_not_made_anew(tmp_path: Path) -> None:
    ledger_file(tmp_path).parent.mkdir(parents=True)
    ledger_file(tmp_path).with_name("ledger.db-wal").write_bytes(b"left")

    with pytest.raises(Stop, match="write-ahead log"):
        open_ledger(URL, tmp_path)

    assert not ledger_file(tmp_path).exists()


@pytest.mark.parametrize(
    "url", ["data/state/ledger.db", "sqlite://", "postgresql://host/exchange", "sqlite:///:memory:"]
)
def test_url_that_cannot_be_used_is_a_configuration_mistake(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sqlite:///data/state/ledger\.db"):
        ledger_path(url, tmp_path)


def test_relative_url_lies_in_the_workspace_and_absolute_one_where_it_says(tmp_path: Path) -> None:
    assert ledger_path(URL, tmp_path) == tmp_path / "data/state/ledger.db"
    assert ledger_path("sqlite:////var/lib/x.db", tmp_path) == Path("/var/lib/x.db")


def test_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "network_type", lambda path: "nfs4" if path == tmp_path / "data/state" else None)

    with pytest.raises(ConfigurationError, match=r"network file system \(nfs4\)"):
        open_ledger(URL, tmp_path)


def test_full_disk_is_to_be_tried_later(ledger: SqlLedger) -> None:
    with ledger.runs._database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(TryLater, match="disk is full"):
        ledger.runs.start("x" * 100_000, NOW)

    assert ledger.summary().last_run is None
