"""Finds the files that are ready; light, because an idle run ends here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from exchange.config.models import Flow
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.ledger import FileLedger
from exchange.kernel.model import SourceFile


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that may be claimed."""

    source: SourceFile
    pick_up: int


@dataclass(frozen=True, slots=True)
class Settling:
    """A file that was changed too recently to be taken."""

    source: SourceFile
    ready_in: timedelta


@dataclass(frozen=True, slots=True)
class Discovered:
    """What lies in the pick-up folders of a flow."""

    ready: tuple[Ready, ...]
    settling: tuple[Settling, ...]


def discover(
    flow: Flow, endpoints: Mapping[str, Endpoint], files: FileLedger, now: Callable[[], datetime]
) -> Discovered:
    """Return the files to take, oldest first, and those still settling; a file is taken by one pick-up only."""
    ready: list[Ready] = []
    settling: list[Settling] = []
    seen: set[tuple[str, str, str]] = set()
    for index, pick_up in enumerate(flow.pick_up):
        for source in endpoints[pick_up.from_].list(pick_up.folder, pick_up.match):
            place = (source.endpoint, source.folder, source.name)
            if place in seen or (pick_up.then == "keep" and files.sighting(source) is not None):
                continue
            seen.add(place)
            wait = _wait(source, pick_up.settle, now())
            if wait > timedelta(0):
                settling.append(Settling(source, wait))
            else:
                ready.append(Ready(source, index))
    return Discovered(tuple(sorted(ready, key=_age)), tuple(settling))


def _age(ready: Ready) -> tuple[int, str]:
    return ready.source.mtime_ns, ready.source.name


def _wait(source: SourceFile, settle: timedelta, now: datetime) -> timedelta:
    """Return how long the file still has to rest.

    A modification time in the future (a wrong clock) says nothing; what this machine saw of the file does.
    """
    moment = source.mtime_ns
    if moment / 1e9 > now.timestamp() and source.changed_ns:
        moment = source.changed_ns
    age = timedelta(microseconds=now.timestamp() * 1e6 - moment / 1e3)
    return settle - max(age, timedelta(0)) if age < settle else timedelta(0)
