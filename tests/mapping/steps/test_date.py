"""Steps on dates, past their examples."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

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
