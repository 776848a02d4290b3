"""Decides when each watched flow is looked at next; pure: time is told, nothing is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

DEBOUNCE = 0.2
"""Seconds between an event and the look it causes: a burst of files is one look."""
REST = 1.0
"""Seconds a flow rests between two looks, however much happens: each is a process of its own."""
SLACK = 0.1
"""Seconds beyond the moment a file is ready, because two clocks never agree to the millisecond."""


@dataclass(frozen=True, slots=True)
class Post:
    """One flow to watch."""

    flow: str
    folders: tuple[Path, ...]
    """Folders of this machine that it picks up from: what happens there causes a look."""
    interval: float
    """Seconds between two looks when nothing happens. The look is the truth, events only hasten it."""
    places: tuple[str, ...] = ()
    """What it looks at, for people."""


@dataclass(slots=True)
class _Entry:
    post: Post
    next: float
    """Monotonic seconds of the next look."""
    rested: float = 0.0
    """Not before this."""
    running: bool = False
    gone: bool = False
    """Not watched any more; it only waits for the look under way to end."""
    seen: set[str] = field(default_factory=set)
    """Names that caused an event since the last look began."""
    settling: set[str] = field(default_factory=set)
    """Names that the last look knows of: it said when they are ready, so what is written to them changes nothing."""


class Agenda:
    """When each flow is looked at next."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def renew(self, posts: Sequence[Post], now: float) -> None:
        """Watch these flows from now on, and no others: new ones at once, those that were watched as they were."""
        entries = {post.flow: self._entries.get(post.flow) or _Entry(post, now) for post in posts}
        for post in posts:
            entry = entries[post.flow]
            entry.post, entry.gone = post, False
            entry.next = min(entry.next, now + post.interval)
        for flow, entry in self._entries.items():
            if entry.running and flow not in entries:
                entries[flow], entry.gone = entry, True
        self._entries = entries

    def wake(self, flow: str, name: str, now: float) -> None:
        """Take note that something happened to a file; `name` is blank where the folder itself came or went."""
        entry = self._entries.get(flow)
        if entry is None:
            return
        if not entry.running and name in entry.settling:
            return
        entry.seen.add(name)
        if not entry.running:
            entry.next = min(entry.next, max(now + DEBOUNCE, entry.rested))

    def due(self, now: float) -> list[str]:
        """Return the flows to look at now, the longest waiting first."""
        ready = [entry for entry in self._entries.values() if not entry.running and entry.next <= now]
        return [entry.post.flow for entry in sorted(ready, key=lambda entry: entry.next)]

    def begin(self, flow: str, now: float) -> None:
        """Take note that a look begins: what happens from now on needs another one."""
        entry = self._entries[flow]
        entry.running, entry.settling, entry.seen = True, entry.seen, set()
        entry.next = now + entry.post.interval

    def end(self, flow: str, now: float, ready_in: float | None) -> None:
        """Take note that a look ended and in how many seconds the first settling file is ready, if there is one."""
        entry = self._entries[flow]
        if entry.gone:
            del self._entries[flow]
            return
        entry.running, entry.rested = False, now + REST
        if ready_in is None:
            entry.settling = set()
        else:
            entry.next = min(entry.next, now + ready_in + SLACK)
        # What came while it was looking may have come behind its back; what settles was seen.
        if entry.seen - entry.settling:
            entry.next = now
        entry.next = max(entry.next, entry.rested)

    def next(self) -> float | None:
        """Return the monotonic second of the next look; None where every flow is being looked at."""
        return min((entry.next for entry in self._entries.values() if not entry.running), default=None)
