"""Which flows had their turn, as the ledger knows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble.due import Turn, turn
from exchange.assemble.house import ledger_of
from exchange.assemble.served import serve, still
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Brake
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


def take_turn(setup: Setup, at: datetime, *codes: Exit) -> list[str]:
    """Let the flows have their turn that are due, and return them."""
    found = turn(setup, list(setup.flows.values()), at, dry=False)
    with ledger_of(setup) as ledger:
        for flow in found.flows:
            assert still(found, ledger, flow)
            serve(found, ledger, flow, codes)
            assert codes == (Exit.LOCKED,) or not still(found, ledger, flow)
    return [flow.flow for flow in found.flows]


def test_a_flow_has_its_turn_once_for_each_moment_from_when_it_is_first_seen(setup: Setup) -> None:
    assert take_turn(setup, AT) == []
    assert served(setup) == datetime(2026, 3, 2, 12, 1, 59, tzinfo=UTC)

    assert take_turn(setup, AT + timedelta(minutes=3)) == ["orders"]
    assert take_turn(setup, AT + timedelta(minutes=4)) == []
    assert take_turn(setup, AT + timedelta(days=3)) == ["orders"]
    assert served(setup) == AT + timedelta(days=3)


@pytest.mark.parametrize("code", [Exit.REJECTED, Exit.HELD, Exit.UNAVAILABLE, Exit.CONFIGURATION, Exit.BUG])
def test_what_came_of_it_does_not_matter_there_is_no_storm_of_attempts(setup: Setup, code: Exit) -> None:
    """Fault 24: a refused password is tried at the next moment, as by cron, not every minute."""
    take_turn(setup, AT)
    assert take_turn(setup, AT + timedelta(minutes=3), code) == ["orders"]
    assert take_turn(setup, AT + timedelta(minutes=4)) == []


def test_a_flow_that_another_run_held_has_its_turn_the_next_minute(setup: Setup) -> None:
    """Fault 11."""
    take_turn(setup, AT)
    assert take_turn(setup, AT + timedelta(minutes=3), Exit.LOCKED) == ["orders"]
    assert take_turn(setup, AT + timedelta(minutes=4)) == ["orders"]


def test_a_paused_flow_has_its_turn_when_it_is_resumed(setup: Setup) -> None:
    take_turn(setup, AT)
    with ledger_of(setup) as ledger:
        ledger.brakes.pause(Brake("flow", "orders", "eva", "stocktaking", AT))
    found = turn(setup, list(setup.flows.values()), AT + timedelta(minutes=3), dry=False)
    with ledger_of(setup) as ledger:
        serve(found, ledger, found.flows[0], [])
        ledger.brakes.resume("flow", "orders")

    assert take_turn(setup, AT + timedelta(minutes=4)) == ["orders"]


def test_a_run_by_name_asks_and_notes_nothing(setup: Setup) -> None:
    asked = Turn(tuple(setup.flows.values()))
    with ledger_of(setup) as ledger:
        assert still(asked, ledger, asked.flows[0])
        serve(asked, ledger, asked.flows[0], [])
    assert served(setup) is None
