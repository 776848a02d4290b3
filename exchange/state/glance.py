"""A cheap first look at the ledger, without SQLAlchemy (a third of a second): unfinished claims, served schedules."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from exchange.state.schema import HEAD, OPEN_STATES

_PREFIX = "sqlite:///"
_REVISION = "SELECT version_num FROM alembic_version"
_OPEN = f"SELECT DISTINCT flow FROM claims WHERE state IN ({', '.join('?' * len(OPEN_STATES))})"  # noqa: S608 - no data
_BRAKES = "SELECT 1 FROM brakes LIMIT 1"
_SERVED = "SELECT flow, served FROM schedules"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_flows(url: str, workspace: Path) -> frozenset[str] | None:
    """Return the flows with claims that are not over; None where only opening the ledger properly can tell.

    None stands for everything unusual too (no ledger yet, another revision, a fault, something that a person has
    paused): `open_ledger` has the words.
    """
    found = _answers(url, workspace, (_BRAKES, ()), (_OPEN, OPEN_STATES))
    if found is None or found[0]:
        return None
    return frozenset(flow for (flow,) in found[1])


def served_moments(url: str, workspace: Path) -> dict[str, datetime] | None:
    """Return, by flow, the moment up to which its schedule was served; None as above."""
    found = _answers(url, workspace, (_SERVED, ()))
    return None if found is None else {flow: _EPOCH + timedelta(microseconds=stored) for flow, stored in found[0]}


def _answers(url: str, workspace: Path, *queries: tuple[str, Sequence[str]]) -> list[list[Any]] | None:
    path = workspace / url.removeprefix(_PREFIX)
    if not url.startswith(_PREFIX) or not path.is_file():
        return None
    try:
        # Not read-only: after a kill, reading a write-ahead log means recovering it first.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=1)) as connection:
            if connection.execute(_REVISION).fetchall() != [(HEAD,)]:
                return None
            return [connection.execute(query, values).fetchall() for query, values in queries]
    except sqlite3.Error:
        return None
