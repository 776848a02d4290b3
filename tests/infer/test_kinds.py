"""What a column looks like, and what is never shown of it."""

from __future__ import annotations

import pytest

from tests.infer.columns import looks


@pytest.mark.parametrize(
    ("cells", "kind", "told"),
    [
        (("1", "2"), "integer", 'whole numbers; 2 different such as "1"'),
        (("1.5", "2"), "decimal", "decimal numbers"),
        (("2026-03-04",), "date", "dates as %Y-%m-%d"),
        (("2026-03-04 10:00",), "datetime", "datetimes as %Y-%m-%d %H:%M"),
        (("yes", "No"), "boolean", "yes or no"),
        (("no",), "boolean", "yes or no"),
        (("007", "008"), "text", "digits kept as text (leading zeros)"),
        (("2900001000109",), "text", "GTINs with right check digits"),
        (("03/04/2026", "13/04/2026"), "date", "dates as %d/%m/%Y"),
        (("a b", None), "text", "texts, filled in 50 % of the rows"),
        ((None, ""), "blank", "blank in every row"),
    ],
)
def test_kinds(cells: tuple[str | None, ...], kind: str, told: str) -> None:
    look = looks({"x": cells})["x"]

    assert look.kind == kind
    assert told in look.told


@pytest.mark.parametrize("name", ["Name", "Shipping Name", "E-Mail", "Notes", "contact_phone"])
def test_cells_that_tell_of_people_are_not_shown(name: str) -> None:
    look = looks({name: ("Mara Lind",)})[name]

    assert look.example == ""
    assert "Mara" not in look.told


def test_what_looks_like_a_telephone_is_not_shown_whatever_its_name() -> None:
    assert looks({"x": ("+49 40 5550101",)})["x"].example == ""
    assert looks({"x": ("mara@example.com",)})["x"].example == ""


@pytest.mark.parametrize("text", ["Mara Lind", "Mara", "LIND-MEYER", "Lindweg 7", "mara@example.com", "m. lind"])
def test_words_that_may_be_somebody_s_are_not_shown_whatever_the_column_is_called(text: str) -> None:
    assert looks({"odbiorca": (text,)})["odbiorca"].example == ""


@pytest.mark.parametrize("text", ["TEA-250", "red", "EUR", "x7", "12.5"])
def test_what_is_nobody_s_name_is_shown(text: str) -> None:
    assert looks({"x": (text,)})["x"].example == text


@pytest.mark.parametrize(
    "name", ["Strasse", "Nachname", "PLZ", "Ansprechpartner", "Contact", "cac:Person/cbc:Floor", "Empfänger", "Nom"]
)
def test_columns_of_people_are_not_shown_whatever_is_in_them(name: str) -> None:
    assert looks({name: ("20457",)})[name].cell == ""


def test_places_in_a_list_are_told_from_codes() -> None:
    found = looks({"places": ("2", "1", "3"), "tens": ("10", "20", "30"), "one": ("1",), "codes": ("1", "3")})

    assert [name for name, look in found.items() if look.counts] == ["places", "tens"]
