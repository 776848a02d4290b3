"""Times and names go in and come out the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from exchange.state.rows import escape, micros, moment, outputs_of, unescape


@given(st.datetimes(timezones=st.just(UTC)))
def test_time_comes_back_to_the_microsecond(at: datetime) -> None:
    assert moment(micros(at)) == at


def test_time_of_another_zone_is_the_same_moment() -> None:
    berlin = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))

    assert moment(micros(berlin)) == datetime(2026, 1, 1, tzinfo=UTC)
    assert moment(micros(berlin)).tzinfo is UTC


@given(st.binary(max_size=12) | st.text("\\ud8c0äé🚚\x00", max_size=12).map(lambda text: text.encode()))
def test_any_file_name_comes_back_and_is_stored_as_plain_text(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")

    escape(name).encode("utf-8")
    assert unescape(escape(name)) == name


def test_usual_names_are_stored_as_they_are() -> None:
    assert escape("Bestellungen März 🚚.csv") == "Bestellungen März 🚚.csv"


def test_outputs_are_label_and_number() -> None:
    assert outputs_of("") == []
    assert outputs_of("wms:1,erp:12") == [("wms", 1), ("erp", 12)]
