"""Why files are held before their seal, as it was noted with them: for `status`, which alone asks."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from exchange.kernel.model import ClaimState
from exchange.state.database import Database
from exchange.state.ledger import ledger_path
from exchange.state.tables import claims

_SINCE = "held at "


def held_files(url: str, workspace: Path, flow: str) -> dict[str, tuple[datetime, tuple[str, ...]]]:
    """Return the held claims of a flow, oldest first: since when each is held, and for what reasons.

    The ledger has been opened before: it is there, and of this version.
    """
    query = select(claims.c.id, claims.c.notes).order_by(claims.c.seq)
    query = query.where(claims.c.flow == flow, claims.c.state == ClaimState.HELD.value)
    database = Database(ledger_path(url, workspace))
    try:
        with database.read() as connection:
            return {row.id: _noted(json.loads(row.notes)) for row in connection.execute(query)}
    finally:
        database.close()


def _noted(notes: list[str]) -> tuple[datetime, tuple[str, ...]]:
    since, *reasons = notes
    return datetime.fromisoformat(since.removeprefix(_SINCE)), tuple(reasons)
