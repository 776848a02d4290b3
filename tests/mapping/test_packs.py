"""Pack tables: one spelling for each unit, and lines that contradict each other."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa
import pytest

from exchange.kernel.table import Table
from exchange.mapping.packs import mixed, one_spelling, packs_of
from exchange.mapping.spec import ArgumentError


def table(*rows: tuple[str, str, str]) -> Table:
    names = ("item_number", "unit", "quantity")
    return Table("packs", names, {name: pa.array([row[at] for row in rows]) for at, name in enumerate(names)})


def test_two_names_of_one_unit_must_agree() -> None:
    assert packs_of(table(("1", "CS", "12"), ("1", "case", "12"))).sizes.tolist() == [12]
    with pytest.raises(ArgumentError, match="1, XCS in item_number, unit on several lines"):
        packs_of(table(("1", "CS", "12"), ("1", "case", "10")))


def test_ratios() -> None:
    packs = packs_of(table(("1", "CS", "12"), ("1", "PAL", "480"), ("2", "EA", "20"), ("2", "M", "1")))
    assert packs.ratio("1", "XPX", "XCS") == 40
    assert packs.ratio("1", "DZN", "XCS") == 1
    assert packs.ratio("2", "CMT", "EA") == Fraction(1, 2000)
    assert packs.ratio("1", "XBX", "EA") is None
    assert packs.ratio(None, "KGM", "GRM") == 1000


def test_spellings_and_kinds() -> None:
    assert one_spelling(pa.array(["CS", None, "case", "OUTER"])).to_pylist() == ["XCS", None, "XCS", "OUTER"]
    assert mixed("KGM", "MTR")
    assert mixed("KGM", "EA")
    assert not mixed("KGM", "CS")
    assert not mixed("OUTER", "EA")
