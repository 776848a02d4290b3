"""Looks at pick-up folders: each remote folder once for all that is picked up from it, and twice where one look is
not enough; what was seen is kept in the ledger, so that the looks of runs before count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from exchange.engine.ready import LOOKS_APART, Watched, is_ahead
from exchange.kernel.endpoint import Endpoint, Listing
from exchange.kernel.file_ledger import FileLedger, Look
from exchange.kernel.model import SourceFile

Folder = tuple[str, str]
"""(endpoint, folder)."""


@dataclass(slots=True)
class _Seen:
    remote: bool
    listing: Listing
    before: Mapping[str, Look]
    at: datetime
    watched: dict[str, Watched] = field(default_factory=dict)


class Looks:
    """The looks of one run at the folders of one flow."""

    def __init__(self, endpoints: Mapping[str, Endpoint], files: FileLedger, now: Callable[[], datetime]) -> None:
        self._endpoints = endpoints
        self._files = files
        self._now = now
        self._seen: dict[Folder, _Seen] = {}

    @property
    def remote(self) -> frozenset[Folder]:
        """The folders on other machines that were looked at."""
        return frozenset(folder for folder, seen in self._seen.items() if seen.remote)

    def listing(self, folder: Folder) -> Listing:
        """Return what lies in a folder; it is asked for once for all that is picked up from it."""
        if folder not in self._seen:
            self._first(folder)
        return self._seen[folder].listing

    def watched(self, source: SourceFile) -> Watched | None:
        """Return what looks say of a file; None where its endpoint needs none."""
        seen = self._seen.get((source.endpoint, source.folder))
        return None if seen is None else seen.watched.get(source.name)

    def content(self, source: SourceFile, limit: int) -> bytes | None:
        """Return a file of this machine whole; None where it is gone. Raises TryLater past `limit` bytes."""
        return self._endpoints[source.endpoint].read(source.folder, source.name, limit)

    def again(self, folder: Folder) -> None:
        """Look at a folder a second time; the caller has waited for a moment."""
        seen = self._seen[folder]
        earlier = {source.name: source for source in seen.listing.files}
        seen.listing, seen.at = self._endpoints[folder[0]].list(folder[1], "*"), self._now()
        for source in seen.listing.files:
            same = _same(source, earlier.get(source.name))
            since = seen.watched[source.name].since if same else seen.at
            # The clock may have been set back meanwhile; that two looks lie apart is known all the same.
            seen.watched[source.name] = Watched(since, twice=same)

    def remember(self) -> None:
        """Keep what was seen, so that the next run need not look twice."""
        for (endpoint, folder), seen in self._seen.items():
            if (seen.remote and (seen.listing.files or seen.before)) or seen.watched:
                self._files.look(endpoint, folder, seen.listing.files, seen.at)

    def _first(self, folder: Folder) -> None:
        name, below = folder
        endpoint = self._endpoints[name]
        listing, at = endpoint.list(below, "*"), self._now()
        # A file of this machine has the machine's own time, unless that was set back since: then only looks tell.
        needed = [source for source in listing.files if endpoint.remote or is_ahead(source, at)]
        before = self._files.looks(name, below) if needed or endpoint.remote else {}
        seen = _Seen(endpoint.remote, listing, before, at)
        for source in needed:
            look = seen.before.get(source.name)
            if look is not None and (look.size, look.mtime_ns) == (source.size, source.mtime_ns):
                seen.watched[source.name] = Watched(look.first_seen, twice=seen.at - look.first_seen >= LOOKS_APART)
            else:
                seen.watched[source.name] = Watched(seen.at, twice=False)
        self._seen[folder] = seen


def _same(source: SourceFile, other: SourceFile | None) -> bool:
    return other is not None and replace(other, changed_ns=source.changed_ns) == source
