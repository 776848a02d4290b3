"""Compares the stock figures of several systems, as of one moment: where they differ by more than they may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from exchange.config.computed import Reconciliation, period
from exchange.kernel.plural import many, which
from exchange.kernel.standing import Computation, Standing
from exchange.kernel.stock_rows import StockLevel
from exchange.rules.exceptions import Exceptions
from exchange.rules.figures import Catalogue, computation, moved_in_base, number, shown_names

COLUMNS = ("Item", "SKU", "Told for", "Warehouse", "System", "Expected", "Found", "Difference")
Sums = dict[tuple[str, str], Decimal]
"""(item, location) -> base units."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One item at one location, as one other system has it."""

    item: str
    location: str
    """Blank for all together."""
    system: str
    expected: Decimal
    found: Decimal | None
    """None where it knows nothing of it."""
    allowed: Decimal

    @property
    def missing(self) -> Decimal:
        """What they have to add to be right."""
        return self.expected - (self.found or Decimal(0))

    @property
    def counts(self) -> bool:
        """Whether it is more than is allowed."""
        return abs(self.missing) > self.allowed


@dataclass(frozen=True)
class Comparing:
    """Computes where figures differ; a `kernel.standing.Computing`."""

    settings: Reconciliation
    channel: str
    zone: str
    known: Catalogue
    exceptions: Exceptions

    def __call__(self, standing: Standing) -> Computation:
        """Return a row for each item, location and system whose figure differs by more than it may."""
        local = standing.now.astimezone(ZoneInfo(self.zone))
        told_for = period(self.settings.refresh, local.date(), local.hour)
        skus = self.known.skus()
        every = list(self.differences(standing))
        wrong = [each for each in every if each.counts]
        rows = [
            (
                each.item,
                skus.get(each.item),
                told_for,
                each.location,
                each.system,
                each.expected,
                each.found,
                each.missing,
            )
            for each in wrong
        ]
        differ = which(len(wrong), "differs by more than it may", "differ by more than they may")
        said = [f"compared {many(len(every), 'figure')}, {len(wrong):,} {differ}"]
        silent = [name for name in self.settings.against if all(each.system != name for each in every)]
        if silent:
            said.append(f"nothing was ever told by {shown_names(silent)}")
        return computation(COLUMNS, rows, said)

    def warning(self, content: bytes) -> str:
        """Return nothing: the file itself tells it."""
        del content
        return ""

    def explain(self, standing: Standing, name: str) -> list[str]:
        """Return what every system says of an item."""
        item = next((each.item for each in self.known.sold if each.sku == name), name)
        return [
            f"{each.item} at {each.location or 'all places'}: {self.settings.authority} {number(each.expected)}, "
            f"{each.system} {'nothing' if each.found is None else number(each.found)} -> "
            f"{f'differs by {number(each.missing)}' if each.counts else 'agrees'}"
            for each in self.differences(standing)
            if each.item == item
        ]

    def differences(self, standing: Standing) -> Iterator[Difference]:
        """Yield every comparison, by item, location and system.

        A system that has figures of none of the places of the authority counts all of them together. Where it has
        figures of a place at all, items of which it says nothing there are compared with nothing.
        """
        right = self._sums(standing, self.settings.authority)
        places = {location for _, location in right}
        theirs = {name: self._sums(standing, name) for name in self.settings.against}
        kinds = self.known.kinds()
        made: list[Difference] = []
        for name, found in theirs.items():
            told = {location for _, location in found}
            if found and not told & places:
                made += self._compared(name, (_together(right), _together(found)), kinds)
            else:
                here = {key: value for key, value in right.items() if key[1] in told}
                made += self._compared(name, (here, found), kinds)
        yield from sorted(made, key=lambda each: (each.item, each.location, each.system))

    def _compared(self, system: str, sums: tuple[Sums, Sums], kinds: Mapping[str, str]) -> Iterator[Difference]:
        right, found = sums
        for item, location in dict.fromkeys([*right, *found]):
            expected = right.get((item, location), Decimal(0))
            allowed = self._allowed((item, kinds.get(item, "")), location, expected)
            yield Difference(item, location, system, expected, found.get((item, location)), allowed)

    def _allowed(self, item: tuple[str, str], location: str, expected: Decimal) -> Decimal:
        where = {
            "channel": self.channel,
            "item_number": item[0],
            "item_class": item[1],
            "location": location,
        }
        says = self.exceptions.of(**{name: value for name, value in where.items() if value})
        return max(Decimal(str(says["tolerance"])), abs(expected) * Decimal(str(says["tolerance_share"])))

    def _sums(self, standing: Standing, source: str) -> Sums:
        """Return the figures of one system as they would be now: what was sent since they were taken is gone."""
        wanted = self.settings.locations
        levels = [
            level
            for level in standing.levels
            if level.source == source and (not wanted or level.location in wanted or not level.sells)
        ]
        moved = {since: moved_in_base(standing.moved(since), self.known) for since in {lev.since for lev in levels}}
        ours = {level.location for level in standing.levels if level.source == self.settings.authority}
        made: Sums = defaultdict(Decimal)
        for level in levels:
            made[level.item, level.location] += self._now(level, moved[level.since], ours)
        return dict(made)

    def _now(self, level: StockLevel, moved: Mapping[tuple[str, str], Decimal], ours: Collection[str]) -> Decimal:
        times = self.known.size(level.item, level.unit) or 0
        figure = level.on_hand - (level.reserved if self.settings.figure == "free" else 0)
        if level.location in ours:
            return figure * times - moved.get((level.item, level.location), Decimal(0))
        return figure * times - sum((taken for (item, _), taken in moved.items() if item == level.item), Decimal(0))


def _together(sums: Sums) -> Sums:
    made: Sums = defaultdict(Decimal)
    for (item, _), quantity in sums.items():
        made[item, ""] += quantity
    return dict(made)
