"""Copies of a record's ancestors."""

from __future__ import annotations

from lxml import etree

from exchange.formats.xml.places import Level, place_of
from exchange.kernel.xmlparser import xml_parser


def test_a_place_is_a_copy_with_what_stands_before_the_records() -> None:
    root = etree.fromstring(b"<f:File xmlns:f='urn:f' day='mo'><Head>x</Head><Batch/></f:File>", xml_parser())
    levels = [Level(root, 0, [root[0]]), Level(root[1], 3)]
    place = place_of(levels)
    assert etree.tostring(place.root) == b'<f:File xmlns:f="urn:f" day="mo"><Head>x</Head><Batch/></f:File>'
    assert (place.ids, [len(head) for head in place.heads]) == ([0, 3], [1, 0])
    assert place.levels[0] is not root
    assert len(root) == 2
