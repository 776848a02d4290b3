"""What of an item a channel may sell: exact arithmetic over locations, shares and allocations; knows no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Place:
    """One item at one location, in base units."""

    location: str
    on_hand: Decimal
    reserved: Decimal
    committed: Decimal
    """Handed over since the figure was taken."""
    waiting: Decimal = Decimal(0)
    """Promised to orders that wait for it."""
    told: str = ""
    """Who told it, and when; for people."""

    @property
    def free(self) -> Decimal:
        """What nobody was promised; less than nothing where more was promised than is there."""
        return self.on_hand - self.reserved - self.committed - self.waiting


@dataclass(frozen=True, slots=True)
class Terms:
    """What a channel is given at one location."""

    safety: Decimal
    share: Fraction


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for single channels before shares are taken."""

    own: Decimal = Decimal(0)
    before: Decimal = Decimal(0)
    """For channels that come first in the table."""
    all: Decimal = Decimal(0)
    """For all channels together, this one included."""


NOTHING_KEPT = Kept()


def offered(places: Sequence[Place], terms: Sequence[Terms], kept: Kept = NOTHING_KEPT) -> list[Fraction]:
    """Return what of each location the channel may sell, in base units; never less than nothing.

    What is kept for channels is taken from the locations in their order, one channel after the other, so that no
    piece is kept for two; of the rest each channel gets its share at each location.
    """
    made, start = [], _NOTHING
    for place, term in zip(places, terms, strict=True):
        rest = place.free - term.safety
        left = Fraction(rest) if rest > 0 else _NOTHING
        if not kept.all:
            made.append(left if term.share == 1 else term.share * left)
            continue
        end = start + left
        own = _overlap((start, end), (kept.before, kept.before + kept.own))
        away = _overlap((start, end), (Decimal(0), kept.all))
        made.append(own + term.share * (left - away))
        start = end
    return made


def _overlap(first: tuple[Fraction, Fraction], second: tuple[Decimal, Decimal]) -> Fraction:
    return max(min(first[1], Fraction(second[1])) - max(first[0], Fraction(second[0])), _NOTHING)


def whole(quantity: Fraction, size: int) -> int:
    """Return how many units of `size` base units are in a quantity: never one that is not there."""
    return int(max(quantity, _NOTHING) // size)


def shown(quantity: int, buffer: int, cap: int | None) -> int:
    """Return what is shown of what could be sold."""
    left = max(quantity - buffer, 0)
    return left if cap is None else min(left, cap)


def owed(places: Sequence[Place]) -> Decimal:
    """Return by how much more was promised than there is, of places where that is so."""
    return sum((-place.free for place in places if place.free < 0), Decimal(0))
