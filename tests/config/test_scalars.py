"""What an unquoted scalar is taken for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.config.scalars import Unquoted, kind_of, read_plain
from exchange.config.wording import shown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("012345", "a number"),
        ("00", "a number"),
        ("-0", "a number"),
        ("+5", "a number"),
        ("1_000", "a number"),
        ("1e3", "a number"),
        ("4.00638E+12", "a number"),
        ("1.", "a number"),
        (".5", "a number"),
        ("0x1F", "a number"),
        ("0o17", "a number"),
        (".inf", "a number"),
        ("12:30", "a number of seconds"),
        ("2026-01-01", "a date"),
        ("2026-01-01 10:00:00", "a date"),
        ("NO", "true or false"),
        ("yes", "true or false"),
        ("Off", "true or false"),
        ("TRUE", "true or false"),
        ("null", "nothing"),
        ("~", "nothing"),
    ],
)
def test_what_yaml_would_change_is_marked(text: str, kind: str) -> None:
    assert read_plain(text) == Unquoted(text, kind)
    assert kind_of(read_plain(text)) == kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-12", -12),
        ("500", 500),
        ("1.10", Decimal("1.10")),
        ("true", True),
        ("false", False),
        ("", None),
        ("strip", "strip"),
        ("10s", "10s"),
        ("20%", "20%"),
        ("y", "y"),
        ("1.2.3", "1.2.3"),
        ("orders 2026-01-01", "orders 2026-01-01"),
    ],
)
def test_what_models_may_take(text: str, value: object) -> None:
    assert read_plain(text) == value
    assert type(read_plain(text)) is type(value)


@settings(max_examples=300)
@given(st.text(alphabet="0123456789.-+eExXoO_:~ noNyestrufals", min_size=1, max_size=12))
def test_no_character_is_ever_lost(text: str) -> None:
    assert shown(read_plain(text)) == text
