"""Takes ownership of a ready file: a synced copy of our own, then a durable row in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from exchange.engine.discover import Ready
from exchange.engine.house import House
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.ledger import KnownClaim
from exchange.kernel.model import Claim, ClaimState, Origin, SourceFile
from exchange.kernel.naming import claim_id


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The content was taken before; it takes no effect a second time."""

    source: SourceFile
    sha256: str
    earlier: KnownClaim


def take(
    house: House, ready: Ready, origin: Origin = Origin.PICK_UP, parent: str | None = None
) -> Claim | Duplicate | None:
    """Claim a file; None where it is gone or changed since it was seen (the next run looks again).

    A file that was rejected whole had no effect, so the same content may be tried again: another attempt. So may
    held rows that a person releases: they are all of a file where it held nothing else.
    """
    pick_up = house.flow.pick_up[ready.pick_up]
    incoming = house.work.incoming()
    crashpoint("claim.copy")
    written = house.endpoints[ready.source.endpoint].fetch(ready.source, incoming)
    if written is None:
        return None
    crashpoint("claim.copied")
    earlier = house.ledger.claims.latest(house.flow.flow, written.sha256)
    channel = pick_up.channel or pick_up.from_
    if earlier is not None and not _may_try_again(earlier, channel, origin):
        incoming.unlink()
        # An open claim has not let go of its source yet: the file is left where it is.
        return Duplicate(ready.source, written.sha256, earlier) if earlier.state is ClaimState.DONE else None
    attempt = earlier.claim.attempt + 1 if earlier is not None else 1
    claim = Claim(
        id=claim_id(house.flow.flow, written.sha256, attempt),
        flow=house.flow.flow,
        sha256=written.sha256,
        attempt=attempt,
        origin=origin,
        source=ready.source,
        pick_up=ready.pick_up,
        channel=channel,
        mapping=pick_up.mapping,
        claimed_at=house.now(),
        as_of=datetime.fromtimestamp(ready.source.mtime_ns // 1000 / 1e6, UTC),
        parent=parent,
        then=pick_up.then,
    )
    house.work.adopt(incoming, claim.id)
    crashpoint("claim.adopted")
    if not house.dry:
        house.ledger.claims.take(claim, house.run)
        crashpoint("claim.noted")
    return claim


def _may_try_again(earlier: KnownClaim, channel: str, origin: Origin) -> bool:
    if earlier.state is ClaimState.DONE:
        # Dropped into another shop's folder by mistake, the same file is other orders when it comes to its own.
        return origin is Origin.RELEASE or earlier.claim.channel != channel
    return earlier.state is ClaimState.REJECTED
