"""Computes what purchasing is told: items that are at their reorder point or below, and how much of them to buy."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from exchange.config.computed import Reorder, period
from exchange.kernel.standing import Computation, Standing
from exchange.rules.exceptions import Exceptions
from exchange.rules.figures import Catalogue, computation, figures, moved_in_base, number, shown_names
from exchange.rules.offer import Place
from exchange.rules.reorder import Need, Proposal, propose

COLUMNS = ("Item", "SKU", "Told for", "Warehouse", "Free", "Velocity", "Reorder point", "Quantity")
_NOT_BOUGHT = {"discontinued", "hidden"}


@dataclass(frozen=True)
class Purchasing:
    """Computes what is to be bought; a `kernel.standing.Computing`."""

    settings: Reorder
    channel: str
    zone: str
    known: Catalogue
    exceptions: Exceptions

    def __call__(self, standing: Standing) -> Computation:
        """Return a row for each item and location that runs short."""
        local = standing.now.astimezone(ZoneInfo(self.zone))
        told_for = period(self.settings.refresh, local.date(), local.hour)
        found = figures(standing, self.known, self.settings.locations)
        skus = self.known.skus()
        rows = [
            (item, skus.get(item), told_for, place.location, place.free, made.velocity, made.point, made.quantity)
            for item, place, made in self._proposals(standing)
            if made.quantity
        ]
        return computation(COLUMNS, rows, found.notes())

    def warning(self, content: bytes) -> str:
        """Return which items run short, by the file that purchasing gets."""
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        short = (f"{row['Item']} at {row['Warehouse']} ({row['Free']} free, buy {row['Quantity']})" for row in rows)
        return f"{len(rows):,} to be bought: {shown_names(short)}" if rows else ""

    def explain(self, standing: Standing, name: str) -> list[str]:
        """Return what is proposed for an item, location by location."""
        item = next((each.item for each in self.known.sold if each.sku == name), name)
        return [
            f"{each} at {place.location}: {made.velocity} a day, reorder point {number(made.point)}, "
            f"{number(place.free)} free -> {f'buy {made.quantity}' if made.quantity else 'nothing to buy'}"
            for each, place, made in self._proposals(standing)
            if each == item
        ]

    def _proposals(self, standing: Standing) -> Iterator[tuple[str, Place, Proposal]]:
        sold = moved_in_base(standing.moved(standing.now - self.settings.window), self.known)
        kinds = self.known.kinds()
        for item, places in figures(standing, self.known, self.settings.locations).places.items():
            for place in places:
                where = {
                    "channel": self.channel,
                    "item_number": item,
                    "item_class": kinds.get(item, ""),
                    "location": place.location,
                }
                says = self.exceptions.of(**{name: value for name, value in where.items() if value})
                if says["state"] in _NOT_BOUGHT:
                    continue
                point = says["reorder_point"]
                need = Need(
                    free=place.free,
                    sold=sold.get((item, place.location), Decimal(0)),
                    window=self.settings.window,
                    lead_time=_duration(says["lead_time"]),
                    lasts=_duration(says["lasts"]),
                    safety=Decimal(str(says["safety_stock"])),
                    point=None if point is None else Decimal(str(point)),
                    order_in=max(int(str(says.get("order_in", 1))), 1),
                )
                yield item, place, propose(need)


def _duration(value: object) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(days=float(str(value)))
