"""A moment between two turns of the starter flow, and up to when it was served."""

from __future__ import annotations

from datetime import UTC, datetime

from exchange.assemble.house import ledger_of
from exchange.config.workspace import Setup

AT = datetime(2026, 3, 2, 12, 2, 30, tzinfo=UTC)


def served(setup: Setup) -> datetime | None:
    """Return up to when the flow was served."""
    with ledger_of(setup) as ledger:
        return ledger.schedules.last("orders")
