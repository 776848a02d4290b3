"""A cheap first look at the ledger: which flows have unfinished claims, without SQLAlchemy (a third of a second)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from exchange.state.schema import HEAD, OPEN_STATES

_PREFIX = "sqlite:///"
_REVISION = "SELECT version_num FROM alembic_version"
_OPEN = f"SELECT DISTINCT flow FROM claims WHERE state IN ({', '.join('?' * len(OPEN_STATES))})"  # noqa: S608 - no data


def open_flows(url: str, workspace: Path) -> frozenset[str] | None:
    """Return the flows with claims that are not over; None where only opening the ledger properly can tell.

    None stands for everything unusual too (no ledger yet, another revision, a fault): `open_ledger` has the words.
    """
    path = workspace / url.removeprefix(_PREFIX)
    if not url.startswith(_PREFIX) or not path.is_file():
        return None
    try:
        # Not read-only: after a kill, reading a write-ahead log means recovering it first.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=1)) as connection:
            if connection.execute(_REVISION).fetchall() != [(HEAD,)]:
                return None
            return frozenset(flow for (flow,) in connection.execute(_OPEN, OPEN_STATES))
    except sqlite3.Error:
        return None
