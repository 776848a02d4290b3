"""Alone finds files that would be taken by two pick-ups, or again and again by what made them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import combinations, permutations
from pathlib import Path as FilePath

from exchange.config.endpoints import LocalEndpoint, SftpEndpoint
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Delivery, Flow, PickUp
from exchange.config.sample_names import done_names, sample_names
from exchange.config.yamltext import Path
from exchange.kernel.errors import Mistake
from exchange.kernel.naming import matching

Flows = list[tuple[Loaded[Flow], Flow]]
_AGAIN = "PICK_UP_AGAIN"


def overlap_mistakes(files: Files) -> Iterator[Mistake]:
    """Yield pick-ups of the same files, files moved to where they are picked up, and deliveries that come back."""
    flows = [(flow, flow.value) for flow in files.flows if flow.value is not None]
    pick_ups = [(flow, number, each) for flow, value in flows for number, each in enumerate(value.pick_up)]
    for (first_flow, first_number, first), (flow, number, second) in combinations(pick_ups, 2):
        if _same_files(first, second, files) and not first.then == second.then == "keep":
            what = f"pick-up {first_number + 1} of {first_flow.file} takes the same files"
            instead = "narrow `match:`, or write `then: keep` in both"
            yield flow.mistake(("pick_up", number), what, instead, key=False, code="PICK_UP_OVERLAP")
    for (moving_flow, number, moving), (flow, _, other) in permutations(pick_ups, 2):
        if moving.move_to and _same_files(moving.model_copy(update={"folder": moving.move_to}), other, files):
            what = f"what is moved to {moving.move_to!r} would be picked up again, by {flow.file}"
            path: Path = ("pick_up", number, "move_to")
            yield moving_flow.mistake(path, what, "name a folder of its own", key=False, code=_AGAIN)
    yield from _circles(flows, files)


def place_of(endpoint: str, folder: str, files: Files) -> str:
    """Return where files come to lie: two endpoints may be one place, `./a` and `a` are one folder."""
    settings = files.settings.value
    found = settings.endpoints.get(endpoint) if settings is not None else None
    top = f"{endpoint}:"
    if isinstance(found, LocalEndpoint):
        top = FilePath(files.root, found.path).resolve().as_posix()
    elif isinstance(found, SftpEndpoint):
        # Where the path is relative, whoever logs in starts from a home of their own.
        who = "" if found.path.startswith("/") else f"{found.user}@"
        top = f"{who}{found.host}:{found.port}/{found.path}"
    return posixpath.normpath(posixpath.join(top, folder))


def _same_files(first: PickUp, second: PickUp, files: Files) -> bool:
    if first.computed is not None:
        return False
    places = {place_of(each.from_, each.folder, files) for each in (first, second)}
    alike = fnmatchcase(first.match, second.match) or fnmatchcase(second.match, first.match)
    return len(places) == 1 and alike


# --- what a flow delivers comes back to it -------------------------------------------------------------------------
def _circles(flows: Flows, files: Files) -> Iterator[Mistake]:
    """Yield the deliveries by which a flow feeds itself, at once or through other flows."""
    feeds = [
        (flow, number, fed)
        for flow, value in flows
        for number, delivery in enumerate(value.deliver)
        for fed, taking in flows
        if any(_taken(delivery, value.flow, each, files) for each in taking.pick_up)
    ]
    reaches: dict[str, set[str]] = {flow.file: set() for flow, _ in flows}
    for flow, _, fed in feeds:
        reaches[flow.file].add(fed.file)
    for flow, number, fed in feeds:
        if flow.file in _reached(fed.file, reaches):
            by = "by this flow" if fed.file == flow.file else f"by {fed.file}, which feeds this flow in turn"
            instead = "deliver to a folder of its own, or narrow `match:` so that these names do not fit"
            what = f"what is delivered there would be picked up again, {by}"
            yield flow.mistake(("deliver", number, "to"), what, instead, key=False, code=_AGAIN)


def _reached(start: str, reaches: dict[str, set[str]]) -> set[str]:
    found, left = {start}, [start]
    while left:
        new = reaches[left.pop()] - found
        found |= new
        left += new
    return found


def _taken(delivery: Delivery, flow: str, pick_up: PickUp, files: Files) -> bool:
    if place_of(delivery.to, delivery.folder, files) != place_of(pick_up.from_, pick_up.folder, files):
        return False
    names = {*sample_names(delivery, flow), *done_names(delivery, flow)}
    return bool(matching(names, pick_up.match))
