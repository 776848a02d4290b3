"""Units: their codes and names, and what one is worth in another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from exchange.documents.units import ratio, same_as, unit, units


def test_codes_are_those_of_the_recommendations() -> None:
    codes = {each.code for each in units()}
    assert {"EA", "C62", "H87", "KGM", "GRM", "LBR", "ONZ", "MTR", "CMT", "INH", "LTR", "MLT", "DMT", "MTK"} <= codes
    assert {"XPK", "XCS", "XCT", "XPX", "XBX"} <= codes
    assert len(codes) == len(units())


def test_no_spelling_means_two_units() -> None:
    spellings = [name for each in units() for name in (each.code, *each.synonyms)]
    assert len(spellings) == len(set(spellings))
    assert all(name == name.upper().strip() for name in spellings)
    assert [unit(name) for name in ("PC", "TON", "GAL", "CA", "", "wheelbarrow")] == [None] * 6


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("kg", "KGM"),
        (" Lbs ", "LBR"),
        ("CT", "XCT"),
        ("px", "XPX"),
        ("m", "MTR"),
        ("stück", "H87"),
        ("µm", "4H"),
        ("μm", "4H"),
        ("barleycorn", None),
    ],
)
def test_spellings(spelling: str, code: str | None) -> None:
    found = unit(spelling)
    assert (found and found.code) == code


def test_what_counts_pieces_is_one_unit() -> None:
    assert {same_as(name) for name in ("EA", "each", "C62", "H87", "PCS", "NAR")} == {"EA"}
    assert [same_as(name) for name in ("CS", "XCS", "DZN", "OUTER")] == ["XCS", "XCS", "DZN", "OUTER"]


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("LBR", "GRM", "453.59237"),
        ("ONZ", "GRM", "28.349523125"),
        ("INH", "CMT", "2.54"),
        ("SMI", "KMT", "1.609344"),
        ("GLL", "INQ", "231"),
        ("GLI", "LTR", "4.54609"),
        ("GLI", "OZI", "160"),
        ("GLL", "OZA", "128"),
        ("YDK", "FTK", "9"),
        ("YDQ", "FTQ", "27"),
        ("MTQ", "LTR", "1000"),
        ("LTN", "LBR", "2240"),
        ("GRO", "DZN", "12"),
        ("HAR", "MTK", "10000"),
    ],
)
def test_factors_are_exact(source: str, target: str, factor: str) -> None:
    first, second = unit(source), unit(target)
    assert first is not None
    assert second is not None
    assert ratio(first, second) == Fraction(Decimal(factor))
    assert ratio(second, first) == 1 / Fraction(Decimal(factor))


def test_kinds_never_mix() -> None:
    known = {each.code: each for each in units()}
    assert ratio(known["KGM"], known["LTR"]) is None
    assert ratio(known["XCS"], known["EA"]) is None
    assert ratio(known["XCS"], known["XCS"]) == 1
