"""Tells which flows are due: their schedule came round since they were served last. Pure: time and memory are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from exchange.config.schedule import next_moment

_JITTER = timedelta(minutes=5)
"""How far a clock may be put back without more ado; beyond that, what was noted under the wrong time is void."""


class Scheduled(Protocol):
    """What is asked of a flow."""

    @property
    def flow(self) -> str:
        """Its name."""

    @property
    def schedule(self) -> str:
        """When it runs; blank where nothing says so."""

    @property
    def timezone(self) -> str:
        """The clock that its schedule is read by."""


S = TypeVar("S", bound=Scheduled)


@dataclass(frozen=True, slots=True)
class Due(Generic[S]):
    """What the schedules say at one moment."""

    flows: tuple[S, ...]
    """Due now, each once, however many of its moments were missed; the one that waits longest first."""
    first_seen: Mapping[str, datetime]
    """Flows to remember from now on, with the moment their schedule is counted from."""
    coming: Mapping[str, datetime]
    """When each of the others is due next, in UTC."""


def due(flows: Sequence[S], served: Mapping[str, datetime], at: datetime) -> Due[S]:
    """Return what is due at `at`; `served` has, for each flow known, the moment up to which it was served.

    A flow that was never seen before is counted from the minute in which it is seen: one that is to run at night does
    not run on the afternoon it is written. So is one whose last moment lies in the future, because the clock was wrong.
    Flows without `schedule:` are left out.
    """
    first_seen: dict[str, datetime] = {}
    ready: list[tuple[datetime, S]] = []
    coming: dict[str, datetime] = {}
    for flow in flows:
        if not flow.schedule:
            continue
        since = served.get(flow.flow)
        if since is None or since > at + _JITTER:
            since = first_seen[flow.flow] = at.replace(second=0, microsecond=0) - timedelta(seconds=1)
        moment = next_moment(flow.schedule, flow.timezone, since)
        if moment <= at:
            ready.append((moment, flow))
        else:
            coming[flow.flow] = moment
    ready.sort(key=lambda row: row[0])
    return Due(tuple(flow for _, flow in ready), first_seen, coming)
