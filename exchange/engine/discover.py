"""Finds the files that are ready, over all pick-ups of a flow; light, because an idle run ends here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatch
from functools import partial
from itertools import chain

from exchange.config.models import Flow, PickUp
from exchange.engine.age import age_in_name
from exchange.engine.archives import takes
from exchange.engine.control import Controls
from exchange.engine.looks import Folder, Looks
from exchange.engine.ready import LOOKS_APART, rest
from exchange.engine.renamed import renamed_books
from exchange.kernel.endpoint import Endpoint, RefusedName
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.file_ledger import FileLedger
from exchange.kernel.model import Claim, SourceFile

Identity = tuple[str, str, str, int, int]
"""(endpoint, folder, name, size, modification time) of a file as it lies in its folder."""
LOOK_LATER = timedelta(minutes=1)
"""When it is worth another look at a file that waits for something else than time."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that may be claimed."""

    source: SourceFile
    pick_up: int
    control: SourceFile | None = None
    """Its done file, where the pick-up names one; what it says is checked when the file is claimed."""
    archive: Claim | None = None
    """The archive that the file came in."""


@dataclass(frozen=True, slots=True)
class Settling:
    """A file that is not taken yet."""

    source: SourceFile
    ready_in: timedelta
    """When it is worth another look."""
    why: str = ""
    """What it waits for where that is not time alone."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """What lies in the pick-up folders of a flow."""

    ready: tuple[Ready, ...] = ()
    """Oldest first, over all pick-ups."""
    settling: tuple[Settling, ...] = ()
    postponed: int = 0
    """Ready too, but past `max_files`: the next run takes them."""
    too_large: tuple[Ready, ...] = ()
    """Larger than their pick-up's `max_size`."""
    refused: tuple[RefusedName, ...] = ()
    """Names that are never taken."""
    away: tuple[ExchangeError, ...] = ()
    """Why folders could not be listed."""


@dataclass(frozen=True, slots=True)
class Search:
    """How thoroughly to look."""

    remember: bool = False
    """Keep what was seen for the next run."""
    pause: Callable[[float], None] | None = None
    """Waits so many seconds, so that a second look can be taken where one is not enough; without it there is none."""
    owned: Collection[Identity] = frozenset()
    """Files that open claims have not let go of."""
    paused: Collection[str] = frozenset()
    """Endpoints that are not to be asked."""


NO_MEMORY = Search()
"""One look, of which nothing is kept."""


def identity(source: SourceFile) -> Identity:
    """Return what a file is as long as nobody touches it."""
    return source.endpoint, source.folder, source.name, source.size, source.mtime_ns


def age_of(flow: Flow, ready: Ready) -> tuple[int, str]:
    """Return what files are ordered by: the oldest first."""
    source = ready.source
    said = age_in_name(flow, ready.pick_up, source)
    return (source.mtime_ns if said is None else int(said.timestamp()) * 10**9), source.name


def discover(
    flow: Flow,
    endpoints: Mapping[str, Endpoint],
    files: FileLedger,
    now: Callable[[], datetime],
    search: Search = NO_MEMORY,
) -> Discovered:
    """Return what is to be taken and what is not; a file is taken by one pick-up only, the first that fits.

    A folder that cannot be listed costs its own pick-ups only. Where remote files lack their second look and
    `search.pause` is given, their folders are looked at once more after one pause.
    """
    view = _View(flow, Looks(endpoints, files, now), files, now, search)
    found = view.judge()
    if found.once and search.pause is not None:
        search.pause(LOOKS_APART.total_seconds())
        for folder in sorted(found.once):
            view.again(folder)
        found = view.judge()
    if search.remember:
        view.looks.remember()
    ready, postponed = _capped(flow, found.ready)
    return Discovered(
        tuple(ready),
        tuple(found.settling),
        postponed,
        tuple(found.too_large),
        tuple(found.refused),
        tuple(view.away.values()),
    )


