"""Durations as people write them. (In YAML: test_values.py.)"""

from __future__ import annotations

from datetime import timedelta

import pytest

from exchange.config.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10), ("5m", 300), ("2h", 7200), ("1d", 86400), ("1h 30m", 5400), ("250ms", 0.25), (timedelta(1), 86400)],
)
def test_durations(text: object, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["10", "soon", "10 s x", "", "-5s", "1.5h", None])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="expected a duration such as 10s"):
        parse_duration(text)
