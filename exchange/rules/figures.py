"""What lies where in base units, and what is sold under which name: what every computed pick-up starts from."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from exchange.config.computed import Goods
from exchange.documents.packs import NO_PACKS, PackSizes
from exchange.kernel.backorder_rows import Want
from exchange.kernel.standing import Computation, Standing
from exchange.kernel.stock_rows import EACH, Available, StockMove
from exchange.kernel.table import Table
from exchange.rules.offer import Place
from exchange.rules.supply import packs_in

_SHOWN = 10
"""Names that a note tells."""


@dataclass(frozen=True, slots=True)
class Sold:
    """Something that is sold."""

    sku: str
    item: str
    """Blank for a bundle that is no item."""
    kind: str = ""
    """Its class."""
    unit: str = EACH


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is sold, and what one unit of an item holds."""

    sold: tuple[Sold, ...]
    """By SKU."""
    packs: PackSizes = NO_PACKS

    def size(self, item: str, unit: str) -> int | None:
        """Return how many base units one unit of an item holds; None where no table says so."""
        return self.packs.size(item, unit)

    def kinds(self) -> dict[str, str]:
        """Return the class of each item."""
        return {each.item: each.kind for each in self.sold if each.item}

    def skus(self) -> dict[str, str]:
        """Return the first SKU of each item."""
        found: dict[str, str] = {}
        for each in self.sold:
            found.setdefault(each.item, each.sku)
        return found


def catalogue(goods: Goods, tables: Mapping[str, Table]) -> Catalogue:
    """Read what is sold; the later of two lines of one SKU counts."""
    columns = {name: values.to_pylist() for name, values in tables[goods.items].rows.items()}
    units = _units(tables.get(goods.units) if goods.units else None)
    blank: list[str | None] = [None] * len(columns["sku"])
    rows = zip(*(columns.get(name, blank) for name in ("sku", "item_number", "item_class", "unit")), strict=True)
    sold = {
        sku: Sold(sku, item or sku, kind or "", units.get(sku) or unit or EACH) for sku, item, kind, unit in rows if sku
    }
    return Catalogue(tuple(sold[sku] for sku in sorted(sold)), packs_in(tables))


def _units(table: Table | None) -> dict[str, str]:
    if table is None:
        return {}
    rows = zip(table.rows["sku"].to_pylist(), table.rows["unit"].to_pylist(), strict=True)
    return {sku: unit for sku, unit in rows if sku and unit}


@dataclass(slots=True)
class Figures:
    """What lies where, by item; and what could not be counted."""

    places: dict[str, list[Place]]
    """Item -> its locations, in the order in which they are sold from."""
    odd: dict[str, None] = field(default_factory=dict)
    """`3 CS of 100010`: quantities in units that no table knows; a note tells of them."""

    def notes(self) -> Iterator[str]:
        """Yield what a person should know."""
        if self.odd:
            what = "cannot be counted, no line of table packs says how many base units that is"
            yield f"{shown_names(self.odd)} {what}"


def figures(standing: Standing, known: Catalogue, locations: Sequence[str]) -> Figures:
    """Return what lies where, in base units; of two who tell of one place the newer counts."""
    newest: dict[tuple[str, str], Available] = {}
    for row in standing.available:
        place = (row.item, row.location)
        if (not locations or row.location in locations) and (place not in newest or newest[place].as_of <= row.as_of):
            newest[place] = row
    made = Figures({})
    waiting = _waiting(standing.waiting, known, made)
    order = {location: number for number, location in enumerate(locations)}
    for item, location in sorted(newest, key=lambda place: (place[0], order.get(place[1], 0), place[1])):
        found = _place(newest[item, location], known, made)
        made.places.setdefault(item, []).append(replace(found, waiting=waiting.pop((item, location), Decimal(0))))
    for (item, location), wanted in waiting.items():
        if not location:
            _spread(made.places.get(item, []), wanted)
    return made


def _place(row: Available, known: Catalogue, made: Figures) -> Place:
    times = _in_base(known, row.item, row.unit, row.on_hand, made)
    committed = row.committed * times + sum(
        taken * _in_base(known, row.item, unit, taken, made) for unit, taken in row.elsewise.items()
    )
    told = f"{row.source}, {row.as_of:%Y-%m-%d %H:%M} UTC, claim {row.claim}"
    return Place(row.location, row.on_hand * times, row.reserved * times, committed, told=told)


def _in_base(known: Catalogue, item: str, unit: str, quantity: Decimal, made: Figures) -> int:
    held = known.size(item, unit)
    if held is None and quantity:
        made.odd[f"{quantity:f} {unit} of {item}"] = None
    return held or 0


def _waiting(wants: Iterable[Want], known: Catalogue, made: Figures) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for want in wants:
        times = _in_base(known, want.item, want.unit or EACH, Decimal(want.quantity), made)
        found[want.item, want.location] += Decimal(want.quantity * times)
    return found


def _spread(places: list[Place], wanted: Decimal) -> None:
    """Take what waits for stock of any place from the places in their order; the last one owes the rest."""
    for number, place in enumerate(places):
        taken = wanted if number == len(places) - 1 else min(max(place.free, Decimal(0)), wanted)
        places[number] = replace(place, waiting=place.waiting + taken)
        wanted -= taken


def moved_in_base(moves: Iterable[StockMove], known: Catalogue) -> dict[tuple[str, str], Decimal]:
    """Return what was handed over in base units, by (item, location)."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for move in moves:
        found[move.item, move.location] += move.quantity * (known.size(move.item, move.unit) or 0)
    return found


def shown_names(names: Iterable[str]) -> str:
    """Return the first of some names for people."""
    every = list(names)
    more = f" and {len(every) - _SHOWN:,} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more


def number(value: Decimal | int) -> str:
    """Return a quantity as it is written: no exponent, no zeros at its end."""
    return f"{Decimal(value).normalize() + 0:f}"


def computation(columns: Sequence[str], rows: Iterable[Sequence[object]], notes: Iterable[str]) -> Computation:
    """Return rows as a file; None is a blank."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(["" if cell is None else number(cell) if isinstance(cell, Decimal) else cell for cell in row])
        count += 1
    return Computation(text.getvalue().encode(), count, tuple(notes))
