"""When a file of stock whose content was taken before is another message all the same; light."""

from __future__ import annotations

from datetime import datetime

from exchange.config.models import Flow
from exchange.engine.age import own_name
from exchange.engine.discover import Ready
from exchange.engine.house import House
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.model import COMPUTED, ClaimState, SourceFile


def takes_again(house: House, ready: Ready, earlier: KnownClaim) -> bool:
    """Tell whether content that took effect before is another message: figures count by their order, not by content.

    A snapshot is only repeated by the very next one; a file of changes by one of the same number.
    """
    if ready.source.endpoint == COMPUTED:
        return True  # whoever computed it has looked
    stock = house.flow.pick_up[ready.pick_up].stock
    if stock is None or earlier.state is not ClaimState.DONE:
        return False
    if stock.sequence is not None:
        return bool(stock.sequence.name) and number_in_name(house.flow, ready.pick_up, ready.source) != number_in_name(
            house.flow, ready.pick_up, earlier.claim.source
        )
    if stock.mode != "snapshot":
        return False
    # Of several warehouses one may have moved on by changes, which a new count of the same figures takes back.
    streams = house.ledger.stock.streams(earlier.claim.channel).values()
    moved = [stream for stream in streams if stream.claim != earlier.claim.id]
    return len(moved) == len(streams) or any(stream.snapshot_as_of == earlier.claim.as_of for stream in moved)


def renew(house: House, ready: Ready, earlier: KnownClaim, as_of: datetime) -> None:
    """Make the figures of a snapshot as new as its repetition."""
    stock = house.flow.pick_up[ready.pick_up].stock
    if stock is not None and stock.mode == "snapshot" and not house.dry:
        house.ledger.stock.advance(earlier.claim.id, as_of)


def number_in_name(flow: Flow, pick_up: int, source: SourceFile) -> int:
    """Return the number in a file's name; 0 where it is told elsewhere."""
    stock = flow.pick_up[pick_up].stock
    if stock is None or stock.sequence is None or not stock.sequence.name:
        return 0
    return stock.sequence.number_in(own_name(source)) or 0
