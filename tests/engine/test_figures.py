"""Items against those of the last file: past the limit, not at it; the counts are those of plain arithmetic."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.config.guards import Guards
from exchange.engine.figures import COMPARING, SHOWN, paired, plain
from exchange.engine.items import SCHEMA, carried, decoded, encoded
from exchange.engine.trip import Trip

Figures = dict[str, tuple[float | None, float | None]]


def items(figures: Figures, *, fresh: bool = True) -> pa.Table:
    columns = [[each[0] for each in figures.values()], [each[1] for each in figures.values()]]
    return pa.table([list(figures), *columns, [fresh] * len(figures)], schema=SCHEMA)


def tripped(guard: str, limit: Any, before: Figures, now: Figures) -> list[Trip]:
    guards = Guards.model_validate({guard: limit})
    return list(COMPARING[guard](guards, paired(items(before), items(now))))


def counts(**quantity: float) -> Figures:
    return {name: (each, None) for name, each in quantity.items()}


def prices(**price: float) -> Figures:
    return {name: (1, each) for name, each in price.items()}


@pytest.mark.parametrize(
    ("guard", "limit", "before", "now", "said"),
    [
        ("vanish", "50%", counts(a=1, b=2), counts(a=1), ""),
        ("vanish", "49%", counts(a=1, b=2), counts(a=1), "1 of 2 items of the last file is not in this one (50%)"),
        ("vanish", {"share": "1%", "at_least": 2}, counts(a=1, b=2), counts(a=1), ""),
        ("to_zero", "10%", counts(a=1, b=0, c=0), counts(a=0, b=0, c=0), "1 of 1 item that had stock has none now"),
        ("to_zero", "10%", counts(a=1, b=0), counts(b=0), ""),
        ("to_zero", "0%", counts(a=1), counts(a=-2), "1 of 1"),
        ("jump", {"factor": 10, "share": "0%"}, counts(a=5), counts(a=50), "1 of 1 quantity is 10 times as much"),
        ("jump", {"factor": 10, "share": "0%"}, counts(a=50, b=1), counts(a=5, b=1), "1 of 2 quantities"),
        ("jump", {"factor": 10, "share": "0%"}, counts(a=5, b=0), counts(a=49, b=10), ""),
        ("prices", {"move": 30, "share": "0%"}, prices(a=10), prices(a=13), ""),
        ("prices", {"move": 30, "share": "0%"}, prices(a=10), prices(a=13.01), "1 of 1 price moved by more than 30 %"),
        ("prices", {"move": 30, "share": "0%"}, prices(a=10, b=1), prices(a=0, b=1), "1 of 2 prices"),
        ("prices", {"move": 300, "share": "0%"}, prices(a=10), prices(a=39), ""),
        (
            "hundredfold",
            "price",
            prices(a=9.99, b=1),
            prices(a=999, b=1),
            "1 of 2 prices is a hundred times what it was",
        ),
        (
            "hundredfold",
            "price",
            prices(a=1234.56),
            prices(a=12.35),
            "1 of 1 price is a hundredth of what it was; none may be",
        ),
        ("hundredfold", "price", prices(a=9.99), prices(a=989), ""),
        ("hundredfold", "quantity", counts(a=3), counts(a=300), "1 of 1 quantity is"),
        ("hundredfold", "both", counts(a=3), counts(a=300), "1 of 1 quantity is"),
    ],
)
def test_limits(guard: str, limit: object, before: Figures, now: Figures, said: str) -> None:
    found = tripped(guard, limit, before, now)

    assert bool(found) is bool(said)
    assert all(trip.guard == guard and said in trip.said for trip in found)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=1),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3)),
)
def test_what_vanished_is_what_a_person_would_count(before: dict[str, int], now: dict[str, int]) -> None:
    found = tripped("vanish", "0%", counts(**before), counts(**now))

    gone = [name for name in before if name not in now]
    assert [trip.moved for trip in found] == ([len(gone)] if gone else [])
    assert [row[0] for trip in found for row in trip.rows] == gone


def test_the_first_rows_are_shown_and_all_are_counted() -> None:
    [trip] = tripped("vanish", "0%", counts(**{f"i{n}": n for n in range(50)}), counts(x=1))

    assert (len(trip.rows), trip.moved) == (SHOWN, 50)
    assert trip.rows[3] == ("i3", "3", "")


def test_a_price_is_remembered_over_files_that_lack_the_item() -> None:
    first = items({"a": (1, 2.0), "b": (1, None)})
    kept = decoded(encoded(carried(items({"c": (4, 5.0)}), first)))

    assert kept is not None
    assert kept.to_pylist() == [
        {"item": "c", "quantity": 4, "price": 5.0, "fresh": True},
        {"item": "a", "quantity": None, "price": 2.0, "fresh": False},
    ]
    guards = Guards.model_validate({"vanish": "0%", "prices": {"move": 1, "share": "0%"}})
    pairs = paired(kept, items({"a": (1, 3.0), "c": (4, 5.0)}))
    assert list(COMPARING["vanish"](guards, pairs)) == []
    assert [trip.rows for trip in COMPARING["prices"](guards, pairs)] == [(("a", "2", "3"),)]
    assert decoded(b"") is None


@pytest.mark.parametrize(
    ("value", "said"),
    [(4.9, "4.9"), (490.0, "490"), (1e6, "1000000"), (14.950000000000001, "14.95"), (0.0, "0"), (float("nan"), "")],
)
def test_figures_are_written_as_a_person_writes_them(value: float, said: str) -> None:
    assert plain(value) == said
