"""Whose turn it is, found cheaply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble.due import turn
from exchange.assemble.house import ledger_of
from exchange.config.workspace import Setup, load_flows
from tests.flows.shop import Shop

AT = datetime(2026, 3, 2, 12, 2, 30, tzinfo=UTC)


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """A starter workspace, whose flow runs every five minutes, with its ledger."""
    shop = Shop(tmp_path / "ws")
    assert shop.type("run").exit == 0
    return load_flows(shop.root)


def served(setup: Setup) -> datetime | None:
    """Return up to when the flow was served."""
    with ledger_of(setup) as ledger:
        return ledger.schedules.last("orders")


def test_remembered_when_first_seen_and_due_until_somebody_serves_it(setup: Setup) -> None:
    flows = list(setup.flows.values())
    assert turn(setup, flows, AT, dry=False).flows == ()
    assert served(setup) == datetime(2026, 3, 2, 12, 1, 59, tzinfo=UTC)

    for minutes in (3, 4):
        found = turn(setup, flows, AT + timedelta(minutes=minutes), dry=False)
        assert [flow.flow for flow in found.flows] == ["orders"]
        assert found.at == AT + timedelta(minutes=minutes)


def test_a_dry_run_notes_nothing(setup: Setup) -> None:
    found = turn(setup, list(setup.flows.values()), AT, dry=True)

    assert (found.flows, served(setup)) == ((), None)
    assert found.coming == {"orders": datetime(2026, 3, 2, 12, 5, tzinfo=UTC)}


def test_without_a_ledger_one_is_made(tmp_path: Path) -> None:
    setup = load_flows(Shop(tmp_path / "ws").root)

    assert turn(setup, list(setup.flows.values()), AT, dry=False).flows == ()
    assert served(setup) is not None
