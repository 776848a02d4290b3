"""States and provinces by name and code."""

from __future__ import annotations

import pycountry
import pytest

from exchange.postal.refusal import Refusal
from exchange.postal.regions import asks_for_region, region


@pytest.mark.parametrize(
    ("text", "country", "code", "name"),
    [
        ("California", "US", "CA", "California"),
        ("calif.", "US", "CA", "California"),
        ("US-CA", "US", "CA", "California"),
        ("D.C.", "US", "DC", "District of Columbia"),
        ("Québec", "CA", "QC", "Quebec"),
        ("Milano", "IT", "MI", "Milano"),
        ("Madrid", "ES", "M", "Madrid"),
        ("東京都", "JP", "13", "Tokyo"),
        ("JP-13", "JP", "13", "Tokyo"),
        ("Co. Cork", "IE", "CO", None),
        ("County Dublin", "IE", "D", None),
        ("Hamburg", "DE", "HH", "Hamburg"),
        ("Distrito Federal", "MX", "CMX", None),
        ("New South Wales", "AU", "NSW", "New South Wales"),
        ("Middlesex", "GB", "Middlesex", "Middlesex"),
        ("Anywhere", None, "Anywhere", "Anywhere"),
        (None, "US", None, None),
    ],
)
def test_region(text: str | None, country: str | None, code: str | None, name: str | None) -> None:
    assert region(text, country) == code
    if name is not None:
        assert region(text, country, "name") == name


def test_no_region_of_the_country_is_refused_where_its_post_asks_for_one() -> None:
    assert region("Bavaria", "US") == Refusal("UNKNOWN_REGION", {"country": "US"})
    assert asks_for_region("US")
    assert not asks_for_region("DE")
    assert not asks_for_region("XX")


def test_every_code_stays_itself() -> None:
    for found in pycountry.subdivisions:
        country, _, code = found.code.partition("-")
        assert region(code, country) == code, found.code
        assert region(found.code, country) == code, found.code
