"""What a command works with, opened and let go of."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exchange.assemble.house import Session, house_of, ledger_of, recorded
from exchange.assemble.journal import JOURNAL
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.kernel.errors import FlowLocked, Stop
from exchange.kernel.exits import Exit
from exchange.transports.local import LocalEndpoint


def test_a_run_is_recorded_with_how_it_ended(setup: Setup) -> None:
    ended: list[Exit] = []
    with ledger_of(setup) as ledger:
        with recorded(ledger, "run", ended) as number:
            assert ledger.summary().last_run is not None
            ended += [Exit.FINE, Exit.REJECTED]
        last = ledger.summary().last_run

    assert last is not None
    assert (last.number, last.command, last.exit) == (number, "run", 3)


def test_a_run_that_breaks_has_no_end(setup: Setup) -> None:
    with ledger_of(setup) as ledger:
        with pytest.raises(ZeroDivisionError), recorded(ledger, "run", []):
            raise ZeroDivisionError
        last = ledger.summary().last_run

    assert last is not None
    assert (last.ended_at, last.exit) == (None, None)


def test_a_run_that_a_fault_ends_says_which(setup: Setup) -> None:
    with ledger_of(setup) as ledger:
        with pytest.raises(Stop), recorded(ledger, "resend", []):
            raise Stop("not what was sealed")
        last = ledger.summary().last_run

    assert last is not None
    assert last.exit == 8


def test_what_is_settled_is_settled_by_the_clock_of_the_command(
    root: Path, setup: Setup, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`exchange demo` plays yesterday: what was computed then is not as it is today."""
    yesterday = datetime(2026, 3, 1, tzinfo=UTC)
    seen: list[tuple[Flow, datetime]] = []
    monkeypatch.setattr("exchange.assemble.house.settle", lambda _, flow, now: seen.append((flow, now)))
    with ledger_of(setup) as ledger, house_of(Session(root, setup, ledger, 1, now=lambda: yesterday), flow) as house:
        house.settled()
    assert seen == [(flow, yesterday)]


def test_one_run_of_a_flow_at_a_time(root: Path, setup: Setup, flow: Flow) -> None:
    with ledger_of(setup) as ledger:
        session = Session(root, setup, ledger, 1)
        with house_of(session, flow) as house:
            assert house.plan(0) is house.plan(0)
            with pytest.raises(FlowLocked), house_of(session, flow):
                pass
        with house_of(session, flow):
            pass


def test_all_flows_of_a_command_share_the_endpoints_and_their_connections_end_with_it(
    root: Path, setup: Setup, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    monkeypatch.setattr(LocalEndpoint, "close", lambda endpoint: closed.append(endpoint.name))
    with ledger_of(setup) as ledger:
        session = Session(root, setup, ledger, 1)
        with session.at_work():
            with house_of(session, flow) as house:
                first = house.endpoints["wms"]
            with house_of(session, flow) as house:
                assert house.endpoints["wms"] is first
            logging.getLogger("exchange.test").info("at work")
            assert closed == []

    assert closed == ["wms"]
    assert "at work" in (root / JOURNAL).read_text(encoding="utf-8")
