"""Tells the watcher what to watch: reads the flows again when one of their files changed, and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from exchange.config.endpoints import LocalEndpoint
from exchange.config.locating import FLOWS, SETTINGS
from exchange.config.models import Flow
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.errors import ConfigurationError
from exchange.triggers.agenda import Post

Signature = tuple[tuple[str, int, int, int], ...]


class Watching:
    """What to watch of one workspace: the flows that are named, or all there are."""

    def __init__(self, root: Path, names: tuple[str, ...], every: timedelta, say: Callable[[str], None]) -> None:
        self._root = root
        self._names = names
        self._every = every
        self._say = say
        self._signature: Signature | None = None

    def first(self) -> tuple[Post, ...]:
        """Return what to watch; raises ConfigurationError, and KeyError with advice for a flow that is not known."""
        signature = self._sign()
        setup = load_flows(self._root)
        found = posts(setup, setup.chosen(self._names), self._every)
        self._signature = signature
        return found

    def again(self) -> Sequence[Post] | None:
        """Return what to watch from now on where a file changed, else None.

        Nothing is watched while the files are wrong: the mistakes are said once, and the next edit is waited for.
        """
        signature = self._sign()
        if signature == self._signature:
            return None
        self._signature = signature
        try:
            setup = load_flows(self._root)
            missing = [name for name in self._names if name not in setup.flows]
            named = tuple(name for name in self._names if name not in missing)
            chosen = setup.chosen(named) if named or not self._names else ()
        except ConfigurationError as fault:
            self._say(f"{fault}\nwaiting for these files to be mended; nothing is picked up until then")
            return ()
        for name in missing:
            self._say(f"there is no flow {name} any more; waiting for it to come back")
        self._say("the configuration was edited: watching " + (", ".join(flow.flow for flow in chosen) or "nothing"))
        return posts(setup, chosen, self._every)

    def _sign(self) -> Signature:
        """Return what tells one version of the files from another, without reading them."""
        found: list[tuple[str, int, int, int]] = []
        for path in (self._root / SETTINGS, *sorted((self._root / FLOWS).glob("*.yaml"))):
            try:
                seen = path.stat()
            except OSError:
                continue
            found.append((path.name, seen.st_mtime_ns, seen.st_size, seen.st_ino))
        return tuple(found)


def posts(setup: Setup, flows: Sequence[Flow], every: timedelta) -> tuple[Post, ...]:
    """Return what to watch for these flows; `every` holds for folders of this machine."""
    return tuple(_post(setup, flow, every) for flow in flows)


def _post(setup: Setup, flow: Flow, every: timedelta) -> Post:
    folders: list[Path] = []
    intervals: list[timedelta] = []
    places: list[str] = []
    for pick_up in flow.pick_up:
        if pick_up.computed is not None:
            continue
        model = setup.workspace.endpoints[pick_up.from_]
        if isinstance(model, LocalEndpoint):
            folders.append(setup.root / model.path / pick_up.folder)
            intervals.append(every)
        else:
            intervals.append(model.interval)
        places.append(f"{pick_up.from_}/{pick_up.folder}".rstrip("/"))
    return Post(
        flow.flow,
        tuple(dict.fromkeys(folders)),
        min(intervals, default=every).total_seconds(),
        tuple(dict.fromkeys(places)),
    )
