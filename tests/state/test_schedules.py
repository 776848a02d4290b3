"""The last served moment of each flow."""

from __future__ import annotations

from exchange.state.ledger import SqlLedger
from tests.state.book import NOW, at


def test_the_last_served_moment_of_each_flow(ledger: SqlLedger) -> None:
    assert ledger.schedules.last("orders") is None
    ledger.schedules.served("orders", NOW)
    ledger.schedules.served("stock", at(1))
    ledger.schedules.served("orders", at(5))

    assert (ledger.schedules.last("orders"), ledger.schedules.last("stock")) == (at(5), at(1))
