"""Steps on dates, past their examples."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from exchange.kernel.chunk import CellFailure

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


def test_a_bad_date_shows_the_form_and_an_example(run_steps: RunSteps) -> None:
    values, failures = run_steps([{"parse_datetime": "%Y-%m-%d %H:%M:%S %z"}], ["2026-02-30 10:00:00 +0000", None])
    assert values == [None, None]
    [failure] = failures
    assert failure.code == "NOT_A_DATE"
    assert failure.detail == {"format": "%Y-%m-%d %H:%M:%S %z", "example": "2026-03-04 17:05:09 +0000"}


def test_the_other_zone_is_only_shown(run_steps: RunSteps) -> None:
    moment = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    shown = run_steps([{"to_timezone": "Asia/Tokyo"}, {"format_datetime": "%Y%m%d %H%M"}], [moment, None])[0]
    assert shown == ["20260201 0830", None]
    assert run_steps([{"to_timezone": "Asia/Tokyo"}], [moment])[0] == [moment]


def test_a_format_ending_in_z_is_utc(run_steps: RunSteps) -> None:
    values, _ = run_steps([{"parse_datetime": "%Y-%m-%dT%H:%M:%SZ"}], ["2026-01-31T23:30:00Z"])
    assert values == [datetime(2026, 1, 31, 23, 30, tzinfo=UTC)]
