"""Which files go out together, in which order, and where one set of them ends and the next begins; light."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from exchange.config.models import Flow, Merge, PickUp
from exchange.engine.archives import is_archive
from exchange.engine.discover import Ready
from exchange.engine.house import pick_up_of
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.model import BY_HAND, Claim, ClaimState, Origin, SourceFile
from exchange.kernel.naming import returned_name

_ALONE = 2
"""Tries of a file that may have died for what another one holds; the next one it gets by itself."""


def joins(pick_up: PickUp, source: SourceFile) -> bool:
    """Tell whether a file goes out with others: not an archive (its members do), nor one that a person names."""
    if pick_up.merged is None or returned_name(source.name):
        return False  # rejects that come back are corrected by themselves
    return source.endpoint != BY_HAND and not is_archive(pick_up, source)


def joins_again(flow: Flow, known: KnownClaim) -> bool:
    """Tell whether a claim that a run before left open goes out with others now.

    Not one that a guard held, nor one on its last try: where the work on a set dies again and again, each of its files
    is tried by itself, and only the one that is at fault is refused.
    """
    claim = known.claim
    if known.state is not ClaimState.CLAIMED or claim.origin not in {Origin.PICK_UP, Origin.BASELINE}:
        return False
    try:
        pick_up = flow.pick_up[pick_up_of(flow, claim)]
    except ConfigurationError:
        return False  # said when it is tried
    return joins(pick_up, claim.source) and known.tries + 1 < most_tries(pick_up)


def most_tries(pick_up: PickUp) -> int:
    """Return how often the work on a file may die before it is refused; the last of them it gets by itself."""
    return pick_up.tries if pick_up.merged is None else max(pick_up.tries, _ALONE)


def apart(flow: Flow, files: Iterable[Ready], together: list[Ready]) -> list[Ready]:
    """Return the files that go out by themselves; the others are added to `together`."""
    alone: list[Ready] = []
    for ready in files:
        (together if joins(flow.pick_up[ready.pick_up], ready.source) else alone).append(ready)
    return alone


def sets(flow: Flow, claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """Yield the claims that go out together, the oldest first, within the limits of their pick-up."""
    open_: dict[tuple[object, ...], _Set] = {}
    for claim in sorted(claims, key=age_of):
        index = pick_up_of(flow, claim)
        limits = flow.pick_up[index].merged or Merge(files=1)
        key = (index, claim.channel, claim.mapping, claim.origin)
        current = open_.setdefault(key, _Set())
        if not current.takes(claim, limits):
            yield current.claims
            current = open_[key] = _Set()
        current.claims.append(claim)
        current.bytes += claim.source.size
    yield from (left.claims for left in open_.values())


def age_of(claim: Claim) -> tuple[datetime, str]:
    """Return what claims are ordered by: the oldest content first."""
    return claim.as_of, claim.source.shown


@dataclass(slots=True)
class _Set:
    claims: list[Claim] = field(default_factory=list)
    bytes: int = 0

    def takes(self, claim: Claim, limits: Merge) -> bool:
        if not self.claims:
            return True
        return len(self.claims) < limits.files and self.bytes + claim.source.size <= limits.bytes
