"""Parsers that look at finished files load nothing and keep nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from exchange.kernel.xmlchecking import checking_parser
from exchange.kernel.xmlparser import pull_parser

SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="o" type="xs:integer"/></xs:schema>'


def test_what_is_well_formed_passes_and_leaves_nothing() -> None:
    parser = checking_parser()
    parser.feed(b"<o><p/>")
    parser.feed(b"</o>")
    assert parser.close() is None
    assert list(parser.feed_error_log) == []


@pytest.mark.parametrize("text", [b"<o>", b"<o></p>", b"<o/><o/>", b"", b"<o>&none;</o>"])
def test_what_is_not_well_formed_raises(text: bytes) -> None:
    parser = checking_parser()

    def read() -> None:
        parser.feed(text)
        parser.close()

    with pytest.raises(etree.XMLSyntaxError):
        read()


@pytest.mark.parametrize(("text", "faults"), [(b"<o>1</o>", 0), (b"<o>one</o>", 1)])
def test_what_the_schema_refuses_is_in_the_log(text: bytes, faults: int) -> None:
    parser = checking_parser(etree.XMLSchema(etree.fromstring(SCHEMA)))
    parser.feed(text)
    parser.close()
    assert len(list(parser.feed_error_log)) == faults


def test_no_entity_of_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary")
    text = f'<!DOCTYPE o [<!ENTITY e SYSTEM "{tmp_path}/secret">]><o>&e;</o>'
    parser = pull_parser(("end",), "o")
    parser.feed(text.encode())
    assert [element.text for _, element in parser.read_events()] == [None]
