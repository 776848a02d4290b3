"""Whose turn it is, found cheaply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from exchange.assemble.due import turn
from exchange.config.workspace import Setup, load_flows
from tests.assemble.schedules import AT, served
from tests.flows.shop import Shop


def test_remembered_when_first_seen_and_due_until_somebody_serves_it(scheduled: Setup) -> None:
    flows = list(scheduled.flows.values())
    assert turn(scheduled, flows, AT, dry=False).flows == ()
    assert served(scheduled) == datetime(2026, 3, 2, 12, 1, 59, tzinfo=UTC)

    for minutes in (3, 4):
        found = turn(scheduled, flows, AT + timedelta(minutes=minutes), dry=False)
        assert [flow.flow for flow in found.flows] == ["orders"]
        assert found.at == AT + timedelta(minutes=minutes)


def test_a_dry_run_notes_nothing(scheduled: Setup) -> None:
    found = turn(scheduled, list(scheduled.flows.values()), AT, dry=True)

    assert (found.flows, served(scheduled)) == ((), None)
    assert found.coming == {"orders": datetime(2026, 3, 2, 12, 5, tzinfo=UTC)}


def test_without_a_ledger_one_is_made(tmp_path: Path) -> None:
    scheduled = load_flows(Shop(tmp_path / "ws").root)

    assert turn(scheduled, list(scheduled.flows.values()), AT, dry=False).flows == ()
    assert served(scheduled) is not None
