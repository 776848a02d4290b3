"""What lies where in base units: whose figure counts, what was taken in other units, what orders wait for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from exchange.documents.packs import PackSizes
from exchange.kernel.backorder_rows import Want
from exchange.kernel.standing import Standing
from exchange.kernel.stock_rows import Available, StockMove
from exchange.rules.figures import Catalogue, Sold, figures, moved_in_base, number
from exchange.rules.offer import Place

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KNOWN = Catalogue((Sold("TEA", "100"), Sold("TEA-CASE", "100", unit="CS")), PackSizes({"100": {"XCS": 12}}))


def row(location: str, on_hand: int, *, source: str = "wms", age: int = 0, unit: str = "EA", **taken: int) -> Available:
    """Return what one sender told of tea, so many hours ago."""
    elsewise = {name: Decimal(count) for name, count in taken.items()}
    figure = Decimal(on_hand), Decimal(1), Decimal(2)
    return Available(source, location, "100", *figure, unit, NOW - timedelta(hours=age), "c1", elsewise)


def standing(*rows: Available, waiting: tuple[Want, ...] = ()) -> Standing:
    """Return how stock stands."""
    return Standing(NOW, rows, (), waiting, lambda _: [])


def free(*rows: Available, waiting: tuple[Want, ...] = (), locations: tuple[str, ...] = ()) -> dict[str, Decimal]:
    """Return what is free of tea by location, in the order of the places."""
    places: list[Place] = figures(standing(*rows, waiting=waiting), KNOWN, locations).places["100"]
    return {place.location: place.free for place in places}


def test_other_units_become_base_units() -> None:
    assert free(row("HAM", 50, CS=2), row("LYO", 3, unit="CS")) == {"HAM": 50 - 1 - 2 - 24, "LYO": 36 - 12 - 24}


def test_of_two_who_tell_of_one_place_the_newer_counts() -> None:
    assert free(row("HAM", 50, age=3), row("HAM", 40, source="3pl", age=2)) == {"HAM": 37}


def test_places_are_sold_from_in_their_order_and_others_do_not_count() -> None:
    rows = row("HAM", 10), row("LYO", 20), row("MUC", 30)
    assert list(free(*rows, locations=("MUC", "HAM")).items()) == [("MUC", Decimal(27)), ("HAM", Decimal(7))]


def test_what_orders_wait_for_is_promised() -> None:
    waiting = (Want("HAM", "100", "EA", 4), Want("", "100", "CS", 1), Want("", "999", "EA", 1))
    assert free(row("HAM", 10), row("LYO", 20), waiting=waiting) == {"HAM": 0, "LYO": 20 - 3 - 9}


def test_what_cannot_be_counted_is_told() -> None:
    found = figures(standing(row("HAM", 50, PL=2)), KNOWN, ())
    assert list(found.notes()) == [
        "2 PL of 100 cannot be counted, no line of table packs says how many base units that is"
    ]


def test_what_was_handed_over_is_summed_in_base_units() -> None:
    moves = [StockMove("HAM", "100", Decimal(2), "CS"), StockMove("HAM", "100", Decimal(-3))]
    assert moved_in_base(moves, KNOWN) == {("100", "HAM"): 21}


def test_numbers_are_written_without_exponent() -> None:
    assert [number(Decimal(text)) for text in ("1E+3", "2.500", "-0.0", "0.000001")] == ["1000", "2.5", "0", "0.000001"]
