"""Addresses brought into form: what each setting does, and that no word of any part is ever lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.config.addresses import Address
from exchange.kernel.chunk import CellFailure
from exchange.rules.addresses import standardise

PARTS = ("name", "company", "line1", "line2", "unit", "city", "region", "postcode", "country", "phone")
PALO_ALTO = {
    "name": "Mara Lind",
    "line1": "12 Main St Apt 4B",
    "city": "Palo Alto",
    "region": "California",
    "postcode": "943011234",
    "country": "United States",
    "phone": "(650) 555-0101",
}


def done(*addresses: Mapping[str, str | None], **settings: Any) -> tuple[list[dict[str, str]], list[CellFailure]]:
    """Return the addresses in form, blank parts left out, and the failures."""
    names = dict.fromkeys(name for address in addresses for name in address)
    header = {_field(name): pa.array([each.get(name) for each in addresses], pa.string()) for name in names}
    made, failures = standardise(header, {"ship_to": Address.model_validate(settings)})
    rows = [{name: column[row].as_py() for name, column in made.items()} for row in range(len(addresses))]
    return [{name.removeprefix("ship_to."): text for name, text in row.items() if text} for row in rows], failures


def _field(name: str) -> str:
    return f"ship_to.{name}" if name in PARTS else name


def test_the_usual_way() -> None:
    [made], failures = done(PALO_ALTO)

    assert failures == []
    assert made == {
        "name": "Mara Lind",
        "line1": "12 Main St",
        "line2": "Apt 4B",
        "city": "Palo Alto",
        "region": "CA",
        "postcode": "94301-1234",
        "country": "US",
        "phone": "+16505550101",
        "kind": "street",
    }


def test_units_to_their_own_field_or_left_where_they_are() -> None:
    address = {**PALO_ALTO, "line2": "Floor 3", "unit": "Door 9"}
    [own], _ = done(address, units="field")
    [kept], _ = done(address, units="keep")
    [second], _ = done({**PALO_ALTO, "line2": "Rear building"})

    assert (own["line1"], own["unit"]) == ("12 Main St", "Door 9, Apt 4B, Floor 3")
    assert "line2" not in own
    assert (kept["line1"], kept["line2"], kept["unit"]) == ("12 Main St Apt 4B", "Floor 3", "Door 9")
    assert second["line2"] == "Apt 4B, Rear building"


def test_a_line_that_is_nothing_but_a_unit_stays_the_street_line() -> None:
    for units in ("line2", "field"):
        [made], _ = done({**PALO_ALTO, "line1": "Apt 4B", "line2": "12 Main St"}, units=units)
        assert (made["line1"], made["line2"]) == ("Apt 4B", "12 Main St")


def test_regions_by_name_or_as_they_came_and_parts_of_countries() -> None:
    assert done(PALO_ALTO, region="name")[0][0]["region"] == "California"
    assert done({**PALO_ALTO, "region": "calif."}, region="keep")[0][0]["region"] == "calif."
    [made], failures = done({"line1": "1 High St", "city": "Leith", "postcode": "EH66AA", "country": "Scotland"})
    assert failures == []
    assert (made["country"], made["region"], made["postcode"]) == ("GB", "SCT", "EH6 6AA")


def test_a_country_can_be_assumed() -> None:
    address = {"line1": "Am Hafen 5", "city": "Kiel", "postcode": "D-24103", "phone": "0431 123456"}
    [made], failures = done(address, country="DE")

    assert failures == []
    assert (made["country"], made["postcode"], made["phone"]) == ("DE", "24103", "+49431123456")
    _, failures = done(address)
    assert [(each.field, each.code) for each in failures] == [
        ("ship_to.phone", "PHONE_UNREADABLE"),
        ("ship_to.country", "ADDRESS_LACKS"),
    ]


def test_what_is_wrong_is_told_and_stays_as_it_was() -> None:
    wrong = {"region": "Bavaria", "postcode": "123", "phone": "ask Maria", "city": None}
    [made], failures = done({**PALO_ALTO, **wrong})

    assert [(each.field, each.code, each.value, each.warning) for each in failures] == [
        ("ship_to.region", "UNKNOWN_REGION", "Bavaria", False),
        ("ship_to.postcode", "POSTCODE_FORMAT", "123", False),
        ("ship_to.phone", "PHONE_UNREADABLE", "ask Maria", False),
        ("ship_to.city", "ADDRESS_LACKS", None, False),
    ]
    assert {name: made.get(name) for name in wrong} == wrong
    _, failures = done({**PALO_ALTO, **wrong}, warn=["region", "postcode", "phone", "required"])
    assert all(each.warning for each in failures)


def test_an_unknown_country_is_left_for_the_documents_own_check() -> None:
    [made], failures = done({**PALO_ALTO, "country": "Atlantis"}, phone="keep", region="keep")

    assert made["country"] == "Atlantis"
    assert made["postcode"] == "943011234"
    assert failures == []


def test_further_telephone_numbers_have_the_addresss_country() -> None:
    [made], _ = done({**PALO_ALTO, "customer_phone": "650 555 0102"}, phones=["customer_phone"])

    assert made["customer_phone"] == "+16505550102"


def test_capitals_and_plain_letters_only_by_rule() -> None:
    address = {**PALO_ALTO, "name": "Jürgen Łoś", "city": "Zürich"}

    assert done(address)[0][0]["name"] == "Jürgen Łoś"
    [plain], _ = done(address, transliterate="ascii", upper=True)
    assert (plain["name"], plain["city"], plain["line1"]) == ("JUERGEN LOS", "ZUERICH", "12 MAIN ST")
    [made], failures = done({**address, "name": "佐藤"}, transliterate="latin-1")
    assert made["name"] == "佐藤"
    assert [(each.field, each.code) for each in failures] == [("ship_to.name", "NOT_TRANSLITERATED")]


def test_a_document_without_an_address_is_left_alone() -> None:
    [nothing, there], failures = done({"name": "Till 3", "country": None}, PALO_ALTO)

    assert nothing == {"name": "Till 3"}
    assert there["country"] == "US"
    assert failures == []
    assert standardise({"x": pa.array(["y"])}, {"bill_to": Address()}) == ({"x": pa.array(["y"])}, [])


WORD = st.one_of(
    st.sampled_from(
        ["Apt 4B", "Suite 12", "3rd Floor", "#7", "Main", "St", "12", "Straße", "Flat 3,", "3. OG", "PO Box 5"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=5),
)
LINE = st.none() | st.lists(WORD, max_size=5).map(" ".join)
COUNTRY = st.sampled_from(["Germany", "US", "United Kingdom", "Scotland", "FRA", "Atlantis", None])
ADDRESS = st.fixed_dictionaries(
    dict.fromkeys(("name", "company", "line1", "line2", "unit", "city"), LINE)
    | {
        "region": st.sampled_from(["California", "CA", "Bavaria", None]),
        "postcode": st.sampled_from(["20095", "D-20095", "sw1a1aa", "94301", "9", None]),
        "country": COUNTRY,
        "phone": st.sampled_from(["040 123456", "(650) 555-0101", "+49 40 1234 x7", "ask Maria", None]),
    }
)
SETTINGS = st.fixed_dictionaries(
    {"units": st.sampled_from(["line2", "field", "keep"]), "region": st.sampled_from(["code", "name", "keep"])}
)


def words(*texts: str | None) -> Counter[str]:
    """Return the words of some texts, however they are separated."""
    return Counter(word for text in texts if text for word in re.split(r"[\s,;]+", text) if word)


@given(st.lists(ADDRESS, min_size=1, max_size=4), SETTINGS)
def test_no_word_is_lost(addresses: list[dict[str, str | None]], settings: dict[str, Any]) -> None:
    made, failures = done(*addresses, **settings)

    told = {(each.row, each.field.removeprefix("ship_to.")) for each in failures}
    for row, (before, after) in enumerate(zip(addresses, made, strict=True)):
        street = ("line1", "line2", "unit")
        assert words(*(after.get(part) for part in street)) == words(*(before[part] for part in street))
        for part in ("name", "company", "city"):
            assert (after.get(part) or None) == (before[part] or None)
        for part in ("region", "postcode", "country", "phone"):
            assert bool(after.get(part)) >= bool(before[part])
            if (row, part) in told:
                assert after.get(part) == before[part]
