"""Reads durations as people write them; light, because the command line has some."""

from __future__ import annotations

import re
from datetime import timedelta

_DURATION = re.compile(r"(\d+)\s*(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: object) -> object:
    """Return the timedelta that `10s`, `5m`, `2h`, `1d` or `1h 30m` says; anything else raises ValueError."""
    if isinstance(text, timedelta):
        return text
    parts = _DURATION.findall(str(text))
    if not parts or _DURATION.sub("", str(text)).strip():
        raise ValueError("expected a duration such as 10s, 5m or 2h")
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))
