"""What the ledger keeps of stock: levels as they were told, how far each sender has come, what was handed over since.

Quantities are exact decimals of at most `DIGITS` digits behind the point, in the unit that is told with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

DIGITS = 6
"""Digits behind the point that a quantity may have: the ledger counts in millionths."""
EACH = "EA"
"""The unit of a quantity that tells none."""


class StockLevel(NamedTuple):
    """What one sender said last of one item at one location."""

    source: str
    """Channel of the pick-up that told it."""
    location: str
    """The warehouse, as order lines name it."""
    item: str
    """The item number, as order lines name it."""
    on_hand: Decimal
    """What may be sold or is promised already; without what is blocked. Less than nothing is possible."""
    reserved: Decimal
    """How much of `on_hand` the sender itself says is promised."""
    blocked: Decimal
    """What lies there beside it and may not be sold: blocked, in quarantine, damaged, expired."""
    unit: str
    as_of: datetime
    """The age of the figure."""
    since: datetime
    """What was handed over after this is not in the figure yet: the `as_of` of the last snapshot."""
    claim: str
    """The claim that told it."""
    sells: bool = True
    """Whether it counts as stock that can be sold; False for figures that are only compared (`use: compare`)."""


class StockStream(NamedTuple):
    """How far one sender has come with one location; location blank: with the numbers of its files."""

    source: str
    location: str
    mode: str
    """`snapshot` or `delta`: what came last."""
    as_of: datetime
    """The age of the newest file that took effect."""
    snapshot_as_of: datetime | None
    """The age of the newest snapshot; None where there was none."""
    sequence: int | None
    """The number of the last file of changes; None where they are not numbered."""
    claim: str


class StockMove(NamedTuple):
    """What a claim handed over (less than nothing: took back) of one item at one location."""

    location: str
    item: str
    quantity: Decimal
    unit: str = EACH


@dataclass(frozen=True, slots=True)
class Available:
    """What is there of one item at one location, and what of it is promised; one row for each sender that `sells`."""

    source: str
    location: str
    item: str
    on_hand: Decimal
    reserved: Decimal
    committed: Decimal
    """Handed over since the figure was taken, in the level's own unit; less than nothing where more was taken back."""
    unit: str
    as_of: datetime
    claim: str
    elsewise: Mapping[str, Decimal] = field(default_factory=dict)
    """Handed over since in other units: unit -> quantity; whoever knows packs converts and subtracts it."""

    @property
    def free(self) -> Decimal:
        """What nobody has been promised, but for `elsewise`."""
        return self.on_hand - self.reserved - self.committed


@dataclass(frozen=True, slots=True)
class LevelColumns:
    """Levels of one file by columns of equal length; quantities in millionths."""

    location: list[str]
    item: list[str]
    on_hand: list[int]
    reserved: list[int]
    blocked: list[int]
    unit: list[str]
    as_of: list[int | None] | None = None
    """Age of each figure in microseconds since 1970 (UTC), None where it is as old as the file; None for all."""


NO_LEVELS = LevelColumns([], [], [], [], [], [])


@dataclass(frozen=True, slots=True)
class StockRecord:
    """What one seal records of stock."""

    source: str = ""
    """Whose levels these are; the rest of the first group belongs to it."""
    mode: str = ""
    as_of: datetime | None = None
    since: datetime | None = None
    """What was handed over before this is in the figures; None: the levels keep theirs (new ones get `as_of`)."""
    sells: bool = True
    levels: LevelColumns = NO_LEVELS
    """Snapshot: what is there (an older figure never takes a newer one's place); delta: what is added."""
    streams: tuple[StockStream, ...] = ()
    """How far the sender has come with this file."""
    expected: tuple[StockStream, ...] = ()
    """The streams as they were when the file was decided upon; where they differ now, FactsChanged."""
    moves: tuple[StockMove, ...] = ()
    """What the claim hands over, each location, item and unit once."""
    endpoints: tuple[str, ...] = ()
    """Deliveries to these tell the warehouses; what they have not got is not in any snapshot."""
    lag: timedelta = timedelta(0)
    """How long after the delivery a warehouse still does not count it."""


class StockLedger(Protocol):
    """Stock by sender, location and item; and what orders took of it since."""

    def levels(
        self, locations: Collection[str] | None = None, *, sources: Collection[str] | None = None
    ) -> list[StockLevel]:
        """Return what was told last, by source, location and item; None means any."""
        ...

    def streams(self, source: str) -> dict[str, StockStream]:
        """Return how far a sender has come, by location; blank: with the numbers of its files."""
        ...

    def committed(self, location: str, since: datetime) -> dict[str, Decimal]:
        """Return what was handed over after a moment, by item, whatever its unit: changes and cancellations give back.

        What was sealed and not delivered to the warehouse yet counts, however old it is.
        """
        ...

    def moved(self, since: datetime) -> list[StockMove]:
        """Return what was handed over after a moment, by location, item and unit; what was given back is subtracted.

        What was sealed and not delivered to the warehouse yet counts, however old it is.
        """
        ...

    def available(
        self, locations: Collection[str] | None = None, items: Iterable[str] | None = None
    ) -> list[Available]:
        """Return what can be sold, by location, item and source: levels less what was handed over since; None: any.

        Items of which nothing was ever told are left out.
        """
        ...

    def advance(self, claim: str, as_of: datetime) -> int:
        """Make the figures of a sealed snapshot as new as its repetition, durably; returns how many are newer now."""
        ...
