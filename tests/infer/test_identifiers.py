"""What texts are by themselves."""

from __future__ import annotations

import pytest

from exchange.infer.identifiers import kept_as_text, recognised, share_of_codes
from tests.infer.columns import column


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (("2900001000109", "96385074"), "gtin"),
        (("2900001000108",), ""),
        (("340123450000000017", "340123450000000024"), "sscc"),
        (("mara@example.com", "j@example.org"), "email"),
        (("EUR", "USD"), "currency"),
        (("DE", "fr"), "country"),
        (("Germany", "DEU", "Frankreich", "UK"), "country_name"),
        (("276", "250"), ""),
        (("+49 40 5550101", "(040) 555 0101"), "phone"),
        (("DE", "FR", "PL", "XX"), "country"),
        (("DE", "XX"), ""),
        (("1001", "1002"), ""),
        ((None,), ""),
    ],
)
def test_texts_are_recognised(cells: tuple[str | None, ...], name: str) -> None:
    assert recognised(column(*cells)) == name


def test_digits_that_are_no_numbers() -> None:
    assert kept_as_text(column("00123", "7")) == "leading zeros"
    assert kept_as_text(column("6012345678901")) == "long digits"
    assert kept_as_text(column("0", "12", "x")) == ""


def test_codes_are_no_words() -> None:
    assert share_of_codes(column("TEA-1", "Green tea")) == 0.5
    assert share_of_codes(column(None)) == 0.0
