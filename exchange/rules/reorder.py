"""When an item has to be bought again, and how much of it: sales velocity, lead time, safety stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

_DAY = timedelta(days=1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Need:
    """What is known of an item at a location."""

    free: Decimal
    """Base units that nobody was promised."""
    sold: Decimal
    """Handed over within the window, less what came back."""
    window: timedelta
    lead_time: timedelta
    lasts: timedelta
    """How long an order is to last beyond the lead time."""
    safety: Decimal
    point: Decimal | None = None
    """Told; None where it is to be computed."""
    order_in: int = 1
    """Pieces that are bought together."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What comes of it."""

    velocity: Decimal
    """Base units a day, to the hundredth."""
    point: Decimal
    quantity: int
    """0 where nothing has to be bought."""


def propose(need: Need) -> Proposal:
    """Return what to buy: nothing while more is free than the reorder point."""
    sold = max(need.sold, Decimal(0))
    days = Decimal(need.window / _DAY)
    point = need.point if need.point is not None else _up(need.safety + sold * Decimal(need.lead_time / _DAY) / days)
    velocity = (sold / days).quantize(_CENT)
    if need.free > point or (point == 0 and need.free == 0 and not sold):
        return Proposal(velocity, point, 0)
    wanted = point + sold * Decimal(need.lasts / _DAY) / days - need.free
    lots = -(-int(max(_up(wanted), Decimal(1))) // need.order_in)
    return Proposal(velocity, point, lots * need.order_in)


def _up(quantity: Decimal) -> Decimal:
    return quantity.to_integral_value(ROUND_CEILING)
