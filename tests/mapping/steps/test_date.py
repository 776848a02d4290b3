"""Steps on dates, past their examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from exchange.kernel.chunk import CellFailure
from exchange.kernel.problems import Problem

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


def test_a_bad_date_shows_the_form_and_an_example(run_steps: RunSteps) -> None:
    values, failures = run_steps([{"parse_datetime": "%Y-%m-%d %H:%M:%S %z"}], ["2026-02-30 10:00:00 +0000", None])
    assert values == [None, None]
    [failure] = failures
    assert failure.code == "NOT_A_DATE"
    assert failure.detail == {"format": "%Y-%m-%d %H:%M:%S %z", "example": "2026-03-04 17:05:09 +0000"}


def test_a_clock_time_that_a_zone_skips_is_not_said_to_be_in_the_wrong_form(run_steps: RunSteps) -> None:
    step = {"parse_datetime": {"format": "%d-%m-%Y %H:%M:%S", "timezone": "Europe/Berlin"}}
    given = ["29-03-2026 02:30:00", "29-03-2026 03:30:00", "2026-03-29", None]
    values, failures = run_steps([step], given)
    assert values == [None, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), None, None]
    assert [(one.row, one.code) for one in failures] == [(2, "NOT_A_DATE"), (0, "TIME_SKIPPED")]
    told = Problem("TIME_SKIPPED", field="Paid at", value=failures[1].value, detail=failures[1].detail)
    assert told.message.startswith("Paid at: '29-03-2026 02:30:00' does not exist in Europe/Berlin: ")
    assert "clocks were put forward" in told.message
    assert "an hour later" in told.remedy


def test_the_other_zone_is_only_shown(run_steps: RunSteps) -> None:
    moment = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    shown = run_steps([{"to_timezone": "Asia/Tokyo"}, {"format_datetime": "%Y%m%d %H%M"}], [moment, None])[0]
    assert shown == ["20260201 0830", None]
    assert run_steps([{"to_timezone": "Asia/Tokyo"}], [moment])[0] == [moment]


def test_a_format_ending_in_z_is_utc(run_steps: RunSteps) -> None:
    values, _ = run_steps([{"parse_datetime": "%Y-%m-%dT%H:%M:%SZ"}], ["2026-01-31T23:30:00Z"])
    assert values == [datetime(2026, 1, 31, 23, 30, tzinfo=UTC)]


def test_clock_changes_after_the_last_one_that_zone_files_list(run_steps: RunSteps) -> None:
    given = ["2040-07-01 12:00", "2040-01-01 12:00", "2040-03-25 02:30", "2040-10-28 02:30", None]
    read = {"parse_datetime": {"format": "%Y-%m-%d %H:%M", "timezone": "Europe/Berlin"}}
    summer, autumn = datetime(2040, 7, 1, 10, 0, tzinfo=UTC), datetime(2040, 10, 28, 0, 30, tzinfo=UTC)
    values, failures = run_steps([read], given)
    assert values == [summer, datetime(2040, 1, 1, 11, 0, tzinfo=UTC), None, autumn, None]
    assert [(one.row, one.code) for one in failures] == [(2, "TIME_SKIPPED")]
    shown = [read, {"to_timezone": "Europe/Berlin"}, {"format_datetime": "%Y-%m-%d %H:%M%z"}]
    assert run_steps(shown, given)[0][0] == "2040-07-01 12:00+0200"


def test_a_year_of_five_digits_is_not_written_as_one_of_four(run_steps: RunSteps) -> None:
    """9999-12-31 stands for "never ends" in many files; west of Greenwich its last hours are in the year 10000."""
    read = {"parse_datetime": {"format": "%Y-%m-%d %H:%M:%S", "timezone": "America/New_York"}}
    values, [failure] = run_steps([read], ["9999-12-31 00:00:00", "9999-12-31 23:59:59"])
    assert values == [datetime(9999, 12, 31, 5, tzinfo=UTC), None]
    told = Problem(failure.code, field="ends", value=failure.value, detail=failure.detail)
    assert told.message == "ends: 9999-12-31 23:59:59 is outside the years 1 to 9999, told in UTC"
    shown = [{"to_timezone": "Europe/Berlin"}, {"format_datetime": "%d %b %Y"}]
    values, [failure] = run_steps(shown, [datetime(9999, 12, 31, 23, 30, tzinfo=UTC)])
    assert (values, failure.code) == ([None], "OUT_OF_RANGE")


@pytest.mark.parametrize(
    ("pattern", "whole", "short"),
    [
        ("%d%m%Y", "01112026", "1112026"),
        ("%Y%m%d", "20261101", "2026111"),
        ("%y%m%d", "261101", "26111"),
        ("on %d%b%y", "ON 01Nov26", "on 01Nov6"),
    ],
)
def test_numbers_that_follow_each_other_have_all_their_digits(
    run_steps: RunSteps, pattern: str, whole: str, short: str
) -> None:
    """A spreadsheet takes the 0 from 01112026, and what is left could be a day in January."""
    values, failures = run_steps([{"parse_date": pattern}], [whole, short])
    assert values == [datetime(2026, 11, 1, tzinfo=UTC), None]
    assert [(one.row, one.code) for one in failures] == [(1, "NOT_A_DATE")]


def test_numbers_that_stand_apart_may_be_short(run_steps: RunSteps) -> None:
    assert run_steps([{"parse_date": "%d.%m.%y"}], ["1.11.26"])[0] == [datetime(2026, 11, 1, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("%d.%m.%Y %d", "both %d and %d"),
        ("%Y-%m-%d %b", "both %m and %b"),
        ("%y %Y-%m-%d", "both %y and %Y"),
        ("%Y-%m-%d %I:%M", "morning or afternoon"),
    ],
)
def test_formats_that_could_say_two_things_are_refused(run_steps: RunSteps, pattern: str, what: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(what)):
        run_steps([{"parse_datetime": {"format": pattern, "timezone": "UTC"}}], ["x"])
