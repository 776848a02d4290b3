"""Paths with a `*`: what they stand for is looked up in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.formats.xml.patterns import names_in, pattern
from exchange.formats.xml.shape import Shape
from exchange.kernel.xmlpath import PathFault

SHAPE = Shape(("Os", "O"), "/Os/O", "m.yaml")
FILE = """<Os xmlns:x="urn:x"><item_9/>
<O a_1="x"><item_2/><item_10/><L><item_1/><x:item_1/></L></O>
<O a_2="y" b="z"><item_1/><Item_3/><item_/></O></Os>"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("item_*", ["item_", "item_1", "item_2", "item_10"]),
        ("L/item_*", ["L/item_1"]),
        ("L/x:*_1", ["L/x:item_1"]),
        ("@a_*", ["@a_1", "@a_2"]),
        ("No/item_*", []),
    ],
)
def test_names_are_those_of_all_records_in_natural_order(tmp_path: Path, text: str, found: list[str]) -> None:
    (tmp_path / "x.xml").write_text(FILE)
    assert names_in(tmp_path / "x.xml", SHAPE, [pattern(text, {"x": "urn:x"})]) == found


@pytest.mark.parametrize("text", ["item", "*/item", "i*m_*", "/Os/O/item_*", "y:item_*"])
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(PathFault):
        pattern(text, {})
