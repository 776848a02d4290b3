"""Tells cheaply that a run has nothing to do, which is what most runs of a timer find: no ledger, no SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exchange.assemble.house import DATA, endpoints, now
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.engine.discover import Settling, discover
from exchange.kernel.model import SourceFile
from exchange.state.glance import open_flows
from exchange.state.work import WorkFolders


class _NothingSeen:
    """The sightings of a workspace without `then: keep`: nobody asks for them."""

    def sighting(self, source: SourceFile) -> str | None:
        """Return nothing."""
        del source
        return None

    def note(self, source: SourceFile, sha256: str, at: datetime) -> None:
        """Forget it."""
        del source, sha256, at


def nothing_to_do(setup: Setup, flows: Sequence[Flow]) -> list[Settling] | None:
    """Return the files that are still settling where nothing else is there to do; None where a real run is needed."""
    if any(pick_up.then == "keep" for flow in flows for pick_up in flow.pick_up):
        return None
    unfinished = open_flows(setup.workspace.ledger, setup.root)
    if unfinished is None or unfinished & {flow.flow for flow in flows}:
        return None
    work = setup.root / DATA / "state" / "work"
    if not all(WorkFolders(work, flow.flow).is_clean() for flow in flows):
        return None  # a killed run has left copies there: a real run sweeps them
    places = endpoints(setup)
    settling: list[Settling] = []
    for flow in flows:
        found = discover(flow, places, _NothingSeen(), now)
        if found.ready:
            return None
        settling += found.settling
    return settling
