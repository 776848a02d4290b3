"""The parser factory: locked down, alone, and right about lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from exchange.kernel.xmlparser import declared_entities, line_of, pull_parser, xml_parser

PRODUCT = Path(__file__).parents[2] / "exchange"
FACTORIES = {"xmlparser.py", "xmlchecking.py"}


def test_nothing_else_makes_parsers_or_parses_by_the_defaults_of_lxml() -> None:
    made = re.compile(r"etree\.(XMLParser|XMLPullParser|iterparse|HTMLParser)\(")
    parsed = re.compile(r"etree\.(parse|fromstring|XML)\((?!.*xml_parser\(\)\))")
    for path in PRODUCT.rglob("*.py"):
        if path.name not in FACTORIES:
            text = path.read_text(encoding="utf-8")
            assert not made.search(text), path
            assert not [line for line in text.splitlines() if parsed.search(line)], path


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    text = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}"><!ENTITY c "twice">]><a>&b;&c;</a>'
    root = etree.fromstring(text.encode(), xml_parser())
    assert "hidden" not in etree.tostring(root, method="text", encoding="unicode")
    assert declared_entities(root) == ["b", "c"]
    assert declared_entities(etree.fromstring(b"<a/>", xml_parser())) == []


def test_a_dtd_is_not_loaded_not_even_one_of_this_machine(tmp_path: Path) -> None:
    dtd = tmp_path / "a.dtd"
    dtd.write_text("<!ENTITY b 'hidden'><!ATTLIST a c CDATA 'hidden'>", encoding="utf-8")
    text = f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a>&b;</a>'.encode()
    for parser in (xml_parser(), pull_parser(("pi",)), pull_parser(("start",))):
        parser.feed(text)
        root = parser.close()
        assert "hidden" not in etree.tostring(root, encoding="unicode")
        assert root[0].text == "&b;"


def test_only_the_factories_know_a_setting_that_loads_dtds_after_all() -> None:
    for path in PRODUCT.rglob("*.py"):
        assert "collect_ids=" not in path.read_text(encoding="utf-8").replace("`collect_ids=False`", ""), path


@pytest.mark.parametrize("row", ["<r><a>x</a></r>\n", "<r>\n<a>x</a>\n</r>\n", "<r/>\n", "<r>\n\n\n<a/></r>\n"])
def test_lines_are_right_past_the_65535th(row: str) -> None:
    count = 40_000
    text = f"<rs>\n{row * count}</rs>"
    parser = pull_parser(("pi",))
    parser.feed(text.encode())
    root = parser.close()
    lines = row.count("\n")
    assert [line_of(record) for record in root] == [2 + number * lines for number in range(count)]
