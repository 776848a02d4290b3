"""How long is too long, in words. What happens then: tests/flows/test_held_limit.py."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exchange.engine.overdue import words


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (timedelta(days=14), "14d"),
        (timedelta(days=1, hours=12), "1d 12h"),
        (timedelta(minutes=90), "1h 30m"),
        (timedelta(0), "0s"),
    ],
)
def test_durations_as_people_write_them(limit: timedelta, said: str) -> None:
    assert words(limit) == said
