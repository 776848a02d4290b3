"""What there is of an item, in base units."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from exchange.documents.packs import PackSizes
from exchange.engine.supply import supply_of
from exchange.kernel.pipeline import Allotting
from exchange.kernel.stock_rows import Available, StockLevel

NOW = datetime(2026, 3, 4, tzinfo=UTC)
PACKS = PackSizes({"tea": {"XCS": 12}})


class Told:
    """Stock of one place, as two senders told it."""

    def __init__(self, *rows: Available) -> None:
        self._rows = list(rows)

    def available(
        self, locations: Collection[str] | None = None, items: Iterable[str] | None = None
    ) -> list[Available]:
        del locations, items
        return self._rows

    def levels(self, locations: Collection[str] | None = None) -> list[StockLevel]:
        del locations
        return []


def row(on_hand: str, *, source: str = "wms", unit: str = "EA", hours: int = 0, **also: Decimal) -> Available:
    """Return what is left of 1 reserved and 2 sent since."""
    at = NOW + timedelta(hours=hours)
    return Available(source, "HAM", "tea", Decimal(on_hand), Decimal(1), Decimal(2), unit, at, "c", also)


RULES = Allotting("hold", by_location=True, size=PACKS.size)


def left(*rows: Available, wanted: tuple[str, str] = ("HAM", "tea")) -> Decimal | None:
    return supply_of(Told(*rows), RULES, {wanted}).left(wanted)


def test_what_is_promised_and_sent_is_not_there() -> None:
    assert left(row("10")) == 7
    assert left(row("10", CS=Decimal("0.5"))) == 1, "half a case was sent since"
    assert left(row("2", unit="CS")) == 0, "less than nothing is nothing"
    assert left(row("5", unit="CS")) == 24
    assert left(row("10", unit="C62", PCE=Decimal(1), case=Decimal("0.5"))) == 0, "whatever a unit is called"


def test_of_two_who_tell_of_one_place_the_newer_counts() -> None:
    assert left(row("10", source="erp"), row("8", hours=1)) == 5


def test_a_place_of_which_nobody_told_has_no_limits() -> None:
    assert left(row("10"), wanted=("LYO", "tea")) is None
    assert left(row("10"), wanted=("HAM", "cup")) == 0
    assert left() is None


def test_what_is_given_away_is_gone() -> None:
    supply = supply_of(Told(row("27")), RULES, {("HAM", "tea")})
    assert supply.units(("HAM", "tea"), "CS", 5) == 2
    assert supply.units(("HAM", "tea"), "CS", 5, ahead=1) == 1
    supply.give(("HAM", "tea"), "CS", 1)
    assert supply.units(("HAM", "tea"), "EA", 99) == 12
