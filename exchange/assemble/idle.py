"""Tells cheaply that a run has nothing to do, which is what most runs of a timer find: no ledger, no SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exchange.assemble.clock import now
from exchange.assemble.endpoints import Places, is_remote
from exchange.assemble.quiet import Place, Post, Round
from exchange.assemble.settled import is_settled
from exchange.assemble.unfinished import edited_for, is_left
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.engine.answered import answered
from exchange.engine.answered import places as answer_places
from exchange.engine.discover import discover
from exchange.engine.events import Event, not_taken
from exchange.engine.ready import is_ahead
from exchange.engine.shelves import Shelves
from exchange.kernel.file_ledger import Look
from exchange.kernel.model import UNPACKED, SourceFile
from exchange.state.glance import parked
from exchange.transports.local import LocalEndpoint


class _NothingSeen:
    """What was seen in folders of this machine, where nothing is kept: nobody asks for it."""

    def sighting(self, source: SourceFile) -> str | None:
        """Return nothing."""
        del source
        return None

    def note(self, source: SourceFile, sha256: str, at: datetime) -> None:
        """Forget it."""
        del source, sha256, at

    def looks(self, endpoint: str, folder: str) -> dict[str, Look]:
        """Return nothing."""
        del endpoint, folder
        return {}

    def look(self, endpoint: str, folder: str, seen: Sequence[SourceFile], at: datetime) -> None:
        """Forget it."""
        del endpoint, folder, seen, at


def nothing_to_do(setup: Setup, flows: Sequence[Flow]) -> list[Event] | None:
    """Return what is not taken (yet) where nothing else is there to do; None where a real run is needed."""
    if any(_asks_others(setup, flow) for flow in flows):
        return None
    limits = {flow.flow: flow.rules.release.held_limit for flow in flows}
    held_before = {flow: None if limit is None else now() - limit for flow, limit in limits.items()}
    if is_left(setup.workspace.ledger, setup.root, held_before) or _frees(setup, flows):
        return None
    places = Places(setup)
    events: list[Event] = []
    for flow in flows:
        if answered(flow, places):
            return None
        found = discover(flow, places, _NothingSeen(), now)
        if found.ready or found.too_large or found.away or places[UNPACKED].list(flow.flow, "*").files:
            return None
        if any(is_ahead(each.source, now()) for each in found.settling):
            return None  # what was seen of it has to be kept
        events += not_taken(flow, found)
    return events


def round_of(setup: Setup) -> Round:
    """Return what a look at folders takes of the configuration, so that the next one need not read it."""
    places = Places(setup)
    posts = (_post_of(setup, flow, places) for flow in setup.flows.values())
    return Round(setup.workspace.ledger, {post.flow: post for post in posts})


def _post_of(setup: Setup, flow: Flow, places: Places) -> Post:
    named = [(pick_up.from_, pick_up.folder) for pick_up in flow.pick_up]
    named += [(endpoint, folder) for endpoint, folder, _ in answer_places(flow)]
    there = {place: places[place[0]] for place in [*named, (UNPACKED, flow.flow)] if not _needs_more(setup, flow)}
    looked_at = tuple(
        Place(name, str(endpoint.root), endpoint.mount_marker, folder)
        for (name, folder), endpoint in there.items()
        if isinstance(endpoint, LocalEndpoint)
    )
    limit = flow.rules.release.held_limit
    return Post(
        flow.flow,
        flow.schedule,
        flow.timezone,
        None if limit is None else limit.total_seconds(),
        looked_at if there and len(looked_at) == len(there) else None,
    )


def _needs_more(setup: Setup, flow: Flow) -> bool:
    """Tell whether folders of this machine never tell that there is nothing to do."""
    if any(each.computed is not None or each.then == "keep" for each in flow.pick_up):
        return True
    named = [pick_up.from_ for pick_up in flow.pick_up]
    named += [delivery.to for delivery in flow.deliver if delivery.ack is not None]
    return any(is_remote(setup, name) for name in named)


def _frees(setup: Setup, flows: Sequence[Flow]) -> bool:
    """Tell whether a table has by now what rejects wait for, or nobody knows.

    Tables that nobody edited since are not read; as in a run, a reject waits until they have all that it lacks.
    """
    shelves = Shelves(setup.root)
    edited = edited_for(setup.workspace.ledger, setup.root, [flow.flow for flow in flows], shelves)
    return edited is None or any(_frees_some(setup, flow, shelves) for flow in edited)


def _frees_some(setup: Setup, flow: str, shelves: Shelves) -> bool:
    rejects = parked(setup.workspace.ledger, setup.root, flow)
    if rejects is None:
        return True
    there = shelves.has(miss for _, misses in rejects for miss in misses)
    return any(
        there.issuperset(misses) and shelves.edited_since({miss.table for miss in misses}, opened_at)
        for opened_at, misses in rejects
    )


def _asks_others(setup: Setup, flow: Flow) -> bool:
    """Tell whether only the ledger, or another machine, knows if there is something to do."""
    if not is_settled(setup, flow, now()):
        return True
    if any(pick_up.then == "keep" or is_remote(setup, pick_up.from_) for pick_up in flow.pick_up):
        return True
    return any(delivery.ack is not None and is_remote(setup, delivery.to) for delivery in flow.deliver)
