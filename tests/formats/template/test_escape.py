"""Escaped columns read back as what they were."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import escape

from exchange.formats.template.escape import attributes_kept, escaped, illegal, with_breaks, with_returns
from exchange.kernel.xmlparser import xml_parser

legal = st.text(st.sampled_from("a<>&\"'\r\n\t]ß😀 "), max_size=6)


@given(st.lists(st.one_of(st.none(), legal), max_size=10))
@settings(max_examples=60, deadline=None)
def test_an_xml_parser_reads_the_same_text(cells: list[str | None]) -> None:
    column = escaped(pa.array([None, *cells], pa.string()).slice(1))
    assert [cell is None for cell in column.to_pylist()] == [cell is None for cell in cells]
    for cell, text in zip(cells, column.to_pylist(), strict=True):
        if cell is not None:
            assert etree.fromstring(f"<a>{text}</a>".encode(), xml_parser()).text == (cell or None)
            assert text == str(escape(cell)).replace("\r", "&#13;")


def test_a_column_without_special_characters_is_not_copied() -> None:
    column = pa.array(["a", None])
    assert escaped(column) is column


def test_carriage_returns_are_noticed() -> None:
    assert with_returns(pa.array(["a", None, "b\r"]))
    assert not with_returns(pa.array(["a\n", None]))
    assert not with_returns(pa.array([], pa.string()))


def test_breaks_in_attributes_are_references_and_stay_in_texts() -> None:
    values = pa.array(["a\tb\n<'\">\r", "plain", None])
    texts = pc.binary_join_element_wise("<x y='1' n=\"", escaped(values), "\"\n z='>\t'>", escaped(values), "</x>", "")
    assert with_breaks(values).tolist() == [True, False, False]
    first, second, _ = attributes_kept(texts, with_breaks(values)).to_pylist()
    read = etree.fromstring(first.encode(), xml_parser())
    assert (read.get("n"), read.get("z"), read.text) == (values[0].as_py(), ">\t", values[0].as_py())
    assert first.endswith(">a\tb\n&lt;&#39;&#34;&gt;&#13;</x>")
    assert second == texts[1].as_py(), "what a template itself writes is left alone"


def test_every_character_that_xml_forbids_is_found() -> None:
    forbidden = [chr(code) for code in range(32) if chr(code) not in "\t\n\r"] + ["\ufffe", "\uffff"]
    column = pa.array(["ok", None, *[f"x{character}" for character in forbidden], "\x7f\ufffd"])
    found = illegal("Name", column, None, "wms")
    assert [failure.value for failure in found] == [f"x{character}" for character in forbidden]
    assert (found[0].row, found[0].detail) == (2, {"character": "U+0000", "target": "wms"})
    [failure] = illegal("Text", pa.array(["a", "\x00"]), np.array([4, 7]), "wms")
    assert failure.row == 7