@dataclass(slots=True)
class _Findings:
    ready: list[Ready] = field(default_factory=list)
    settling: list[Settling] = field(default_factory=list)
    too_large: list[Ready] = field(default_factory=list)
    refused: dict[RefusedName, None] = field(default_factory=dict)
    once: set[Folder] = field(default_factory=set)
    """Remote folders with files that one look more may make ready."""
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    left: dict[Folder, dict[str, SourceFile]] = field(default_factory=dict)
    """By name, what lies in folders of this machine and no pick-up of the flow takes."""


@dataclass(slots=True)
class _View:
    flow: Flow
    looks: Looks
    files: FileLedger
    now: Callable[[], datetime]
    search: Search
    away: dict[Folder, ExchangeError] = field(default_factory=dict)

    def again(self, folder: Folder) -> None:
        with self._noted(folder):
            self.looks.again(folder)

    def judge(self) -> _Findings:
        found = _Findings()
        for index, pick_up in enumerate(self.flow.pick_up):
            folder = (pick_up.from_, pick_up.folder)
            if pick_up.computed is None and pick_up.from_ not in self.search.paused and folder not in self.away:
                with self._noted(folder):
                    self._pick(index, folder, found)
        left = chain.from_iterable(files.values() for folder, files in found.left.items() if folder not in self.away)
        found.refused.update(dict.fromkeys(renamed_books(left, self.looks.content)))
        return found

    def _pick(self, index: int, folder: Folder, found: _Findings) -> None:
        """Judge the files that one pick-up takes."""
        pick_up, listing = self.flow.pick_up[index], self.looks.listing(folder)
        found.refused.update(dict.fromkeys(odd for odd in listing.refused if _concerns(pick_up, odd)))
        controls = Controls(pick_up.done_file, listing.files) if pick_up.done_file else None
        if folder not in found.left and folder not in self.looks.remote:
            found.left[folder] = {source.name: source for source in listing.files}
        left = found.left.get(folder, {})
        for source in listing.files:
            if takes(pick_up, source.name):
                left.pop(source.name, None)
                if not (controls and controls.are(source)):
                    self._place(index, source, controls, found)

    def _place(self, index: int, source: SourceFile, controls: Controls | None, found: _Findings) -> None:
        pick_up = self.flow.pick_up[index]
        place = (source.endpoint, source.folder, source.name)
        if place in found.seen or identity(source) in self.search.owned:
            return
        if pick_up.then == "keep" and self.files.sighting(source) is not None:
            return
        found.seen.add(place)
        ready = Ready(source, index, controls.of(source) if controls else None)
        why, wait = self._wait(pick_up, source, controls)
        if source.size > pick_up.max_size:
            found.too_large.append(ready)
        elif why or wait > timedelta(0):
            found.settling.append(Settling(source, wait, why))
            if not why and wait <= LOOKS_APART:
                found.once.update({(source.endpoint, source.folder)} & self.looks.remote)
        else:
            found.ready.append(ready)

    def _wait(self, pick_up: PickUp, source: SourceFile, controls: Controls | None) -> tuple[str, timedelta]:
        if controls is not None:
            why = controls.why_not(source)
            return why, LOOK_LATER if why else timedelta(0)
        needed = pick_up.settle if source.size else pick_up.empty_grace
        return "", rest(source, needed, self.now(), self.looks.watched(source))

    @contextmanager
    def _noted(self, folder: Folder) -> Iterator[None]:
        try:
            yield
        except Interrupted:
            raise
        except ExchangeError as fault:
            self.away[folder] = fault


def _concerns(pick_up: PickUp, odd: RefusedName) -> bool:
    """Tell whether a refused name is a pick-up's business: one that fits it, one that leads elsewhere, the folder."""
    return "/" in odd.shown or fnmatch(odd.shown.lower(), pick_up.match.lower())


def _capped(flow: Flow, found: list[Ready]) -> tuple[list[Ready], int]:
    """Return the oldest files, at most `max_files` for each pick-up, and how many are left for the next run."""
    taken: Counter[int] = Counter()
    ready = []
    for file in sorted(found, key=partial(age_of, flow)):
        if taken[file.pick_up] < flow.pick_up[file.pick_up].max_files:
            taken[file.pick_up] += 1
            ready.append(file)
    return ready, len(found) - len(ready)
