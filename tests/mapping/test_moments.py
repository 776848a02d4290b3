"""Times against the standard library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.mapping import moments

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001 - hypothesis wants it
FORMATS = ("%Y-%m-%d %H:%M:%S %z", "%d/%m/%Y %H:%M%z", "%Y%m%dT%H%M%S%z", "%d %b %Y %H:%M:%S.%f %z")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | MOMENT, min_size=1, max_size=6), st.sampled_from(FORMATS))
def test_reading_and_writing_agree_with_strptime(dates: list[datetime | None], pattern: str) -> None:
    texts = [None if date is None else date.strftime(pattern) for date in dates]
    read, good = moments.read(pa.array(texts, pa.string()), pattern)
    wanted = [None if text is None else datetime.strptime(text, pattern).astimezone(UTC) for text in texts]
    column = moments.column(read, good)
    assert column.to_pylist() == wanted
    again = [None if date is None else date.strftime(pattern) for date in wanted]
    assert moments.write(column, pattern).to_pylist() == again


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29 00:00:00",
        "2026-13-01 00:00:00",
        "2026-01-01 24:00:00",
        "2026-01-01 00:60:00",
        "0000-01-01 00:00:00",
        "2026-01-00 00:00:00",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00 ",
        "2026-01-01 00:00:61",
        "20a6-01-01 00:00:00",
    ],
)
def test_what_never_was_is_not_read(text: str) -> None:
    _, good = moments.read(pa.array([text, "2024-02-29 23:59:59"]), "%Y-%m-%d %H:%M:%S")
    assert good.tolist() == [False, True]


def test_clock_changes() -> None:
    local = pa.array(["2026-03-29 01:30", "2026-03-29 02:30", "2026-10-25 02:30", "2026-07-01 12:00"])
    read, good = moments.read(local, "%Y-%m-%d %H:%M")
    made, skipped = moments.from_local(read, good, "Europe/Berlin")
    assert skipped.tolist() == [False, True, False, False]
    assert [made[row].as_py() for row in (0, 2, 3)] == [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 10, 0, tzinfo=UTC),
    ]


def test_offsets_in_all_three_forms_and_loose_digits() -> None:
    texts = ["2026-01-02 03:04 +0130", "2026-01-02 03:04 +01:30", "2026-01-02 01:34 Z", "2026-1-2 1:34 Z"]
    read, good = moments.read(pa.array(texts), "%Y-%m-%d %H:%M %z")
    assert good.all()
    assert len(np.unique(read)) == 1
