"""A cheap first look at the ledger, without SQLAlchemy (a third of a second): unfinished claims, served schedules."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from exchange.kernel.miss import Miss, kept_miss
from exchange.state.schema import CROSSED, HEAD, OPEN_STATES, WAITING

_PREFIX = "sqlite:///"
_REVISION = "SELECT version_num FROM alembic_version"
_OPEN = (
    f"SELECT DISTINCT flow FROM claims WHERE state IN ({', '.join('?' * len(OPEN_STATES))}) "  # noqa: S608 - no data
    "UNION SELECT DISTINCT flow FROM backorders"
)
_BRAKES = "SELECT 1 FROM brakes LIMIT 1"
_PARKED = (
    "FROM problems p JOIN rejects r ON r.reject_id = p.reject_id "
    f"WHERE r.state = 'open' AND r.codes IN ({', '.join('?' * len(WAITING))}) AND p.table_name != ''"
)
_WAITED_FOR = f"SELECT r.flow, p.table_name, min(r.opened_at) {_PARKED} GROUP BY r.flow, p.table_name"
_MISSES = f"SELECT r.reject_id, r.opened_at, p.table_name, p.table_key, p.value {_PARKED} AND r.flow = ?"
_STANDS = (
    "SELECT coalesce((SELECT max(claim) FROM stock_levels), 0), coalesce((SELECT max(claim) FROM stock_handed), 0), "
    "coalesce((SELECT sum(as_of % 1000003) FROM stock_levels), 0), "
    "coalesce((SELECT sum(claim) FROM backorders), 0), (SELECT count(*) FROM backorders)"
)
_SERVED = "SELECT flow, served FROM schedules"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def can_look(url: str) -> bool:
    """Tell whether this is a ledger that can be looked at; other URLs may hold a password."""
    return url.startswith(_PREFIX)


def open_flows(url: str, workspace: Path) -> frozenset[str] | None:
    """Return the flows with claims that are not over, or documents that wait for stock.

    None where only opening the ledger properly can tell.

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
    return None if found is None else {flow: _moment(stored) for flow, stored in found[0]}


def stands_at(url: str, workspace: Path) -> str | None:
    """Return what changes whenever stock stands differently than before; None as above."""
    found = _answers(url, workspace, (_STANDS, ()))
    return None if found is None else " ".join(map(str, found[0][0]))


def holds_too_long(url: str, workspace: Path, flow: str, before: datetime) -> bool | None:
    """Tell whether documents of a flow came to be held for too long since the last look; None as above."""
    found = _answers(url, workspace, (CROSSED, {"flow": flow, "before": (before - _EPOCH) // _MICROSECOND}))
    return None if found is None else bool(found[0])


def waited_for(url: str, workspace: Path) -> dict[str, dict[str, datetime]] | None:
    """Return, by flow, the tables that rejects wait for and nothing else: table -> when the oldest of them was opened.

    None as above.
    """
    found = _answers(url, workspace, (_WAITED_FOR, WAITING))
    made: dict[str, dict[str, datetime]] = {}
    for flow, table, stored in found[0] if found is not None else ():
        made.setdefault(flow, {})[table] = _moment(stored)
    return None if found is None else made


def parked(url: str, workspace: Path, flow: str) -> list[tuple[datetime, frozenset[Miss]]] | None:
    """Return, for each reject of a flow that waits for tables alone, when it was opened and what they lack.

    None as above.
    """
    found = _answers(url, workspace, (_MISSES, (*WAITING, flow)))
    made: dict[str, tuple[datetime, set[Miss]]] = {}
    for identity, stored, *miss in found[0] if found is not None else ():
        made.setdefault(identity, (_moment(stored), set()))[1].add(kept_miss(*miss))
    return None if found is None else [(opened_at, frozenset(misses)) for opened_at, misses in made.values()]


def _moment(stored: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stored)


def _answers(
    url: str, workspace: Path, *queries: tuple[str, Sequence[str] | Mapping[str, Any]]
) -> list[list[Any]] | None:
    path = workspace / url.removeprefix(_PREFIX)
    if not can_look(url) or not path.is_file():
        return None
    try:
        # Not read-only: after a kill, reading a write-ahead log means recovering it first.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=1)) as connection:
            if connection.execute(_REVISION).fetchall() != [(HEAD,)]:
                return None
            return [connection.execute(query, values).fetchall() for query, values in queries]
    except sqlite3.Error:
        return None
