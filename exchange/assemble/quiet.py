"""Tells in a few milliseconds that nothing lies anywhere, which is what most runs of a timer find; light.

What a look needs of the configuration is kept by the hash of its text, so that neither YAML nor models are asked. Any
doubt (other text, a file, a fault, a flow that takes more than a look at folders) is left to those who read them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from exchange import __version__
from exchange.assemble.unfinished import edited_for, is_left
from exchange.config.locating import SETTINGS, flow_files
from exchange.engine.shelves import Shelves
from exchange.kernel.atomic import write_hint
from exchange.kernel.errors import ExchangeError
from exchange.state.glance import can_look, served_moments
from exchange.transports.local import LocalEndpoint
from exchange.triggers.due import due

MARK = "data/state/quiet"
"""Holds the hash of what follows; then the hash of the configuration, and what a look takes of it, as JSON."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of this machine in which nothing may lie."""

    endpoint: str
    root: str
    """Of the endpoint, absolute."""
    mount_marker: str
    folder: str

    def is_empty(self, workspace: Path) -> bool:
        """Tell whether nothing lies there that a run would take, or speak of; raises ExchangeError as a run would."""
        found = LocalEndpoint(self.endpoint, Path(self.root), workspace, self.mount_marker).list(self.folder, "*")
        return not found.files and not found.refused


@dataclass(frozen=True, slots=True)
class Post:
    """What a look takes of one flow."""

    flow: str
    schedule: str
    timezone: str
    held_limit: float | None
    """Seconds for which documents may be held; None for ever."""
    places: tuple[Place, ...] | None
    """None where looking at folders cannot tell."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a look takes of a workspace."""

    ledger: str
    """URL."""
    posts: Mapping[str, Post]
    """By flow, in their order."""

    def of(self, flows: Iterable[str]) -> list[Post] | None:
        """Return the posts of these flows, or of all; None where one is not known."""
        names = tuple(flows) or tuple(self.posts)
        return [self.posts[name] for name in names] if self.posts.keys() >= set(names) else None


def digest_of(root: Path) -> str:
    """Return what the text of exchange.yaml and the flows comes to; blank where it cannot be read."""
    digest = hashlib.sha256(__version__.encode() + b"\0" + os.fsencode(root) + b"\0")
    try:
        for file in (SETTINGS, *flow_files(root)):
            content = (root / file).read_bytes()
            digest.update(os.fsencode(file) + f"\0{len(content)}\0".encode() + content)
    except OSError:
        return ""
    return digest.hexdigest()


def keep(root: Path, digest: str, made: Round) -> None:
    """Keep what was made of the configuration with this hash, unless it was edited since.

    Not where the ledger is no SQLite file: nothing could be told then, and its URL may hold a password.
    """
    if not digest or not can_look(made.ledger) or kept(root, digest) == made or digest_of(root) != digest:
        return
    row = {"digest": digest, "ledger": made.ledger, "posts": [asdict(post) for post in made.posts.values()]}
    body = json.dumps(row).encode()
    write_hint(root / MARK, _sum(body) + b"\n" + body)  # a torn one is not read


def kept(root: Path, digest: str) -> Round | None:
    """Return what was kept for the configuration with this hash; None where nothing was."""
    try:
        told, _, body = (root / MARK).read_bytes().partition(b"\n")
    except OSError:
        return None
    if told != _sum(body):
        return None  # torn, or edited by hand
    row = json.loads(body)
    if row["digest"] != digest:
        return None
    posts = [_post(**each) for each in row["posts"]]
    return Round(row["ledger"], {post.flow: post for post in posts}) if posts else None


def is_quiet(root: Path, known: Round, flows: Sequence[str], now: datetime) -> bool:
    """Tell whether there is nothing to do for these flows (or all), and nothing to say; False where in doubt."""
    posts = known.of(flows)
    if not posts:
        return False
    held_before = {
        post.flow: None if post.held_limit is None else now - timedelta(seconds=post.held_limit) for post in posts
    }
    if is_left(known.ledger, root, held_before):
        return False
    if edited_for(known.ledger, root, held_before, Shelves(root)) != set():
        return False
    return all(_is_empty(root, post) for post in posts)


def none_due(root: Path, known: Round, flows: Sequence[str], at: datetime) -> Mapping[str, datetime] | None:
    """Return when these flows (or all) are due next; None where one is due now, or there is something to note."""
    posts, served = known.of(flows), served_moments(known.ledger, root)
    if not posts or served is None:
        return None
    came = due(posts, served, at)
    return None if came.flows or came.first_seen or not came.coming else came.coming


def _sum(body: bytes) -> bytes:
    return hashlib.sha256(__version__.encode() + body).hexdigest().encode()


def _is_empty(root: Path, post: Post) -> bool:
    try:
        return post.places is not None and all(place.is_empty(root) for place in post.places)
    except ExchangeError:
        return False


def _post(
    *, flow: str, schedule: str, timezone: str, held_limit: float | None, places: list[dict[str, str]] | None
) -> Post:
    there = None if places is None else tuple(Place(**place) for place in places)
    return Post(flow, schedule, timezone, held_limit, there)
