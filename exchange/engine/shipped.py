"""Which orders are shipped: by the numbers on shipments and their lines, or because the shop itself shows them so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.facts import OUT, REJECTED, VOID, SpanFacts
from exchange.engine.prepared import Prepared, as_ints
from exchange.kernel.document_rows import KnownDocument, Shipped
from exchange.kernel.ledger import DocumentLedger
from exchange.kernel.problems import Problem

NUMBER, CHANNEL = "order_number", "order_channel"
"""Fields of a shipment and of its lines that name the order."""
SHOWN, SHIPPED = "fulfilment_status", "fulfilled"
"""Field of a document, and what it says there, where its sender shows it as shipped."""


@dataclass(slots=True)
class Reported:
    """What one claim reports as shipped."""

    orders: dict[Shipped, None] = field(default_factory=dict)
    """Each once, in the order of the file."""
    warnings: list[tuple[str, Problem]] = field(default_factory=list)
    """(number of the shipment, what is odd about the order that it names)."""

    def add(self, prepared: Prepared, facts: SpanFacts, whose: tuple[str, str], documents: DocumentLedger) -> None:
        """Take the accepted shipments of one span; `whose`: the document that they ship, and the pick-up's channel."""
        kind, channel = whose
        accepted = (facts.disposition == OUT) if facts.sent is None else (facts.disposition == OUT) | facts.sent
        named = list(_named(prepared, accepted, channel))
        found = {Shipped(kind, its, number): None for _, its, number in named}
        unknown = _unknown(found, documents)
        told: set[tuple[int, Shipped]] = set()
        for row, its, number in named:
            order = Shipped(kind, its, number)
            if order in unknown and (row, order) not in told:
                told.add((row, order))
                self.warnings.append((prepared.header.column("_number")[row].as_py(), _warning(prepared, row, order)))
        self.orders |= found

    def add_shown(
        self, prepared: Prepared, facts: SpanFacts, whose: tuple[str, str], known: Mapping[str, KnownDocument]
    ) -> None:
        """Take the documents of one span that were sent before and are shown as shipped; `whose`: kind and channel."""
        if SHOWN not in prepared.header.column_names:
            return
        shown = pc.equal(prepared.header.column(SHOWN), SHIPPED).fill_null(False).to_numpy()  # noqa: FBT003 - a value
        rows = np.flatnonzero(shown & (facts.disposition != REJECTED) & (facts.disposition != VOID))
        for number in prepared.header.column("_number").take(rows).to_pylist():
            document = known.get(number)
            if document is not None and document.sent_claim is not None and not document.shipped:
                self.orders[Shipped(*whose, number)] = None


def _named(prepared: Prepared, accepted: np.ndarray, channel: str) -> Iterator[tuple[int, str, str]]:
    """Yield (shipment, channel, order number) of each line; a line that names no order is its shipment's."""
    owner = as_ints(prepared.lines, "_owner")
    rows = np.flatnonzero(accepted[owner])
    heads = pa.array(owner[rows])
    columns = [
        [_texts(prepared.lines, name, pa.array(rows)), _texts(prepared.header, name, heads)]
        for name in (NUMBER, CHANNEL)
    ]
    for place, row in enumerate(owner[rows].tolist()):
        number, its = (line[place] or head[place] for line, head in columns)
        if number:
            yield row, its or channel, number


def _texts(table: pa.Table, name: str, rows: pa.Array) -> list[str | None]:
    if name not in table.column_names:
        return [None] * len(rows)
    made: list[str | None] = table.column(name).take(rows).to_pylist()
    return made


def _unknown(orders: Mapping[Shipped, None], documents: DocumentLedger) -> set[Shipped]:
    """Return those that were never sent."""
    by_channel: dict[tuple[str, str], list[str]] = {}
    for order in orders:
        by_channel.setdefault((order.kind, order.channel), []).append(order.number)
    sent = {
        Shipped(kind, channel, number)
        for (kind, channel), numbers in by_channel.items()
        for number, known in documents.known(kind, channel, numbers).items()
        if known.sent_claim is not None
    }
    return orders.keys() - sent


def _warning(prepared: Prepared, row: int, order: Shipped) -> Problem:
    line, record = prepared.header.column("_line")[row].as_py(), prepared.header.column("_first")[row].as_py()
    return Problem("SHIPPED_UNKNOWN", line, record, NUMBER, order.number, {"channel": order.channel})
