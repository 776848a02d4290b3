"""Which flows had their turn, as the ledger knows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from exchange.assemble.due import Turn, turn
from exchange.assemble.house import ledger_of
from exchange.assemble.served import serve, still
from exchange.config.workspace import Setup
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Brake
from tests.assemble.schedules import AT, served


def take_turn(scheduled: Setup, at: datetime, *codes: Exit) -> list[str]:
    """Let the flows have their turn that are due, and return them."""
    found = turn(scheduled, list(scheduled.flows.values()), at, dry=False)
    with ledger_of(scheduled) as ledger:
        for flow in found.flows:
            assert still(found, ledger, flow)
            serve(found, ledger, flow, codes)
            assert codes == (Exit.LOCKED,) or not still(found, ledger, flow)
    return [flow.flow for flow in found.flows]


def test_a_flow_has_its_turn_once_for_each_moment_from_when_it_is_first_seen(scheduled: Setup) -> None:
    assert take_turn(scheduled, AT) == []
    assert served(scheduled) == datetime(2026, 3, 2, 12, 1, 59, tzinfo=UTC)

    assert take_turn(scheduled, AT + timedelta(minutes=3)) == ["orders"]
    assert take_turn(scheduled, AT + timedelta(minutes=4)) == []
    assert take_turn(scheduled, AT + timedelta(days=3)) == ["orders"]
    assert served(scheduled) == AT + timedelta(days=3)


@pytest.mark.parametrize("code", [Exit.REJECTED, Exit.HELD, Exit.UNAVAILABLE, Exit.CONFIGURATION, Exit.BUG])
def test_what_came_of_it_does_not_matter_there_is_no_storm_of_attempts(scheduled: Setup, code: Exit) -> None:
    """Fault 24: a refused password is tried at the next moment, as by cron, not every minute."""
    take_turn(scheduled, AT)
    assert take_turn(scheduled, AT + timedelta(minutes=3), code) == ["orders"]
    assert take_turn(scheduled, AT + timedelta(minutes=4)) == []


def test_a_flow_that_another_run_held_has_its_turn_the_next_minute(scheduled: Setup) -> None:
    """Fault 11."""
    take_turn(scheduled, AT)
    assert take_turn(scheduled, AT + timedelta(minutes=3), Exit.LOCKED) == ["orders"]
    assert take_turn(scheduled, AT + timedelta(minutes=4)) == ["orders"]


def test_a_paused_flow_has_its_turn_when_it_is_resumed(scheduled: Setup) -> None:
    take_turn(scheduled, AT)
    with ledger_of(scheduled) as ledger:
        ledger.brakes.pause(Brake("flow", "orders", "eva", "stocktaking", AT))
    found = turn(scheduled, list(scheduled.flows.values()), AT + timedelta(minutes=3), dry=False)
    with ledger_of(scheduled) as ledger:
        serve(found, ledger, found.flows[0], [])
        ledger.brakes.resume("flow", "orders")

    assert take_turn(scheduled, AT + timedelta(minutes=4)) == ["orders"]


def test_a_run_by_name_asks_and_notes_nothing(scheduled: Setup) -> None:
    asked = Turn(tuple(scheduled.flows.values()))
    with ledger_of(scheduled) as ledger:
        assert still(asked, ledger, asked.flows[0])
        serve(asked, ledger, asked.flows[0], [])
    assert served(scheduled) is None
