"""Finds where the shares of several channels in one stock come to more than all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from exchange.rules.exceptions import Line

ANY = ""
"""A location that nobody names."""
_Kind = tuple[str, tuple[tuple[int, str], ...]]
"""Item, blank where no line names it; and which of the channels sell it, as what class."""


@dataclass(frozen=True)
class Seller:
    """One channel, and what it may sell."""

    channel: str
    share: object
    """What holds where no line says more."""
    kinds: Mapping[str, str]
    """Item -> its class."""
    locations: tuple[str, ...]
    """None: all of them."""
    table: str
    """Table of the lines; blank for none."""
    lines: Sequence[Line]
    """Those that say a share."""

    def line(self, item: str, kind: str, location: str) -> Line | None:
        """Return the line that says the share of an item at a location; None where none does."""
        where = {"channel": self.channel, "item_number": item, "item_class": kind, "location": location}
        fit = [line for line in self.lines if all(where.get(name) == value for name, value in line.where.items())]
        return max(fit, key=lambda line: line.weight, default=None)


class Over(NamedTuple):
    """Shares that come to too much."""

    shares: dict[str, Fraction]
    """Channel -> its share."""
    item: str
    """One of the items that it holds for."""
    location: str
    """Where it holds; blank: anywhere that no line names."""
    seller: Seller
    """Whose line says it; the first channel where no line does."""
    line: Line | None

    @property
    def all(self) -> Fraction:
        """What they come to together."""
        return sum(self.shares.values(), Fraction(0))


def over_whole(sellers: Sequence[Seller]) -> Iterator[Over]:
    """Yield each line (or channel without one) that is the last to bring shares over the whole, once.

    Channels that all offer everything are no matter: that is what they are told where nobody writes a share.
    """
    places = sorted({ANY, *(location for seller in sellers for location in _places(seller))})
    seen = set()
    for item, kinds in _kinds(sellers):
        for location in places:
            over = _over([(sellers[at], kind) for at, kind in kinds], item, location)
            key = over and (over.seller.channel, over.seller.table, over.line and over.line.row)
            if over is not None and key not in seen:
                seen.add(key)
                yield over


def _places(seller: Seller) -> Iterable[str]:
    return (*seller.locations, *(line.where["location"] for line in seller.lines if "location" in line.where))


def _kinds(sellers: Sequence[Seller]) -> Iterator[tuple[str, tuple[tuple[int, str], ...]]]:
    """Yield items that differ in what lines may say of them: (item, who sells it as what class)."""
    named = {line.where["item_number"] for seller in sellers for line in seller.lines if "item_number" in line.where}
    seen: set[_Kind] = set()
    for item in dict.fromkeys(item for seller in sellers for item in seller.kinds):
        kinds = tuple((at, seller.kinds[item]) for at, seller in enumerate(sellers) if item in seller.kinds)
        key = (item if item in named else "", kinds)
        if len(kinds) > 1 and key not in seen:
            seen.add(key)
            yield item, kinds


def _over(sellers: Sequence[tuple[Seller, str]], item: str, location: str) -> Over | None:
    shares: dict[str, Fraction] = {}
    last: tuple[Seller, Line | None] | None = None
    for seller, kind in sellers:
        if seller.locations and location not in seller.locations:
            continue
        line = seller.line(item, kind, location)
        shares[seller.channel] = Fraction(str(seller.share if line is None else line.says["share"]))
        if last is None or (line is not None and (last[1] is None or line.row > last[1].row)):
            last = seller, line
    if last is None or sum(shares.values()) <= 1 or all(share == 1 for share in shares.values()):
        return None
    return Over(shares, item, location, *last)
