"""Fixed width: fields by the gaps between them, or a ruler."""

from __future__ import annotations

from exchange.infer.ruler import guess, is_fixed, masked, ruler

PLAIN = ["SKU-1  HAM   120 ", "SKU-22 LYO     7 ", "SKU-3  HAM  1000 "]


def test_fields_begin_behind_gaps() -> None:
    widths = guess(PLAIN)

    assert widths is not None
    assert [(field.name, field.start, field.length) for field in widths.fields] == [
        ("field_1", 1, 7),
        ("field_2", 8, 5),
        ("field_3", 13, 5),
    ]
    assert not widths.named


def test_a_heading_names_them() -> None:
    widths = guess(["ITEM   WHSE  QTY ", *PLAIN])

    assert widths is not None
    assert [(field.name, field.start) for field in widths.fields] == [("ITEM", 1), ("WHSE", 8), ("QTY", 13)]
    assert (widths.heading, widths.named) == ("ITEM", True)


def test_records_of_several_types_and_without_gaps_are_for_a_person() -> None:
    assert guess(["H20260304SHOP1", "K00000120260304", "P000001SKU0000010"]) is None
    assert guess(["0000012026", "0000022027"]) is None


def test_what_fixed_width_looks_like() -> None:
    assert is_fixed(PLAIN)
    assert is_fixed(["H1234567", "P1234567890"] * 3)
    assert not is_fixed(["a", "b"])
    assert not is_fixed(["some words", "of many", "different lengths here", "and there, too"])


def test_the_ruler_counts_from_one() -> None:
    assert ruler(PLAIN[:1]).splitlines() == ["        10        20", "12345678901234567890", "SKU-1  HAM   120 "]


def test_a_line_is_shown_without_what_it_says() -> None:
    assert masked("ORDMara Lind  Große Straße 7") == "ORDxxxx xxxx  xxxxx xxxxxx 9"


def test_a_heading_may_be_longer_than_the_rows() -> None:
    found = guess(["ITEM    QTY  UNIT\n", "TEA-1     2  EA\n", "MUG-1    10  EA\n"])

    assert found is not None
    assert [(field.name, field.start, field.length) for field in found.fields] == [
        ("ITEM", 1, 8),
        ("QTY", 9, 5),
        ("UNIT", 14, 2),
    ]
