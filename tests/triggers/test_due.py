"""Which flows are due: each moment is served once, missed ones together, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.config.models import Flow
from exchange.triggers.due import due

NOON = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)


def flow(name: str, schedule: str = "*/5 * * * *", zone: str = "UTC") -> Flow:
    """Return a flow with a schedule."""
    return Flow.model_validate(
        {
            "flow": name,
            "schedule": schedule,
            "timezone": zone,
            "pick_up": [{"from": "shop", "mapping": "shop/orders"}],
            "deliver": [{"to": "wms", "mapping": "wms/orders", "name": "{claim}.xml"}],
        }
    )


def names(flows: tuple[Flow, ...]) -> list[str]:
    """Return the names of flows."""
    return [each.flow for each in flows]


def test_due_when_a_moment_passed_since_the_last_was_served() -> None:
    came = due([flow("orders")], {"orders": NOON - timedelta(minutes=4)}, NOON)
    assert (names(came.flows), came.first_seen, came.coming) == (["orders"], {}, {})

    waits = due([flow("orders")], {"orders": NOON - timedelta(seconds=20)}, NOON)
    assert waits.flows == ()
    assert waits.coming == {"orders": datetime(2026, 3, 2, 12, 5, tzinfo=UTC)}


def test_missed_moments_are_one_and_who_waits_longest_comes_first() -> None:
    served = {"a": NOON - timedelta(hours=1), "b": NOON - timedelta(days=30)}

    assert names(due([flow("a"), flow("b")], served, NOON).flows) == ["b", "a"]


def test_a_new_flow_waits_for_its_first_moment() -> None:
    found = due([flow("nightly", "30 2 * * *"), flow("never", "")], {}, NOON)

    assert found.flows == ()
    assert found.first_seen == {"nightly": datetime(2026, 3, 2, 11, 59, 59, tzinfo=UTC)}
    assert found.coming == {"nightly": datetime(2026, 3, 3, 2, 30, tzinfo=UTC)}


def test_a_new_flow_whose_minute_it_is_runs() -> None:
    """Called each minute by cron, the very first call must not cost a daily flow its first day."""
    assert names(due([flow("noon", "0 12 * * *")], {}, NOON).flows) == ["noon"]


def test_zones_are_those_of_the_flows() -> None:
    served = {"here": NOON - timedelta(hours=1), "there": NOON - timedelta(hours=1)}
    found = due([flow("here", "0 13 * * *", "Europe/Berlin"), flow("there", "0 13 * * *")], served, NOON)

    assert names(found.flows) == ["here"]
    assert found.coming == {"there": datetime(2026, 3, 2, 13, 0, tzinfo=UTC)}


def test_a_clock_that_was_far_ahead_does_not_silence_a_flow_for_years() -> None:
    """Fault 35: what was noted under the wrong time is void; nothing runs twice for it."""
    found = due([flow("orders")], {"orders": datetime(2038, 1, 19, tzinfo=UTC)}, NOON)

    assert found.first_seen == {"orders": datetime(2026, 3, 2, 11, 59, 59, tzinfo=UTC)}
    assert names(found.flows) == ["orders"]


def test_a_clock_that_is_put_back_a_little_repeats_nothing() -> None:
    """Fault 35."""
    found = due([flow("orders")], {"orders": NOON + timedelta(minutes=3)}, NOON)

    assert (found.flows, found.first_seen) == ((), {})


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("Asia/Kathmandu", "2026-03-29"),
    ],
)
@pytest.mark.parametrize(("schedule", "minutes"), [("30 2 * * *", ()), ("@hourly", (0,)), ("*/30 * * * *", (0, 30))])
def test_called_again_and_again_through_a_change_of_the_clocks(
    zone: str, day: str, schedule: str, minutes: tuple[int, ...]
) -> None:
    """Fault 35: a fixed time comes once a day, what is repeated goes by time that really passes."""
    rows, clock = [flow("orders", schedule, zone)], ZoneInfo(zone)
    start = datetime.fromisoformat(day).replace(tzinfo=clock)
    at, end = start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)
    served, count, expected = {"orders": at - timedelta(seconds=1)}, 0, 0
    while at < end:
        expected += at.astimezone(clock).minute in minutes
        if due(rows, served, at).flows:
            served["orders"] = at
            count += 1
        at += timedelta(minutes=5)

    assert count == (expected if minutes else 1)


@given(st.lists(st.integers(-7200, 90_000), min_size=1, max_size=60))
def test_however_the_clock_jumps_no_moment_is_served_twice(jumps: list[int]) -> None:
    """Fault 35: only forward jumps make anything due, and at most once for each call."""
    rows = [flow("orders", "@hourly")]
    at, served = NOON, {"orders": NOON}
    done: list[datetime] = []
    for jump in jumps:
        at += timedelta(seconds=jump)
        found = due(rows, served, at)
        served |= found.first_seen
        if found.flows:
            served["orders"] = at
            done.append(at)
        assert not due(rows, served, at).flows
        assert served["orders"] <= at + timedelta(minutes=5)
    assert len(done) <= len(jumps)
