"""What people pause stays paused until they let it go."""

from __future__ import annotations

from pathlib import Path

from exchange.kernel.ledger import Brake
from exchange.state.ledger import SqlLedger, open_ledger
from tests.state.book import NOW, URL, at

WMS, ORDERS = Brake("endpoint", "wms", "mara", "stocktaking", NOW), Brake("flow", "orders", "jonas", "", at(1))


def test_paused_by_kind_and_name_until_resumed(ledger: SqlLedger) -> None:
    assert ledger.brakes.paused() == ()
    ledger.brakes.pause(ORDERS)
    ledger.brakes.pause(WMS)

    assert ledger.brakes.paused() == (WMS, ORDERS)
    assert ledger.summary().brakes == (WMS, ORDERS)
    assert ledger.brakes.resume("endpoint", "orders") is False
    assert ledger.brakes.resume("flow", "orders") is True
    assert ledger.brakes.paused() == (WMS,)


def test_who_paused_first_is_who_paused(ledger: SqlLedger) -> None:
    ledger.brakes.pause(WMS)
    ledger.brakes.pause(Brake("endpoint", "wms", "anna", "again", at(5)))

    assert ledger.brakes.paused() == (WMS,)


def test_kept_between_processes(ledger: SqlLedger, tmp_path: Path) -> None:
    ledger.brakes.pause(WMS)
    ledger.close()

    again = open_ledger(URL, tmp_path)
    assert again.brakes.paused() == (WMS,)
    again.close()
