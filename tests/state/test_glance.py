"""The cheap look says the same as the ledger, or that it cannot tell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from exchange.kernel.ledger import Brake
from exchange.kernel.model import ClaimState
from exchange.state.glance import open_flows, served_moments
from exchange.state.ledger import SqlLedger
from tests.state.book import NOW, URL, ledger_file, sealed, sealing, taken


def test_flows_with_claims_that_are_not_over(ledger: SqlLedger, tmp_path: Path) -> None:
    sealed(ledger, "a", [], flow="done")
    assert open_flows(URL, tmp_path) == frozenset()

    taken(ledger, "b", flow="claimed")
    ledger.claims.seal(sealing(taken(ledger, "c", flow="sealed"), 1))
    ledger.claims.hold(taken(ledger, "d", flow="held").id, NOW, ())

    assert open_flows(URL, tmp_path) == frozenset({"claimed", "sealed", "held"})
    assert ledger.claims.open("held")[0].state is ClaimState.HELD


def test_something_paused_cannot_tell(ledger: SqlLedger, tmp_path: Path) -> None:
    ledger.brakes.pause(Brake("flow", "orders", "mara", "", NOW))

    assert open_flows(URL, tmp_path) is None


@pytest.mark.parametrize("url", ["postgresql://host/exchange", "sqlite:///elsewhere.db"])
def test_no_ledger_there_cannot_tell(tmp_path: Path, url: str) -> None:
    assert open_flows(url, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_damaged_or_other_ledger_cannot_tell(ledger: SqlLedger, tmp_path: Path) -> None:
    with ledger.runs._database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert open_flows(URL, tmp_path) is None

    ledger.close()
    ledger_file(tmp_path).write_bytes(b"no database" * 1000)
    assert open_flows(URL, tmp_path) is None


def test_when_schedules_were_served(ledger: SqlLedger, tmp_path: Path) -> None:
    assert served_moments(URL, tmp_path) == {}

    moment = NOW.replace(microsecond=123_456)
    ledger.schedules.served("orders", moment)

    assert served_moments(URL, tmp_path) == {"orders": moment} == {"orders": ledger.schedules.last("orders")}
    assert served_moments("sqlite:///elsewhere.db", tmp_path) is None
    ledger.brakes.pause(Brake("flow", "orders", "mara", "", NOW))
    assert served_moments(URL, tmp_path) == {"orders": moment}


def test_sqlalchemy_is_not_imported() -> None:
    code = "import sys, exchange.state.glance; sys.exit('sqlalchemy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
