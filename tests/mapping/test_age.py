"""How old each row is by its own cell."""

from __future__ import annotations

import pyarrow as pa

from exchange.mapping.age import row_ages


def test_cells_are_read_blanks_tell_nothing_and_the_rest_is_wrong() -> None:
    found = row_ages(
        pa.array([" 1970-01-01 00:00:01 ", None, "", "soon", "1970-01-01"]), "Updated", "%Y-%m-%d %H:%M:%S", "UTC"
    )

    assert found.moments[found.known].tolist() == [1_000_000]
    assert found.known.tolist() == [True, False, False, False, False]
    assert [(each.row, each.code, each.column, each.value) for each in found.failures] == [
        (3, "AS_OF_UNREADABLE", "Updated", "soon"),
        (4, "AS_OF_UNREADABLE", "Updated", "1970-01-01"),
    ]


def test_clock_of_a_zone_and_a_time_that_never_was() -> None:
    cells = pa.array(["04.07.2026 17:05", "29.03.2026 02:30"])

    found = row_ages(cells, "Updated", "%d.%m.%Y %H:%M", "Europe/Berlin")

    assert found.moments[0] == 1_783_177_500_000_000
    assert found.known.tolist() == [True, False]
    assert [each.row for each in found.failures] == [1]


def test_offsets_stand_above_the_zone() -> None:
    found = row_ages(pa.array(["1970-01-01 01:00 +0100"]), "Updated", "%Y-%m-%d %H:%M %z", "Asia/Tokyo")

    assert found.moments.tolist() == [0]
