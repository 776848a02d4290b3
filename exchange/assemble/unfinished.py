"""Tells by the ledger and the work folders whether earlier runs left something to do; light.

Any doubt counts as yes: who opens the ledger properly has the words for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from exchange.engine.shelves import Shelves
from exchange.state.glance import holds_too_long, open_flows, waited_for
from exchange.state.work import WORK, WorkFolders


def is_left(ledger: str, root: Path, held_before: Mapping[str, datetime | None]) -> bool:
    """Tell whether something of these flows is left: a claim that is not over, a copy that a killed run left behind.

    Or documents that are held for too long. `held_before`: flow -> since before when; None where they may be for ever.
    """
    unfinished = open_flows(ledger, root)
    if unfinished is None or unfinished & held_before.keys():
        return True
    if not all(WorkFolders(root / WORK, flow).is_clean() for flow in held_before):
        return True
    return any(
        before is not None and holds_too_long(ledger, root, flow, before) is not False
        for flow, before in held_before.items()
    )


def edited_for(ledger: str, root: Path, flows: Iterable[str], shelves: Shelves) -> set[str] | None:
    """Return those of the flows whose rejects wait for a table that was edited since; None where nobody knows."""
    waiting = waited_for(ledger, root)
    if waiting is None:
        return None
    return {
        flow
        for flow in flows
        if any(shelves.edited_since([table], since) for table, since in waiting.get(flow, {}).items())
    }
