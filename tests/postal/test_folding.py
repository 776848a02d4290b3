"""Spellings that are the same name."""

from __future__ import annotations

import pytest

from exchange.postal.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S.A.", "usa"),
        ("Île-de-France", "ILE DE FRANCE"),
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("Bosnia & Herzegovina", "Bosnia and Herzegovina"),
        ("Straße", "STRASSE"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_other_names_differ() -> None:
    assert folded("Niger") != folded("Nigeria")
