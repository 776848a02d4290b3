"""Schedules: what may be written, and which moment comes next where clocks are put forward or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.config.schedule import NICKNAMES, fields_of, five_fields, next_moment, schedule_text, zone_name

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # a quarter of an hour beside the others
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Pacific/Apia",
]


def at(text: str, zone: str = "UTC", fold: int = 0) -> datetime:
    """Return a local time as a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    "text", ["", "*/5 * * * *", "0 6-18/2 * * MON-FRI", "15,45 3 1,15 * *", "0 0 29 2 *", "0 12 * * 7", *NICKNAMES]
)
def test_what_a_crontab_says_is_taken_as_it_is(text: str) -> None:
    assert schedule_text(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "hourly",
        "@reboot",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "5/15 * * * *",
        "*/0 * * * *",
        "0 0 L * *",
        "0 0 * * 5L",
        "0 0 * * 1#2",
        "0 0 30 2 *",
        "9-5 * * * *",
        "0 0 * * FUNDAY",
        "² * * * *",
    ],
)
def test_what_no_cron_would_understand_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r'expected the five fields of a crontab such as "\*/5 \* \* \* \*"'):
        schedule_text(text)


def test_nicknames_stand_for_five_fields() -> None:
    assert five_fields("@Daily") == "0 0 * * *"
    assert five_fields(" */5  *   * * * ") == "*/5 * * * *"


def test_what_the_fields_stand_for() -> None:
    fields = fields_of("*/20 6-8 1 * MON-FRI,7")

    assert (fields.minutes, fields.hours, fields.days) == ((0, 20, 40), (6, 7, 8), (1,))
    assert (fields.months, fields.weekdays) == (tuple(range(1, 13)), (0, 1, 2, 3, 4, 5))
    assert fields.either
    assert not fields_of("* * 1 * *").either
    assert not fields_of("* * * * 1").either


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "Europe"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected a time zone such as Europe/Berlin"):
        zone_name(name)


@pytest.mark.parametrize("zone", ZONES)
def test_zones_are_those_of_the_iana_database(zone: str) -> None:
    assert zone_name(zone) == zone


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "comes"),
    [
        ("*/5 * * * *", "UTC", at("2026-03-02 10:00"), at("2026-03-02 10:05")),
        ("30 2 * * *", "UTC", at("2026-03-02 10:00"), at("2026-03-03 02:30")),
        ("30 2 * * *", "Europe/Berlin", at("2026-01-10 10:00"), at("2026-01-11 01:30")),
        # 29 March 2026: 02:00 becomes 03:00. The job of 02:30 comes at 03:00, and once.
        ("30 2 * * *", "Europe/Berlin", at("2026-03-28 12:00"), at("2026-03-29 03:00", "Europe/Berlin")),
        ("30 2 * * *", "Europe/Berlin", at("2026-03-29 01:00"), at("2026-03-30 02:30", "Europe/Berlin")),
        # 25 October 2026: 03:00 becomes 02:00. The job of 02:30 comes at the first 02:30 only ...
        ("30 2 * * *", "Europe/Berlin", at("2026-10-24 12:00"), at("2026-10-25 00:30")),
        ("30 2 * * *", "Europe/Berlin", at("2026-10-25 00:30"), at("2026-10-26 01:30")),
        ("30 2 * * *", "Europe/Berlin", at("2026-10-25 02:15", "Europe/Berlin", fold=1), at("2026-10-26 01:30")),
        # ... and what runs every half hour does so through both.
        ("*/30 * * * *", "Europe/Berlin", at("2026-10-25 00:30"), at("2026-10-25 01:00")),
        ("*/30 * * * *", "Europe/Berlin", at("2026-10-25 01:00"), at("2026-10-25 01:30")),
        # 02:00 becomes 02:30 there: the next full hour is 03:00.
        ("0 * * * *", "Australia/Lord_Howe", at("2026-10-03 15:00"), at("2026-10-03 16:00")),
        ("0 9 29 2 *", "UTC", at("2026-03-01 00:00"), at("2028-02-29 09:00")),
        # Day of the month and weekday: one of them is enough.
        ("0 0 13 * FRI", "UTC", at("2026-03-01 00:00"), at("2026-03-06 00:00")),
        ("@weekly", "UTC", at("2026-03-02 00:00"), at("2026-03-08 00:00")),
    ],
)
def test_the_next_moment(schedule: str, zone: str, after: datetime, comes: datetime) -> None:
    assert next_moment(schedule, zone, after) == comes


MOMENTS = st.integers(0, 3 * 366 * 86_400).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(0, seconds))
SCHEDULES = st.sampled_from(["*/5 * * * *", "30 2 * * *", "15 */2 * * *", "0 1-3 * * *", "59 23 * * SUN", "@hourly"])


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
def test_time_only_goes_forward(schedule: str, zone: str, after: datetime) -> None:
    comes = next_moment(schedule, zone, after)

    assert after < comes <= after + timedelta(days=8)
    assert comes.second == comes.microsecond == 0
    assert next_moment(schedule, zone, comes) > comes
    assert next_moment(schedule, zone, comes - timedelta(microseconds=1)) == comes, "nothing comes in between"


@given(st.sampled_from(ZONES), MOMENTS)
def test_a_daily_job_comes_once_on_every_local_day(zone: str, start: datetime) -> None:
    found = [next_moment("30 2 * * *", zone, start)]
    for _ in range(10):
        found.append(next_moment("30 2 * * *", zone, found[-1]))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in found]

    assert days == [days[0] + timedelta(days=number) for number in range(11)]
