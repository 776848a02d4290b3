"""Takes ownership of a ready file: a synced copy of our own, then a durable row in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from exchange.engine.age import age_in_name, file_age
from exchange.engine.archives import then_of
from exchange.engine.complete import why_incomplete
from exchange.engine.discover import Ready
from exchange.engine.house import House, endpoint_of
from exchange.engine.repetition import takes_again
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.guard_rows import Decision
from exchange.kernel.model import Claim, ClaimState, Origin, SourceFile
from exchange.kernel.naming import claim_id


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The content was taken before; it takes no effect a second time."""

    source: SourceFile
    sha256: str
    earlier: KnownClaim
    pick_up: int = 0
    control: SourceFile | None = None
    """Its done file, where one was seen."""


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A file that is not what its done file says, or holds what a held file holds: it stays where it is."""

    source: SourceFile
    why: str


def take(
    house: House, ready: Ready, origin: Origin = Origin.PICK_UP, parent: str | None = None
) -> Claim | Duplicate | Incomplete | None:
    """Claim a file; None where it is gone or changed since it was seen (the next run looks again).

    A file that was rejected whole had no effect, so the same content may be tried again: another attempt. So may
    held rows that a person releases: they are all of a file where it held nothing else.
    """
    incoming = house.work.incoming()
    crashpoint("claim.copy")
    written = house.endpoints[ready.source.endpoint].fetch(ready.source, incoming)
    if written is None:
        return None
    crashpoint("claim.copied")
    why = why_incomplete(house, ready, incoming, written)
    if why:
        incoming.unlink()
        return Incomplete(ready.source, why)
    last, channel = house.ledger.claims.latest(house.flow.flow, written.sha256), _channel(house, ready)
    # Dropped into another shop's folder by mistake, the same file is other orders when it comes to its own.
    other = last is not None and last.claim.channel != channel
    earlier = house.ledger.claims.latest(house.flow.flow, written.sha256, channel) if other else last
    again = earlier is None or _may_try_again(earlier, origin)
    if earlier is not None and not again and not takes_again(house, ready, earlier):
        incoming.unlink()
        # An open claim that has not let go of its source yet: the file is left where it is.
        if earlier.state is not ClaimState.DONE and not earlier.retired:
            waits = _behind_held(house, earlier)
            return Incomplete(ready.source, waits) if waits else None
        return Duplicate(ready.source, written.sha256, earlier, ready.pick_up, ready.control)
    attempt = last.claim.attempt + 1 if last is not None else 1
    claim = _claim(house, ready, written.sha256, attempt, (origin, parent))
    house.work.adopt(incoming, claim.id)
    crashpoint("claim.adopted")
    if ready.control is not None:
        house.controls[claim.id] = ready.control
    if not house.dry:
        house.ledger.claims.take(claim, house.run)
        crashpoint("claim.noted")
    return claim


def _behind_held(house: House, earlier: KnownClaim) -> str:
    """Return what a file of the same content waits for; blank where the claim before it goes on by itself."""
    if earlier.state is not ClaimState.HELD:
        return ""
    claim = earlier.claim
    hold = house.ledger.guards.held(claim.id)
    if hold is not None and hold.decision is not Decision.OPEN:
        return ""
    same = f"it has the content of {claim.source.shown}, which is held (claim {claim.id}), and waits until that"
    if hold is None:
        return f"{same} goes on"
    ways = f"`exchange approve {claim.id} --reason ...` or `exchange decline {claim.id} --reason ...`"
    return f"{same} is decided: {ways}"


def ensure_copy(house: House, claim: Claim) -> bool:
    """Take the copy again if somebody removed it and the file lies there yet; tell whether there is one to work on."""
    if house.work.source(claim.id).exists():
        return True
    incoming = house.work.incoming()
    endpoint = endpoint_of(house.endpoints, claim.source.endpoint, claim.id)
    written = endpoint.fetch(claim.source, incoming)
    if written is None or written.sha256 != claim.sha256:
        incoming.unlink(missing_ok=True)
        return False
    house.work.adopt(incoming, claim.id)
    return True


def _claim(house: House, ready: Ready, sha256: str, attempt: int, why: tuple[Origin, str | None]) -> Claim:
    """Return the claim of a file; one out of an archive is as old as the archive, and exists for the same reason."""
    origin, parent = why
    pick_up = house.flow.pick_up[ready.pick_up]
    return Claim(
        id=claim_id(house.flow.flow, sha256, attempt),
        flow=house.flow.flow,
        sha256=sha256,
        attempt=attempt,
        origin=origin,
        source=ready.source,
        pick_up=ready.pick_up,
        channel=_channel(house, ready),
        mapping=pick_up.mapping,
        claimed_at=house.now(),
        as_of=as_of(house, ready, origin),
        parent=ready.archive.id if ready.archive else parent,
        then=then_of(pick_up, ready.source),
    )


def as_of(house: House, ready: Ready, origin: Origin) -> datetime:
    """Return the age of a file's content; one out of an archive is as old as the archive, unless its name says."""
    if ready.archive is not None:
        return age_in_name(house.flow, ready.pick_up, ready.source) or ready.archive.as_of
    return file_age(house.flow, ready.pick_up, ready.source, origin)


def _channel(house: House, ready: Ready) -> str:
    pick_up = house.flow.pick_up[ready.pick_up]
    return pick_up.channel or pick_up.from_


def _may_try_again(earlier: KnownClaim, origin: Origin) -> bool:
    if earlier.state is ClaimState.DONE:
        return origin in {Origin.RELEASE, Origin.REPLAY, Origin.BACKORDER}
    if earlier.state is ClaimState.SEALED:
        # What could be sent before is decided, and waits for its target: what can be sent now goes after it.
        return origin is Origin.BACKORDER and earlier.retired
    return earlier.state is ClaimState.REJECTED
