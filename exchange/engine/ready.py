"""Decides how long a file still has to rest before it may be taken; pure, so that every clock can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from exchange.kernel.model import SourceFile

LOOKS_APART = timedelta(seconds=1)
"""Least time between two looks that count as two: the servers that matter tell modification times in whole seconds."""
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of a file whose own times tell nothing: on a remote endpoint, or after the clock was set back."""

    since: datetime
    """Since when its size and modification time are as they are, by this machine's clock."""
    twice: bool
    """Whether two looks, far enough apart, found them equal."""


def rest(source: SourceFile, needed: timedelta, now: datetime, watched: Watched | None) -> timedelta:
    """Return how long the file has to rest until it has not changed for `needed`; nothing where it may be taken.

    A modification time in the future (a wrong clock) says nothing; what this machine saw of the file does: its own
    note of the last change, or since when looks find it the same. A remote file needs two equal looks in any case,
    and its time is taken at its word only where the endpoint does not know it by this machine's clock.
    """
    if watched is None:
        return max(needed - _age(source, now), _NOTHING)
    told = _since(source.changed_ns or source.mtime_ns, now)
    age = max(told, now - watched.since, _NOTHING)
    wait = max(needed - age, _NOTHING)
    return wait if watched.twice else max(wait, LOOKS_APART)


def is_ahead(source: SourceFile, now: datetime) -> bool:
    """Tell whether all that a file says of its last change lies in the future: the clock was set back since."""
    return min(source.mtime_ns, source.changed_ns or source.mtime_ns) > now.timestamp() * 1e9


def _age(source: SourceFile, now: datetime) -> timedelta:
    age = _since(source.mtime_ns, now)
    if age < _NOTHING and source.changed_ns:
        age = _since(source.changed_ns, now)
    return max(age, _NOTHING)


def _since(moment_ns: int, now: datetime) -> timedelta:
    return timedelta(microseconds=now.timestamp() * 1e6 - moment_ns / 1e3)
