"""Computes what a channel may sell: on hand - reserved - sent since - waiting - safety stock, then its share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from exchange.config.computed import Availability, period
from exchange.kernel.standing import Computation, Standing
from exchange.kernel.stock_rows import EACH
from exchange.rules.bundles import scarcest
from exchange.rules.exceptions import Exceptions
from exchange.rules.figures import Catalogue, Figures, Sold, computation, figures, moved_in_base, number, shown_names
from exchange.rules.offer import NOTHING_KEPT, Kept, Place, Terms, offered, owed, shown, whole
from exchange.rules.recipes import Piece, Recipe

COLUMNS = ("SKU", "Item", "State", "Available from", "Available", "Unit", "Refreshed", "Warehouse", "Quantity")
_EVER = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(slots=True)
class _Pool:
    """What of one item the channel may sell."""

    places: Sequence[Place]
    terms: Sequence[Terms]
    kept: Kept
    left: list[Fraction]
    """By place, in base units."""
    ahead: Fraction = Fraction(0)
    """What may be sold beyond that, on pre-order."""

    @property
    def total(self) -> Fraction:
        return sum(self.left, self.ahead)


@dataclass(slots=True)
class _Offer:
    """What is told of one SKU."""

    sold: Sold
    says: Mapping[str, object]
    counts: list[tuple[str, int]]
    """(location, quantity); location blank for all together."""
    could: int
    """How many could be sold, before buffer and cap."""

    @property
    def available(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True)
class Availabilities:
    """Computes the availability of one channel; a `kernel.standing.Computing`."""

    settings: Availability
    channel: str
    zone: str
    known: Catalogue
    exceptions: Exceptions
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    """Bundle -> its components by item number, each once and in base units."""
    dead: tuple[str, ...] = ()
    """Bundles of whose components one is not known; they cannot be sold."""

    def __call__(self, standing: Standing) -> Computation:
        """Return a row for each SKU, or for each SKU and location."""
        work = _Work(self, standing)
        local = standing.now.astimezone(ZoneInfo(self.zone))
        refreshed = period(self.settings.refresh, local.date(), local.hour)
        rows = (_rows(offer, refreshed) for offer in work.offers())
        return computation(COLUMNS, list(chain.from_iterable(rows)), work.notes())

    def warning(self, content: bytes) -> str:
        """Return nothing: the file itself tells it."""
        del content
        return ""

    def explain(self, standing: Standing, name: str) -> list[str]:
        """Return how the figures of an item, or of a SKU, came about."""
        work = _Work(self, standing)
        lines: dict[str, None] = {}
        for offer in work.offers():
            if name in {offer.sold.sku, offer.sold.item}:
                lines.update(dict.fromkeys(chain.from_iterable(map(work.told, work.items(offer.sold)))))
                lines[work.summed(offer)] = None
        return list(lines)


class _Work:
    """One computation."""

    def __init__(self, of: Availabilities, standing: Standing) -> None:
        self._of, self._standing = of, standing
        self._found: Figures = figures(standing, of.known, of.settings.locations)
        self._pools: dict[tuple[str, str], _Pool | None] = {}
        self._kinds = of.known.kinds()
        self._ever: dict[tuple[str, str], Decimal] | None = None

    def notes(self) -> Iterator[str]:
        yield from self._found.notes()
        lost = [item for item in self._found.places if item not in self._kinds]
        if lost:
            yield f"stock of items that nothing is sold of (table {self._of.settings.items}): {shown_names(lost)}"
        if self._of.dead:
            what = "bundles with a component that is not known are shown as sold out"
            yield f"{what}: {shown_names(self._of.dead)}"

    def offers(self) -> Iterator[_Offer]:
        for sold in self._of.known.sold:
            says = self._of.exceptions.of(**self._where(sold.item, sold.kind, sku=sold.sku))
            made = self._offer(sold, says)
            if made is not None:
                yield made

    def items(self, sold: Sold) -> list[str]:
        """Return the items that a SKU takes."""
        recipe = self._of.recipes.get(sold.sku)
        return [sold.item] if recipe is None else [piece.component for piece in recipe]

    def _offer(self, sold: Sold, says: Mapping[str, object]) -> _Offer | None:
        ahead = sold.sku if says["state"] == "preorder" and sold.sku not in self._of.recipes else ""
        pools = {item: self._pool(item, ahead) for item in self.items(sold)}
        there = {item: pool for item, pool in pools.items() if pool is not None}
        if not there and self._of.settings.untold == "skip" and sold.sku not in self._of.dead:
            return None
        counts = self._by_location(sold, there) if self._of.settings.per == "location" else self._total(sold, there)
        could = sum(count for _, count in counts)
        cap = says["cap"]
        left = shown(could, _int(says["buffer"]), None if cap is None else _int(cap))
        if says["state"] == "hidden" or sold.sku in self._of.dead:
            left = 0
        return _Offer(sold, says, _lowered(counts, left), could)

    def _total(self, sold: Sold, pools: Mapping[str, _Pool]) -> list[tuple[str, int]]:
        return [("", self._makes(sold, {item: pool.total for item, pool in pools.items()}))]

    def _by_location(self, sold: Sold, pools: Mapping[str, _Pool]) -> list[tuple[str, int]]:
        at: dict[str, dict[str, Fraction]] = {}
        for item, pool in pools.items():
            for number_, (place, left) in enumerate(zip(pool.places, pool.left, strict=True)):
                at.setdefault(place.location, {})[item] = left + (pool.ahead if number_ == 0 else 0)
        return [(location, self._makes(sold, left)) for location, left in at.items()]

    def _makes(self, sold: Sold, left: Mapping[str, Fraction]) -> int:
        """Return how many of a SKU the base units make that are left of its items."""
        recipe = self._of.recipes.get(sold.sku)
        if recipe is not None:
            pieces = {item: whole(quantity, 1) for item, quantity in left.items()}
            return scarcest(self._of.recipes, pieces, [sold.sku])[sold.sku]
        held = self._of.known.size(sold.item, sold.unit)
        return whole(left.get(sold.item, Fraction(0)), held) if held else 0

    def _pool(self, item: str, ahead: str) -> _Pool | None:
        """Return what of an item may be sold; `ahead`: the SKU that is on pre-order, blank where none is."""
        key = (item, ahead)
        if key not in self._pools:
            self._pools[key] = self._made_pool(item, ahead)
        return self._pools[key]

    def _made_pool(self, item: str, ahead: str) -> _Pool | None:
        places = self._found.places.get(item) or (self._never_told(item) if ahead else [])
        if not places:
            return None
        kind = self._kinds.get(item, "")
        terms = []
        for place in places:
            says = self._of.exceptions.of(**self._where(item, kind, location=place.location))
            terms.append(Terms(_decimal(says["safety_stock"]), _fraction(says["share"])))
        kept = self._kept(item, kind)
        pool = _Pool(places, terms, kept, offered(places, terms, kept))
        if ahead:
            says = self._of.exceptions.of(**self._where(item, kind, sku=ahead))
            more = max(_decimal(says.get("preorder", Decimal(0))) - owed(places), Decimal(0))
            pool.ahead = Fraction(more) * _fraction(says["share"])
        return pool

    def _never_told(self, item: str) -> list[Place]:
        """Return the place of an item on pre-order of which there never was any stock: all that was sent is owed."""
        if self._ever is None:
            self._ever = moved_in_base(self._standing.moved(_EVER), self._of.known)
        sent = sum((quantity for (name, _), quantity in self._ever.items() if name == item), Decimal(0))
        location = self._of.settings.locations[0] if self._of.settings.locations else ""
        waits = sum(
            want.quantity * (self._of.known.size(item, want.unit or EACH) or 0)
            for want in self._standing.waiting
            if want.item == item
        )
        return [Place(location, Decimal(0), Decimal(0), sent, Decimal(waits), told="never told")]

    def _kept(self, item: str, kind: str) -> Kept:
        where = self._where(item, kind)
        named = list(self._of.exceptions.channels(**{name: at for name, at in where.items() if name != "channel"}))
        every = [*named, *([] if self._of.channel in named else [self._of.channel])]
        amounts = {
            channel: _decimal(self._of.exceptions.of(**{**where, "channel": channel})["allocation"])
            for channel in every
        }
        if not any(amounts.values()):
            return NOTHING_KEPT
        before = sum((amounts[channel] for channel in every[: every.index(self._of.channel)]), Decimal(0))
        return Kept(amounts[self._of.channel], before, sum(amounts.values(), Decimal(0)))

    def _where(self, item: str, kind: str, *, sku: str = "", location: str = "") -> dict[str, str]:
        where = {
            "channel": self._of.channel,
            "item_number": item,
            "item_class": kind,
            "sku": sku,
            "location": location,
        }
        return {name: value for name, value in where.items() if value}

    # --- for people ------------------------------------------------------------------------------------------------
    def told(self, item: str) -> Iterator[str]:
        """Yield a line for each location of an item."""
        pool = next((pool for (name, _), pool in self._pools.items() if name == item and pool is not None), None)
        for place, term, left in zip(pool.places, pool.terms, pool.left, strict=True) if pool else ():
            terms = [
                f"{number(place.on_hand)} on hand",
                f"{number(place.reserved)} reserved",
                f"{number(place.committed)} sent since",
                *([f"{number(place.waiting)} waited for"] if place.waiting else []),
                *([f"{number(term.safety)} safety stock"] if term.safety else []),
            ]
            rest = number(max(place.free - term.safety, Decimal(0)))
            yield (
                f"{item} at {place.location or '(no place)'}: {' - '.join(terms)} = {rest}; "
                f"{_readable(left)} of it for {self._of.channel} ({place.told})"
            )

    def summed(self, offer: _Offer) -> str:
        """Return the line that says what is told of a SKU."""
        said = [f"{offer.could} {offer.sold.unit}"]
        recipe = self._of.recipes.get(offer.sold.sku)
        if recipe is not None:
            said.append(f"as many as {' + '.join(f'{piece.quantity} {piece.component}' for piece in recipe)} make")
        if _int(offer.says["buffer"]):
            said.append(f"buffer {offer.says['buffer']}")
        if offer.says["cap"] is not None:
            said.append(f"cap {offer.says['cap']}")
        if offer.says["state"] != "active":
            said.append(str(offer.says["state"]))
        return f"{offer.sold.sku} for {self._of.channel}: {', '.join(said)} -> {offer.available}"


def _rows(offer: _Offer, refreshed: str) -> Iterator[tuple[object, ...]]:
    for location, count in offer.counts:
        yield (
            offer.sold.sku,
            offer.sold.item,
            offer.says["state"],
            offer.says.get("available_from"),
            offer.available,
            offer.sold.unit,
            refreshed,
            location,
            count,
        )


def _lowered(counts: list[tuple[str, int]], left: int) -> list[tuple[str, int]]:
    """Return counts by location that come to `left` together, those of the first locations as they are."""
    made = []
    for location, count in counts or [("", 0)]:
        made.append((location, min(count, left)))
        left -= made[-1][1]
    return made


def by_item(recipe: Recipe, items: Mapping[str, str], known: Catalogue) -> Recipe | None:
    """Return what a bundle takes of each item in base units; None where a component or its unit is not known."""
    needs: dict[str, int] = {}
    for piece in recipe:
        item = items.get(piece.component)
        held = known.size(item, piece.unit) if item is not None else None
        if item is None or held is None:
            return None
        needs[item] = needs.get(item, 0) + piece.quantity * held
    return tuple(Piece(item, EACH, quantity, Fraction(0)) for item, quantity in needs.items())


def with_bundles(known: Catalogue, recipes: Mapping[str, Recipe], key: str) -> tuple[Catalogue, dict[str, Recipe]]:
    """Return what is sold with the bundles among it, and SKU of each bundle -> what it takes of items.

    A bundle with a component that is not known takes nothing that there is: it stays out of what is returned.
    """
    sold = {each.sku: each for each in known.sold}
    items = {(each.sku if key == "sku" else each.item): each.item for each in known.sold}
    made: dict[str, Recipe] = {}
    for bundle, recipe in recipes.items():
        skus = [bundle] if key == "sku" else [each.sku for each in known.sold if each.item == bundle]
        found = by_item(recipe, items, known)
        for sku in skus:
            before = sold.get(sku)
            sold[sku] = replace(before, item="", unit=EACH) if before else Sold(sku, "")
            if found is not None:
                made[sku] = found
    return Catalogue(tuple(sold[sku] for sku in sorted(sold)), known.packs), made


def _decimal(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


@lru_cache(maxsize=1024)
def _fraction(value: object) -> Fraction:
    return Fraction(str(value))


def _int(value: object) -> int:
    return int(str(value))


def _readable(quantity: Fraction) -> str:
    return str(quantity.numerator) if quantity.denominator == 1 else f"{float(quantity):.4g}"
