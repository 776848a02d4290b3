"""House numbers, where the country puts them; every letter and digit stays."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.postal.houses import house_number, house_parted, street_name
from tests.postal.opencage import cases, needs_opencage


@pytest.mark.parametrize(
    ("line", "country", "street", "number"),
    [
        ("Musterstr. 12 a", "DE", "Musterstr.", "12 a"),
        ("Hauptstr.5", "DE", "Hauptstr.", "5"),
        ("Straße des 17. Juni 135", "DE", "Straße des 17. Juni", "135"),
        ("Alexanderplatz 3", "DE", "Alexanderplatz", "3"),
        ("C 4, 12", "DE", "C 4", "12"),
        ("12 Hauptstrasse", "DE", "Hauptstrasse", "12"),
        ("Musterweg 3 - 5", "DE", "Musterweg", "3 - 5"),
        ("Hauptstr. 12/3/4", "AT", "Hauptstr.", "12/3/4"),
        ("ul. Długa 5/7", "PL", "ul. Długa", "5/7"),
        ("Kerkstraat 12-2", "NL", "Kerkstraat", "12-2"),
        ("Via Roma, 10", "IT", "Via Roma", "10"),
        ("Avenida Brasil, nº 10", "PT", "Avenida Brasil", "nº 10"),
        ("12 Main St", "US", "Main St", "12"),
        ("123 1/2 Main St", "US", "Main St", "123 1/2"),
        ("221B Baker Street", "GB", "Baker Street", "221B"),
        ("12 bis rue X", "FR", "rue X", "12 bis"),
    ],
)
def test_house_number(line: str, country: str, street: str, number: str) -> None:
    assert house_parted(line, country) == (street, number)
    assert (street_name(line, country), house_number(line, country)) == (street, number)


@pytest.mark.parametrize(
    ("line", "country"),
    [("Route 66", "US"), ("Q7", "DE"), ("Calle Mayor 5, 3", "ES"), ("N-340 km 12", "ES"), ("Hauptstr. 5 Hof", "DE"),
     ("Postfach 12", "DE"), ("The Old Mill", "GB"), ("", None)],
)  # fmt: skip
def test_what_cannot_surely_be_told_stays_whole(line: str, country: str | None) -> None:
    assert house_parted(line, country) == (line, "")


def test_blank_stays_blank() -> None:
    assert (street_name(None, "DE"), house_number(None, "DE"), house_number("Q7", "DE")) == (None, None, None)


PIECE = st.one_of(
    st.sampled_from(["12", "4b", "bis", "Main", "Str.", "nº", "km", "-", "/", "5/7", "17.", "1/2", "C"]),
    st.text(max_size=3),
)
LINE = st.lists(st.tuples(PIECE, st.sampled_from([" ", ", ", "", "."])), max_size=7).map(
    lambda parts: "".join(text for pair in parts for text in pair)
)


@given(LINE, st.sampled_from(["DE", "GB", "NL", None]))
def test_no_letter_or_digit_is_lost(line: str, country: str | None) -> None:
    street, number = house_parted(line, country)

    assert _signs(street) + _signs(number) == _signs(line)


def _signs(text: str) -> Counter[str]:
    return Counter(mark for mark in text if not mark.isspace() and mark != ",")


@needs_opencage
def test_addresses_of_the_world() -> None:
    lines = [
        (line, parts["country_code"], (parts["road"], parts["house_number"]))
        for parts, made in cases()
        if parts.get("road") and parts.get("house_number")
        for line in made
        if line in {f"{parts['road']} {parts['house_number']}", f"{parts['house_number']} {parts['road']}"}
    ]
    wrong = [(line, found) for line, country, meant in lines if (found := house_parted(line, country)) != meant]

    assert len(lines) > 20
    assert len(wrong) <= 0.1 * len(lines), wrong
