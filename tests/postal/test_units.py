"""Apartments, floors and suites, found at the ends of street lines; every word stays."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.postal.units import street_only, unit_only, unit_parted
from exchange.postal.wordlists import wordlist


@pytest.mark.parametrize(
    ("line", "country", "street", "unit"),
    [
        ("12 Main St Apt 4B", "US", "12 Main St", "Apt 4B"),
        ("12 Main St, Suite 100, Floor 3", "US", "12 Main St", "Suite 100, Floor 3"),
        ("12 Main St #4", "US", "12 Main St", "#4"),
        ("350 5th Ave 21st Floor", "US", "350 5th Ave", "21st Floor"),
        ("Flat 3, 12 High St", "GB", "12 High St", "Flat 3"),
        ("The Old Mill, Unit 5", "GB", "The Old Mill", "Unit 5"),
        ("Am Hafen 5, 3. OG", "DE", "Am Hafen 5", "3. OG"),
        ("Am Hafen 5 Hinterhaus 2. Stock", "DE", "Am Hafen 5", "Hinterhaus 2. Stock"),
        ("Hauptstr. 5, 3. OG links", "DE", "Hauptstr. 5", "3. OG links"),
        ("Hauptstr. 1 Top 5", "AT", "Hauptstr. 1", "Top 5"),
        ("12 rue X, Bât A, Esc 2, 3ème étage, Porte 12", "FR", "12 rue X", "Bât A, Esc 2, 3ème étage, Porte 12"),
        ("Vesterbrogade 12, 2. tv", "DK", "Vesterbrogade 12", "2. tv"),
        ("ul. Długa 5 m. 7", "PL", "ul. Długa 5", "m. 7"),
        ("Via Roma 10 Piano 2", "IT", "Via Roma 10", "Piano 2"),
        ("Apt 4B", "US", "", "Apt 4B"),
    ],
)
def test_unit_is_found(line: str, country: str, street: str, unit: str) -> None:
    assert unit_parted(line, country) == (street, unit)


@pytest.mark.parametrize(
    ("line", "country"),
    [
        ("12 Unit St", "US"),
        ("Via Piano 3", "IT"),
        ("Rue du Bus 5", "BE"),
        ("Am Haus 5", "DE"),
        ("Unit 5, The Old Mill", "GB"),
        ("Hauptstr. 1 Top 5", "US"),
        ("12 Main St FL 33101", "US"),
        ("12 Main St", None),
        ("", "US"),
    ],
)
def test_what_may_be_a_street_stays_whole(line: str, country: str | None) -> None:
    assert unit_parted(line, country) == (line, "")


def test_steps_give_one_of_both() -> None:
    assert (street_only("12 Main St Apt 4B", "US"), unit_only("12 Main St Apt 4B", "US")) == ("12 Main St", "Apt 4B")
    assert (street_only("Apt 4B", "US"), unit_only("12 Main St", "US")) == (None, None)
    assert (street_only(None, "US"), unit_only(None, "US")) == (None, None)


WORDS = [
    word for group in wordlist("designators") for kind in ("before", "behind", "alone") for word in group.get(kind, ())
]
PIECE = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["12", "4B", "B", "3rd", "2.", "#4", "Main", "St", "Straße", "No.", "º", "12-3", "33101"]),
    st.text(max_size=4),
)
LINE = st.lists(st.tuples(PIECE, st.sampled_from([" ", ", ", ",", "; ", "  ", "."])), max_size=8).map(
    lambda parts: "".join(text for pair in parts for text in pair)
)
COUNTRY = st.sampled_from(["US", "DE", "AT", "FR", "BE", "ES", "BR", "IT", "PL", "DK", "SE", "CZ", "GB", None])


def words(*texts: str | None) -> Counter[str]:
    """Return the words of some texts, however they are separated."""
    return Counter(word for text in texts if text for word in re.split(r"[\s,;]+", text) if word)


@given(LINE, COUNTRY)
def test_no_word_is_lost(line: str, country: str | None) -> None:
    assert words(*unit_parted(line, country)) == words(line)
