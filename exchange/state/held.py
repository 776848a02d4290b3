"""Why files are held before their seal, as it was noted with them."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, select

from exchange.kernel.model import ClaimState
from exchange.state.tables import claims

_SINCE = "held at "


def read_held(connection: Connection, flow: str) -> dict[str, tuple[datetime, tuple[str, ...]]]:
    """Return the held claims of a flow, oldest first: since when each is held, and for what reasons."""
    query = select(claims.c.id, claims.c.notes).order_by(claims.c.seq)
    query = query.where(claims.c.flow == flow, claims.c.state == ClaimState.HELD.value)
    return {row.id: _noted(json.loads(row.notes)) for row in connection.execute(query)}


def _noted(notes: list[str]) -> tuple[datetime, tuple[str, ...]]:
    since, *reasons = notes
    return datetime.fromisoformat(since.removeprefix(_SINCE)), tuple(reasons)
