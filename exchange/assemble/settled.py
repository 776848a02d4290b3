"""Remembers, for idle runs, that what a flow computes from the ledger is as the ledger stands; light."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from exchange.config.computed import Reorder, period
from exchange.config.modelines import FOLDER as EDITOR_SCHEMAS
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.kernel.atomic import write_hint
from exchange.state.glance import stands_at

_MARK = "data/state/computed/{flow}.settled"


def is_settled(setup: Setup, flow: Flow, now: datetime) -> bool:
    """Tell whether nothing that the flow's computed pick-ups depend on has changed since they were computed."""
    if all(pick_up.computed is None for pick_up in flow.pick_up):
        return True
    ledger = setup.workspace.ledger.removeprefix("sqlite:///")
    if ":" not in ledger and not (setup.root / ledger).exists():
        return True  # nothing was ever told
    mark = setup.root / _MARK.format(flow=flow.flow)
    try:
        known = mark.read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
    return bool(known) and known == _stamp(setup, flow, now)


def settle(setup: Setup, flow: Flow, now: datetime) -> None:
    """Remember that they were computed just now; where nobody can tell by what, nothing is remembered."""
    with suppress(OSError):  # a mapping may go while it is looked at
        write_hint(setup.root / _MARK.format(flow=flow.flow), (_stamp(setup, flow, now) or "").encode())


def _stamp(setup: Setup, flow: Flow, now: datetime) -> str | None:
    stands = stands_at(setup.workspace.ledger, setup.root)
    if stands is None:
        return None
    digest = hashlib.sha256(f"{stands} {_periods(flow, now)}".encode())
    for path in sorted((setup.root / "mappings").rglob("*")):
        if path.is_file() and not path.is_relative_to(setup.root / EDITOR_SCHEMAS):
            seen = path.stat()
            digest.update(f"{path} {seen.st_mtime_ns} {seen.st_size} {seen.st_ino}\n".encode())
    return digest.hexdigest()


def _periods(flow: Flow, now: datetime) -> list[str]:
    """Return what changes by the clock alone: refreshes, and the window of sales, which moves on once an hour."""
    local = now.astimezone(ZoneInfo(flow.timezone))
    chosen = [pick_up.computed.chosen for pick_up in flow.pick_up if pick_up.computed is not None]
    made = [period(each.refresh, local.date(), local.hour) for each in chosen if hasattr(each, "refresh")]
    hourly = any(isinstance(each, Reorder) for each in chosen)
    return [*made, period("hourly" if hourly else "never", local.date(), local.hour)]
