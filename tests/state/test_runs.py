"""Runs, actions by hand, and sightings."""

from __future__ import annotations

from dataclasses import replace

from exchange.kernel.ledger import ActionRow, RunRow
from exchange.state.ledger import SqlLedger
from tests.state.book import NOW, at, claim


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


def test_sighting_counts_only_for_the_very_same_file(ledger: SqlLedger) -> None:
    seen = replace(claim("a").source, name="t\udce4glich.csv")
    ledger.files.note(seen, "aa" * 32, NOW)
    assert ledger.files.sighting(seen) == "aa" * 32

    for other in (
        replace(seen, size=seen.size + 1),
        replace(seen, mtime_ns=seen.mtime_ns + 1),
        replace(seen, name="other.csv"),
        replace(seen, endpoint="outlet"),
    ):
        assert ledger.files.sighting(other) is None

    changed = replace(seen, size=seen.size + 1)
    ledger.files.note(changed, "bb" * 32, at(1))
    assert (ledger.files.sighting(seen), ledger.files.sighting(changed)) == (None, "bb" * 32)
