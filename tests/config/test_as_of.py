"""What `as_of` may say, and the moment in a file name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from exchange.config.as_of import AsOf, moment_in
from exchange.config.models import PickUp

DAY = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "form", "zone", "moment"),
    [
        ("orders_202603041705.csv", "orders_%Y%m%d%H%M.csv", "UTC", DAY.replace(hour=17, minute=5)),
        ("ORDERS_20260304.CSV", "orders_%Y%m%d.csv", "UTC", DAY),
        ("orders_202607041705.csv", "orders_%Y%m%d%H%M.csv", "Europe/Berlin", datetime(2026, 7, 4, 15, 5, tzinfo=UTC)),
        ("a-04.03.2026-final.csv", "*-%d.%m.%Y-*.csv", "UTC", DAY),
        ("x 4.03.2026.csv", "*%d.%m.%Y.csv", "UTC", None),
        ("day063_26.csv", "day%j_%y.csv", "UTC", DAY),
        ("04 Mar 2026 05 PM.csv", "%d %b %Y %I %p.csv", "UTC", DAY.replace(hour=17)),
        ("20260304T170509+0100.csv", "%Y%m%dT%H%M%S%z.csv", "Asia/Tokyo", DAY.replace(hour=16, minute=5, second=9)),
        ("100%_20260304.csv", "100%%_%Y%m%d.csv", "UTC", DAY),
        ("orders_20260230.csv", "orders_%Y%m%d.csv", "UTC", None),
        ("orders_20260304.csv.bak", "orders_%Y%m%d.csv", "UTC", None),
        ("orders_20260304xcsv", "orders_%Y%m%d.csv", "UTC", None),
        ("orders.csv", "orders_%Y%m%d.csv", "UTC", None),
    ],
)
def test_moment_in_a_name(name: str, form: str, zone: str, moment: datetime | None) -> None:
    assert moment_in(name, form, zone) == moment


@given(st.integers(-(10**10), 10**11), st.text("ab_-. ", max_size=5))
def test_what_is_written_is_read(seconds: int, around: str) -> None:
    moment = DAY + timedelta(seconds=seconds)
    assert moment_in(f"{around}{moment:%Y%m%d%H%M%S}.csv", "*%Y%m%d%H%M%S.csv", "UTC") == moment


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": "a_%Y%m%d.csv", "column": "x", "format": "%Y-%m-%d"},
        {"column": "x"},
        {"format": "%Y-%m-%d"},
        {"name": "a_%H%M.csv"},
        {"name": "a_%Y%m.csv"},
        {"column": "x", "format": "%Q%Y%m%d"},
    ],
)
def test_what_it_may_not_say(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        AsOf.model_validate(wrong)


def test_pick_up_goes_by_the_modification_time_unless_it_says_more() -> None:
    assert PickUp.model_validate({"from": "a", "mapping": "b"}).as_of == "mtime"
    said = PickUp.model_validate({"from": "a", "mapping": "b", "as_of": {"name": "%Y%m%d.csv"}}).as_of
    assert said == AsOf(name="%Y%m%d.csv")
