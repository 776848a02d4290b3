"""Columns against those of another file: what is new, missing, renamed, reordered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.config.guards import SchemaDrift
from exchange.engine.drift import Change, changes, drifted

NAMES = st.lists(st.text("abcdef ", min_size=1, max_size=6), unique=True, max_size=8)


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("A B C", "A B C", []),
        ("A B C", "A B C D", [("new", "", "D")]),
        ("A B C", "A C", [("missing", "B", "")]),
        ("A B C", "A X C", [("renamed", "B", "X")]),
        ("A B C", "A X C D", [("renamed", "B", "X"), ("new", "", "D")]),
        ("A Order_Number C", "order-number A C", [("renamed", "Order_Number", "order-number")]),
        ("A B C", "C B A", [("reordered", "A, B, C", "C, B, A")]),
        (
            "A B C",
            "X Y Z",
            [
                ("missing", "A", ""),
                ("missing", "B", ""),
                ("missing", "C", ""),
                ("new", "", "X"),
                ("new", "", "Y"),
                ("new", "", "Z"),
            ],
        ),
    ],
)
def test_differences(before: str, now: str, found: list[tuple[str, str, str]]) -> None:
    assert [(each.kind, each.before, each.now) for each in changes(before.split(), now.split())] == found


@given(NAMES, NAMES)
def test_every_column_is_told_of_exactly_where_it_differs(before: list[str], now: list[str]) -> None:
    found = changes(before, now)

    gone = [each.before for each in found if each.kind in {"missing", "renamed"}]
    come = [each.now for each in found if each.kind in {"new", "renamed"}]
    assert sorted(gone) == sorted(set(before) - set(now))
    assert sorted(come) == sorted(set(now) - set(before))
    common = [name for name in before if name in now]
    assert any(each.kind == "reordered" for each in found) == (common != [name for name in now if name in before])


def test_only_what_holds_trips_and_says_what() -> None:
    found = [Change("new", "", "D"), Change("missing", "B", "")]

    [trip] = drifted(found, SchemaDrift())

    assert trip.said == "schema_drift: the columns are not those of the last file: 'B' is gone"
    assert trip.rows == (("missing", "B", ""),)
    assert list(drifted(found[:1], SchemaDrift())) == []
