"""The sums that `exchange demo` ends with: what became of every order, and where all the stock is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from rich.box import SIMPLE
from rich.table import Table

from exchange.documents.packs import PackSizes
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import FileReport
from exchange.kernel.xmlparser import xml_parser

_FATES = {
    "sent": "sent to the warehouse or the ERP, and not taken back",
    "held": "wait: not paid yet, or in a file that a person has to look at",
    "rejected": "wait for a person, with the reason in the reject file (rows that name no order are not counted here)",
    "cancelled": "cancelled, refunded or shipped elsewhere",
}
"""What can have become of an order -> how a newcomer is told."""


_NONE = Decimal(0)


class Place(NamedTuple):
    """All stock of one warehouse, in the base unit of each item."""

    counted: Decimal
    reserved: Decimal
    sent: Decimal
    """Handed over since it was counted, as the ledger has it; less than nothing where more was taken back."""
    delivered: Decimal
    """The same by the delivered files alone."""

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


def places(ledger: Ledger, packs: PackSizes, delivered: Mapping[tuple[str, str], Decimal]) -> Places:
    """Return the stock of each warehouse as it is now, of items that it ever counted.

    `delivered`: (warehouse, item) -> what files told it to ship since it counted.
    """
    found: Places = {}
    for row in ledger.stock.available():
        before = found.get(row.location, Place(_NONE, _NONE, _NONE, _NONE))
        counted = _pieces(packs, row.item, row.unit, row.on_hand)
        reserved = _pieces(packs, row.item, row.unit, row.reserved)
        taken = {row.unit: row.committed, **row.elsewise}
        sent = sum((_pieces(packs, row.item, unit, many) for unit, many in taken.items()), _NONE)
        found[row.location] = before._replace(
            counted=before.counted + counted,
            reserved=before.reserved + reserved,
            sent=before.sent + sent,
            delivered=before.delivered + delivered.get((row.location, row.item), _NONE),
        )
    return dict(sorted(found.items()))


def to_ship(folder: Path) -> dict[tuple[str, str], Decimal]:
    """Return what each warehouse had to ship of each item in all, by nothing but its files as they came.

    What a file tells of a part of an order takes the place of what was told before; a cancelled one has no lines. The
    warehouse is told single pieces.
    """
    parts: dict[tuple[str, str], dict[tuple[str, str], Decimal]] = {}
    for path in sorted(folder.glob("*.xml"), key=lambda path: path.stat().st_mtime_ns):
        parser = xml_parser()
        parser.feed(path.read_bytes())
        for order in parser.close():
            lines: dict[tuple[str, str], Decimal] = {}
            for line in order.iterfind("Lines/Line") if order.get("action") != "cancel" else ():
                place = (order.findtext("Warehouse", ""), line.findtext("ItemNumber", ""))
                lines[place] = lines.get(place, _NONE) + Decimal(line.findtext("Quantity", "0"))
            parts[order.findtext("OrderNumber", ""), order.get("part", "")] = lines
    found: dict[tuple[str, str], Decimal] = {}
    for place, many in (line for lines in parts.values() for line in lines.items()):
        found[place] = found.get(place, _NONE) + many
    return found


def _pieces(packs: PackSizes, item: str, unit: str, quantity: Decimal) -> Decimal:
    return quantity * (packs.size(item, unit) or 0)


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
    caption = (
        "sent: as the ledger subtracts it; delivered: the same from the files in data/outbox/wms alone. "
        "received: what was counted beyond what was counted before - sent before; no file tells it."
    )
    table = Table(box=SIMPLE, title=title, title_justify="left", caption=caption, caption_justify="left")
    table.add_column("evening")
    table.add_column("warehouse")
    for name in ("received", "counted", "reserved", "sent", "delivered", "free"):
        table.add_column(name, justify="right")
    table.add_column("")
    before: Places = {}
    for day, evening in enumerate(evenings, 1):
        every = {**evening, "together": _together(evening.values())}
        for name, place in every.items():
            old = before.get(name)
            received = "-" if old is None else _shown(place.counted - old.counted + old.sent)
            figures = (place.counted, place.reserved, place.sent, place.delivered, place.free)
            wrong = "" if place.sent == place.delivered else "DO NOT AGREE"
            table.add_row(f"day {day}", name, received, *map(_shown, figures), wrong)
        table.add_section()
        before = every
    return table


def _shown(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def _together(places: Iterable[Place]) -> Place:
    every = list(places)
    return Place(
        sum((place.counted for place in every), _NONE),
        sum((place.reserved for place in every), _NONE),
        sum((place.sent for place in every), _NONE),
        sum((place.delivered for place in every), _NONE),
    )
