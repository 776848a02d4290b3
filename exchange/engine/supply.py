"""What there is of the items that are asked for, in base units, as it is given away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from exchange.kernel.pipeline import Allotting
from exchange.kernel.stock_rows import Available, StockLevel

Key = tuple[str, str]
"""(location, item); the location is blank where the stock of all is one."""


class Stock(Protocol):
    """What of the ledger's stock is asked here."""

    def available(
        self, locations: Collection[str] | None = None, items: Iterable[str] | None = None
    ) -> list[Available]:
        """Return what can be sold."""
        ...

    def levels(self, locations: Collection[str] | None = None) -> Sequence[StockLevel]:
        """Return what was told last."""
        ...


@dataclass(slots=True)
class Supply:
    """What is free now; a place of which nobody ever told any stock has no limits."""

    free: dict[Key, Decimal]
    told: frozenset[str]
    """Locations that stock is known of."""
    size: Callable[[str, str], int | None]
    given: dict[Key, int] = field(default_factory=dict)

    def left(self, key: Key) -> Decimal | None:
        """Return what is free of an item; None where nobody told any stock of its location."""
        if key[0] not in self.told:
            return None
        return max(self.free.get(key, Decimal(0)) - self.given.get(key, 0), Decimal(0))

    def units(self, key: Key, unit: str, wanted: int, ahead: int = 0) -> int:
        """Return how many of the wanted units are there, once `ahead` base units more are given."""
        left, size = self.left(key), self.size(key[1], unit)
        if left is None:
            return wanted
        return 0 if size is None else min(wanted, int(max(left - ahead, Decimal(0)) // size))

    def give(self, key: Key, unit: str, quantity: int) -> None:
        """Take so many units of what is free."""
        self.given[key] = self.given.get(key, 0) + quantity * (self.size(key[1], unit) or 0)


def supply_of(stock: Stock, rules: Allotting, wanted: Collection[Key]) -> Supply:
    """Return what is there of the items that are wanted, less what files of the same seal were given."""
    locations = {location for location, _ in wanted} if rules.by_location else None
    newest: dict[Key, tuple[datetime, Decimal]] = {}
    told = set()
    for row in stock.available(locations, {item for _, item in wanted}):
        told.add(row.location)
        free = _in_base(row, rules.size)
        place = (row.location, row.item)
        if place not in newest or newest[place][0] <= row.as_of:  # of two who tell of one place, the newer counts
            newest[place] = (row.as_of, free)
    summed: dict[Key, Decimal] = {}
    for (location, item), (_, free) in newest.items():
        key = (location if rules.by_location else "", item)
        summed[key] = summed.get(key, Decimal(0)) + free
    for key, quantity in (rules.taken or {}).items():
        summed[key] = summed.get(key, Decimal(0)) - quantity
    asked = {location for location, _ in wanted}
    return Supply(summed, frozenset(_told(stock, asked, told, rules)), rules.size)


def _told(stock: Stock, asked: Collection[str], told: set[str], rules: Allotting) -> set[str]:
    """Return the locations that any stock was told of; others are asked about only where none of their items is."""
    if not rules.by_location:
        return {""} if told or any(level.sells for level in stock.levels()) else set()
    unsure = set(asked) - told
    return told | {level.location for level in (stock.levels(unsure) if unsure else ()) if level.sells}


def _in_base(row: Available, size: Callable[[str, str], int | None]) -> Decimal:
    """Return what is free in base units; what was taken in units that nobody can convert cannot be subtracted."""
    free = row.free * (size(row.item, row.unit) or 1)
    return free - sum((taken * (size(row.item, unit) or 0) for unit, taken in row.elsewise.items()), Decimal(0))
