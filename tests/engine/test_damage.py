"""What spreadsheets do to cells is told apart from what people write."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.damage import verdict


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("01067", "1067", "damaged"),
        ("0001234500012", "1234500012", "damaged"),
        ("007", "7.0", "damaged"),
        ("4006381333931", "4.00638E+12", "damaged"),
        ("", "4,00638E+12", "damaged"),
        ("12E5", "1200000", "damaged"),
        ("123456789012345678", "123456789012346000", "damaged"),
        ("+49 40 1234567", "49401234567", "damaged"),
        ("2026-03-04", "04.03.2026", "damaged"),
        ("2026-03-04", "03/04/26", "damaged"),
        ("2026-03-04", "46085", "damaged"),
        ("2026-03-04 10:15:00", "04/03/2026 10:15", "damaged"),
        ("3-4", "2026-04-03", "damaged"),
        ("SEP2", "2026-09-02", "damaged"),
        ("1/2", "46024", "damaged"),
        ("=1+1", "2", "damaged"),
        ("-x", "#NAME?", "damaged"),
        ("Größe", "GrÃ¶Ã\x9fe", "damaged"),
        ("Müller", "M?ller", "damaged"),
        ("ab" * 200, "ab" * 140, "damaged"),
        ("31.80", "31.8", "respelt"),
        ("31.80", "31,8", "respelt"),
        ("true", "TRUE", "respelt"),
        ("two\r\nlines", "two\nlines", "respelt"),
        ("abc ", "abc", "respelt"),
        ("01067", "'01067", "respelt"),
        ("NOPE", "TEA-MINT", "changed"),
        ("two", "2", "changed"),
        ("01067", "01069", "changed"),
        ("2026-03-04", "2026-03-05", "changed"),
        ("12", "13", "changed"),
        ("0", "1", "changed"),
        ("", "2026-03-05", "changed"),
        ("Germany", "DE", "changed"),
        ("x", "x", "same"),
    ],
)
def test_what_became_of_a_cell(old: str, new: str, kind: str) -> None:
    found = verdict(old, new)
    assert (found.kind, bool(found.why)) == (kind, kind == "damaged")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("1.0", "1", "changed"),
        ("02.03.2026", "2026-03-02", "changed"),
        (" x", "x", "changed"),
        ("00123", "123", "damaged"),
        ("NOPE", "4.0E+12", "damaged"),
    ],
)
def test_a_cell_that_was_bad_may_be_written_in_another_way(old: str, new: str, kind: str) -> None:
    assert verdict(old, new, asked=True).kind == kind


@given(st.integers(1, 10**12), st.integers(1, 6))
def test_numbers_that_lost_their_zeros_are_never_taken(number: int, zeros: int) -> None:
    code = "0" * zeros + str(number)
    assert verdict(code, str(number)).kind == "damaged"
    assert verdict(code, code).kind == "same"


@given(st.text(), st.text())
def test_every_cell_has_one_verdict(old: str, new: str) -> None:
    found = verdict(old, new)
    assert found.kind in {"same", "respelt", "changed", "damaged"}
    assert (found.kind == "same") == (old == new)


@given(st.dates())
def test_a_day_written_in_another_way_is_told(day: date) -> None:
    if day.year >= 1000:
        assert verdict(day.isoformat(), day.strftime("%d.%m.%Y")).kind == "damaged"
