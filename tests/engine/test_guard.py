"""A guard trips past its limit, not at it, and only where it is set; corrections are compared with nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.config.guards import Guards
from exchange.engine.facts import Facts
from exchange.engine.guard import FOR_CORRECTIONS, GUARDS, Judged, Watch, judge
from exchange.engine.prepared import Spool
from exchange.kernel.guard_rows import Baseline
from exchange.kernel.layout import Layout
from exchange.kernel.model import Counts
from tests.engine.desk import claim_of

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    records: Counts = field(default_factory=Counts)
    documents: Counts = field(default_factory=Counts)


def judged(
    guards: Mapping[str, object],
    made: Made,
    *,
    age: timedelta = timedelta(0),
    before: Baseline | None = None,
    correction: bool = False,
    reject_ids: dict[int, str] | None = None,
    approved: bool = False,
) -> Judged:
    """Return what guards say of a file, taken at NOW."""
    watch = Watch(Guards.model_validate(guards), "shop/*.csv", correction, approved, before, ("A",))
    claim = replace(claim_of(), claimed_at=NOW, as_of=NOW - age)
    layout = Layout(Path("f"), ("A",), b"", 0, 1, "utf-8", "utf-8", ",", b"\n", reject_ids=reject_ids or {})
    return judge(watch, claim, made, layout, (Spool(Path("f")), Facts(0, (), {}, {})))


def of(total: int, rejected: int = 0) -> Made:
    return Made(Counts(total, total - rejected, rejected), Counts(total, total - rejected, rejected))


def last(records: int, age: timedelta = timedelta(days=1)) -> Baseline:
    return Baseline("shop/*.csv", NOW - age, records, ("A",), claim="abc")


def test_every_guard_of_the_configuration_is_known() -> None:
    assert set(GUARDS) == set(Guards.model_fields)
    assert set(GUARDS) > FOR_CORRECTIONS


@pytest.mark.parametrize(("rejected", "total", "trips"), [(2, 10, False), (3, 10, True), (0, 0, False), (10, 10, True)])
def test_reject_rate(rejected: int, total: int, trips: bool) -> None:
    found = judged({"max_reject_rate": "20%"}, of(total, rejected)).trips

    assert [trip.said for trip in found] == (
        [f"max_reject_rate: {rejected} of {total} documents are rejected ({rejected / total:.0%}), the limit is 20%"]
        if trips
        else []
    )


def test_a_few_rejects_are_not_many_where_it_says_so() -> None:
    few = {"max_reject_rate": {"share": "20%", "at_least": 3}}

    assert judged(few, of(2, 2)).trips == ()
    assert len(judged(few, of(3, 3)).trips) == 1


def test_no_guard_trips_unless_it_is_set() -> None:
    assert judged({}, of(10, 10)) == Judged()


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (50, ""),
        (49, "row_count: 49 records, the last file had 100: 49% of that, at least 0.5 times as many are expected"),
        (300, ""),
        (301, "row_count: 301 records, the last file had 100: 3.01 times as many, at most 3 times are expected"),
    ],
)
def test_row_count(records: int, said: str) -> None:
    found = judged({"row_count": {"min": 0.5, "max": 3}}, of(records), before=last(100)).trips

    assert [trip.said for trip in found] == ([said] if said else [])


def test_the_first_file_is_compared_with_nothing_and_becomes_what_the_next_one_is_compared_with() -> None:
    found = judged({"row_count": {"min": 0.5}}, of(7))

    assert found.trips == ()
    assert found.baseline == Baseline("shop/*.csv", NOW, 7, ("A",))


@pytest.mark.parametrize("made", [of(0), of(3, 3)])
def test_neither_an_empty_file_nor_one_that_is_all_wrong_is_compared_with(made: Made) -> None:
    assert judged({"row_count": {"min": 0}}, made).baseline is None


def test_guards_that_compare_nothing_keep_nothing() -> None:
    assert judged({"max_reject_rate": "20%", "empty": "hold", "too_old": "1d"}, of(5)).baseline is None


@pytest.mark.parametrize(
    ("guards", "age", "said"),
    [
        ({"too_old": "1d"}, timedelta(days=1), ""),
        (
            {"too_old": "1d"},
            timedelta(days=1, hours=2),
            "2026-03-03 10:00 UTC, 1 d 2 h before it was taken; the limit is 1 d",
        ),
        (
            {"too_early": "1h"},
            timedelta(minutes=90),
            "its content is 30 min younger than that of the last file (claim abc)",
        ),
        ({"too_early": "1h"}, timedelta(minutes=60), ""),
        ({"too_early": "1h"}, timedelta(hours=3), ""),
        (
            {"too_early": "1h"},
            timedelta(hours=-2),
            "its content is of 2026-03-04 14:00 UTC, which is 2 h in the future",
        ),
    ],
)
def test_too_old_and_too_early(guards: dict[str, object], age: timedelta, said: str) -> None:
    found = judged(guards, of(5), age=age, before=last(5, timedelta(hours=2))).trips

    assert [said in trip.said for trip in found] == ([True] if said else [])


def test_empty() -> None:
    assert [trip.guard for trip in judged({"empty": "hold"}, of(0)).trips] == ["empty"]
    assert judged({"empty": "hold"}, of(1)).trips == ()


def test_corrections_are_asked_for_their_rejects_only_and_returned_ones_not_even_that() -> None:
    guards = {"row_count": {"min": 0.5}, "empty": "hold", "too_old": "1d", "max_reject_rate": "10%"}
    old = timedelta(days=9)

    replayed = judged(guards, of(2, 1), age=old, before=last(100), correction=True)
    returned = judged(guards, of(2, 1), age=old, before=last(100), correction=True, reject_ids={0: "x-0001"})

    assert [trip.guard for trip in replayed.trips] == ["max_reject_rate"]
    assert (returned.trips, replayed.baseline, returned.baseline) == ((), None, None)


def test_what_a_person_approved_goes_on_and_is_compared_with() -> None:
    found = judged({"row_count": {"min": 0.5}}, of(1), before=last(100), approved=True)

    assert found.trips == ()
    assert found.baseline is not None
