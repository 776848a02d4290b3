"""Which element or attribute stands at a place of rendered text."""

from __future__ import annotations

from lxml import etree

from exchange.formats.xml.at import at, held, named

TEXT = """<?xml version="1.0"?>
<!-- <Sku>not this</Sku> -->
  <Order action="new" note='a > b'>
    <Sku>A&amp;B&#13;</Sku><Empty/>
    <Line><Sku><![CDATA[<x>]]></Sku></Line>
    <Line n="2" x="a&#9;b&#10;c">before<Sku>C</Sku>behind</Line>
  </Order>
"""


def path_at(marker: str, plus: int = 0) -> str | None:
    found = at(TEXT, TEXT.index(marker) + plus)
    return None if found is None else found.path


def test_the_innermost_one_is_meant() -> None:
    assert path_at("A&amp;") == "/Order/Sku"
    assert path_at("<Empty/>") == "/Order/Empty"
    assert path_at("C</Sku>") == "/Order/Line[2]/Sku"
    assert path_at("behind") == "/Order/Line[2]"
    assert path_at('n="2"') == "/Order/Line[2]/@n"
    assert path_at("a > b") == "/Order/@note"
    assert path_at("</Order>") == "/Order"
    assert path_at("not this") is None
    assert path_at("<?xml") is None


def test_texts_are_those_a_parser_reads() -> None:
    found = {each.path: each.text for each in held(TEXT)}
    root = etree.fromstring(TEXT.encode())

    assert found["/Order/Sku"] == root.findtext("Sku")
    assert found["/Order/Line/Sku"] == "<x>"
    assert found["/Order/@note"] == root.get("note")
    assert found["/Order/Line[2]"] == "beforebehind"
    assert found["/Order/Empty"] == ""


def test_by_name_within_a_stretch() -> None:
    begin = TEXT.index("    <Line n")

    found = named(TEXT, "Sku", (begin, begin + 40))

    assert found is not None
    assert (found.path, found.name) == ("/Order/Line[2]/Sku", "Sku")
    attribute = named(TEXT, "@n", (begin, begin + 40))
    assert attribute is not None
    assert attribute.text == "2"
    assert named(TEXT, "Nothing", (0, len(TEXT))) is None
