"""Countries by names and codes of every kind."""

from __future__ import annotations

import pycountry
import pytest

from exchange.postal.countries import codes, country_code, named, part_of_country
from exchange.postal.refusal import Refusal
from tests.postal.opencage import cases, needs_opencage


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),
        ("DEUTSCHLAND", "DE"),
        ("Allemagne", "DE"),
        ("DEU", "DE"),
        ("276", "DE"),
        ("de", "DE"),
        ("U.K.", "GB"),
        ("Great Britain", "GB"),
        ("U.S.A.", "US"),
        ("The Netherlands", "NL"),
        ("EL", "GR"),
        ("NO", "NO"),
        ("Côte d’Ivoire", "CI"),
        ("South Korea", "KR"),
        ("XK", "XK"),
        (None, None),
    ],
)
def test_country(text: str | None, code: str | None) -> None:
    assert country_code(text) == code


def test_names_and_letters_alone_make_a_column_of_countries() -> None:
    assert {named(text) for text in ("Germany", "deutschland", "Allemagne", "DEU", "de")} == {"DE"}
    assert [named(text) for text in ("276", "XX", "", "Scotland")] == [None, None, None, "GB"]


@pytest.mark.parametrize("text", ["Atlantis", "", "?", "DEX", "999"])
def test_what_is_no_country_is_refused(text: str) -> None:
    assert country_code(text) == Refusal("UNKNOWN_COUNTRY")


def test_every_country_is_known_by_each_of_its_names_and_codes() -> None:
    for country in pycountry.countries:
        names = [country.name, country.alpha_2, country.alpha_3, country.numeric, country.name.upper()]
        names += [text for kind in ("common_name", "official_name") if (text := getattr(country, kind, None))]
        assert {country_code(name) for name in names} == {country.alpha_2}
    assert {country.alpha_2 for country in pycountry.countries} < codes()


def test_a_part_of_a_country_is_not_lost() -> None:
    assert (country_code("Scotland"), part_of_country("Scotland")) == ("GB", "SCT")
    assert part_of_country("Germany") is None
    assert part_of_country(None) is None


@needs_opencage
def test_addresses_of_the_world() -> None:
    named = [parts for parts, _ in cases() if parts.get("country")]
    wrong = [parts["country"] for parts in named if country_code(parts["country"]) != parts["country_code"]]

    assert len(named) > 100
    assert len(wrong) < 0.05 * len(named), wrong
