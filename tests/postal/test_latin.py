"""Plain letters for all that have one; nothing becomes a question mark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.postal.latin import transliterated
from exchange.postal.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Größe", "Groesse"),
        ("ÄRZTE", "AERZTE"),
        ("Ärzte", "Aerzte"),
        ("u\u0308ber", "ueber"),
        ("Łódź", "Lodz"),
        ("Ørsted", "Orsted"),
        ("Þór", "Thor"),
        ("Αθήνα", "Athina"),
        ("Москва", "Moskva"),
        ("ЩУКА", "SHCHUKA"),
        ("l’été – ½", "l'ete - 1/2"),
        ("plain", "plain"),
        (None, None),
    ],
)
def test_plain(text: str | None, plain: str | None) -> None:
    assert transliterated(text) == plain


def test_umlauts_and_latin_1() -> None:
    assert transliterated("Malmö Ångström", "a") == "Malmo Angstrom"
    assert transliterated("Łódź, Größe", keep="latin-1") == "Lódz, Größe"


def test_characters_without_a_letter_are_refused_by_name() -> None:
    assert transliterated("港区 1") == Refusal("NOT_TRANSLITERATED", {"characters": "港 区"})
    assert transliterated("Hof ¨ 1") == Refusal("NOT_TRANSLITERATED", {"characters": "¨"})
    assert transliterated("Hof\xa01") == "Hof 1"


@given(st.text(st.characters(exclude_categories=["Cs", "Cf", "Cc"]), max_size=20))
def test_every_word_keeps_a_word(text: str) -> None:
    made = transliterated(text)

    if isinstance(made, str):
        assert made.isascii()
        assert made.count("?") >= text.count("?")
        assert len(made.split()) >= len(text.split())
