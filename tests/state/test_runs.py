"""Runs and actions by hand."""

from __future__ import annotations

from exchange.kernel.ledger import ActionRow, RunRow
from exchange.state.ledger import SqlLedger
from tests.state.book import NOW, at


def test_run_that_was_killed_has_no_end(ledger: SqlLedger) -> None:
    first = ledger.runs.start("run orders", NOW)
    ledger.runs.end(first, 3, at(1))
    assert ledger.summary().last_run == RunRow(first, "run orders", NOW, at(1), 3)

    second = ledger.runs.start("run", at(5))

    assert second == first + 1
    assert ledger.summary().last_run == RunRow(second, "run", at(5), None, None)


def test_actions_are_kept_in_order(ledger: SqlLedger) -> None:
    release = ActionRow("anna", "release", "order/shopify/1001", "customer paid cash", NOW)
    waive = ActionRow("ben", "waive", "0123456789ab-0001", "", at(1))
    ledger.runs.act(release)
    ledger.runs.act(waive)

    assert ledger.runs.actions() == [release, waive]
    assert ledger.runs.actions("order/shopify/1001") == [release]
