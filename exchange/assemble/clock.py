"""Asks what time it is, for commands; whatever is below them is handed the time, or this function."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
