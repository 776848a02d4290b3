"""Telephone numbers as E.164: every digit of what was written is in it, or it is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.postal.phones import e164
from exchange.postal.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("040 / 123 456-0", "DE", "+49401234560"),
        ("+49 (0)40 123456", None, "+4940123456"),
        ("0049 40 1234567", "DE", "+49401234567"),
        ("0049 40 1234567", None, "+49401234567"),
        ("0044 20 7946 0958", "GB", "+442079460958"),
        ("(555) 010-1234", "US", "+15550101234"),
        ("1 (555) 010-1234", "US", "+15550101234"),
        ("011 49 40 1234567", "US", "+49401234567"),
        ("+39 02 1234567", "DE", "+39021234567"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("+٤٩ ٤٠ ١٢٣٤٥٦", None, "+4940123456"),
        (" " * 5000 + "040 123456", "DE", "+4940123456"),
        (None, "DE", None),
    ],
)
def test_number(text: str | None, country: str | None, number: str | None) -> None:
    assert e164(text, country) == number


@pytest.mark.parametrize(
    ("text", "country", "why"),
    [
        ("0171 1234567 (Maria)", "DE", "letters"),
        ("1-800-FLOWERS", "US", "letters"),
        ("040 123456 / 0171 1234567", "DE", "too long"),
        ("555-010-1234", None, "no country prefix"),
        ("12", "DE", "2 digits"),
        ("+1 210-728-4548 ext. 712", "US", "extension 712"),
        ("555-0100", "US", "7 digits"),
        ("-", "DE", "phone number"),
        ("011 15-2345-6789", "AR", "not all of its digits"),
    ],
)
def test_what_would_lose_something_is_refused(text: str, country: str | None, why: str) -> None:
    found = e164(text, country)

    assert isinstance(found, Refusal)
    assert found.code == "PHONE_UNREADABLE"
    assert why in str(found.detail["reason"])


@pytest.mark.parametrize("said", ["ext. 712", "x712", "x 712", "#712", "Durchwahl 712", ";ext=712", "x ٧١٢"])
def test_an_extension_can_be_kept(said: str) -> None:
    assert e164(f"+1 210-728-4548 {said}", "US", "keep") == "+12107284548 x712"


@given(
    st.text("0123456789+()-/. x", max_size=18), st.sampled_from(["DE", "US", "GB", "AR", "BR", "MX", "IT", "RU", None])
)
def test_no_digit_is_lost(text: str, country: str | None) -> None:
    made = e164(text, country, "keep")

    if isinstance(made, str):
        given_, written = (re.sub(r"\D", "", each) for each in (text, made))
        shared = next(at for at in range(len(given_) + 1) if written.endswith(given_[at:]))
        assert re.fullmatch(r"(00|011|0011|010|810|)\d{0,3}[018]?", given_[:shared]), "only prefixes are left out"
        assert len(given_) - shared >= 4
        assert written.startswith(given_[:1]) or shared or len(written) > len(given_)
