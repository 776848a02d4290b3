"""The sums that `exchange demo` ends with: what became of every order, and where all the stock is."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from rich.box import SIMPLE
from rich.table import Table

from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import FileReport

_FATES = {
    "sent": "sent to the warehouse or the ERP, and not taken back",
    "held": "wait: not paid yet, or in a file that a person has to look at",
    "rejected": "wait for a person, with the reason in the reject file (rows that name no order are not counted here)",
    "cancelled": "cancelled, refunded or shipped elsewhere",
}
"""What can have become of an order -> how a newcomer is told."""


class Place(NamedTuple):
    """All stock of one warehouse, in the base unit of each item."""

    counted: Decimal
    reserved: Decimal
    sent: Decimal
    """Handed over since it was counted; less than nothing where more was taken back."""

    @property
    def free(self) -> Decimal:
        """What can still be sold."""
        return self.counted - self.reserved - self.sent


Places = dict[str, Place]
"""Warehouse -> its stock."""


def order_sums(ledger: Ledger, flow: str, reports: Iterable[FileReport]) -> dict[str, int]:
    """Return how many orders there are, and what became of them, each counted once however often it came."""
    keys = [key for key in ledger.documents.seen(flow) if key[2]]
    fates: Counter[str] = Counter(dict.fromkeys(_FATES, 0))
    for kind, channel in dict.fromkeys((kind, channel) for kind, channel, _ in keys):
        numbers = [number for of, at, number in keys if (of, at) == (kind, channel)]
        fates.update(_fate(known) for known in ledger.documents.known(kind, channel, numbers).values())
    waiting = sum(report.documents.total for report in reports if report.flow == flow and report.state == "held")
    fates["held"] += waiting
    return {"ordered": len(keys) + waiting, **fates}


def _fate(known: KnownDocument) -> str:
    if known.sent_claim is not None:
        return "cancelled" if known.sent_action == "cancel" else "sent"
    if known.held_claim is not None:
        return "held"
    return "rejected" if known.open_rejects else "cancelled"


def places(ledger: Ledger, packs: Path) -> Places:
    """Return the stock of each warehouse as it is now; the table `packs` says what a case holds."""
    with packs.open(encoding="utf-8", newline="") as rows:
        held = {(row["item_number"], row["unit"]): Decimal(row["quantity"]) for row in csv.DictReader(rows)}
    found: Places = {}
    for row in ledger.stock.available():
        before = found.get(row.location, Place(Decimal(0), Decimal(0), Decimal(0)))
        packed = sum((many * held[row.item, unit] for unit, many in row.elsewise.items()), Decimal(0))
        sent = before.sent + row.committed + packed
        found[row.location] = Place(before.counted + row.on_hand, before.reserved + row.reserved, sent)
    return dict(sorted(found.items()))


def orders_table(sums: dict[str, int]) -> Table:
    """Return what became of all orders, so that the lines above the sum add up to it."""
    table = Table(box=SIMPLE, title="What became of the orders, each counted once", title_justify="left")
    table.add_column("orders", justify="right")
    table.add_column("")
    table.add_column("")
    for fate, said in _FATES.items():
        table.add_row(str(sums[fate]), fate, said)
    agree = sums["ordered"] == sum(sums[fate] for fate in _FATES)
    table.add_section()
    table.add_row(str(sums["ordered"]), "ordered", "= sent + held + rejected + cancelled" if agree else "DO NOT ADD UP")
    return table


def places_table(evenings: Iterable[Places]) -> Table:
    """Return the stock of each warehouse on each evening, with all sums."""
    title = "Where the stock is, in pieces: counted - reserved - sent = free"
    caption = "A day later: counted = counted before - sent before + received."
    table = Table(box=SIMPLE, title=title, title_justify="left", caption=caption, caption_justify="left")
    table.add_column("evening")
    table.add_column("warehouse")
    for name in ("received", "counted", "reserved", "sent", "free"):
        table.add_column(name, justify="right")
    before: Places = {}
    for day, evening in enumerate(evenings, 1):
        every = {**evening, "together": _together(evening.values())}
        for name, place in every.items():
            old = before.get(name)
            received = "-" if old is None else _shown(place.counted - old.counted + old.sent)
            figures = (place.counted, place.reserved, place.sent, place.free)
            table.add_row(f"day {day}", name, received, *map(_shown, figures))
        table.add_section()
        before = every
    return table


def _shown(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def _together(places: Iterable[Place]) -> Place:
    every = list(places)
    return Place(
        sum((place.counted for place in every), Decimal(0)),
        sum((place.reserved for place in every), Decimal(0)),
        sum((place.sent for place in every), Decimal(0)),
    )
