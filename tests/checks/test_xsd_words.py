"""The words of `xmlschema`."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from exchange.checks.xsd_words import XsdWords
from exchange.kernel.xmlparser import xml_parser

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a" elementFormDefault="qualified">
<xs:element name="A"><xs:complexType><xs:sequence>
<xs:element name="B" type="xs:positiveInteger" maxOccurs="unbounded"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


def test_at_most_ten_faults_without_namespaces(tmp_path: Path) -> None:
    path = tmp_path / "a.xsd"
    path.write_text(XSD, encoding="utf-8")
    words = XsdWords(path)
    bad = f"<A xmlns='urn:a'>{'<B>0</B>' * 20}</A>".encode()
    told = words.explain(etree.fromstring(bad, xml_parser()))
    assert len(told) == 10
    assert told[0].endswith("B[1]: value must be positive")
    assert "urn:a" not in "".join(told)
    assert words.explain(etree.fromstring(b"<A xmlns='urn:a'><B>1</B></A>", xml_parser())) == ()


def test_an_xsd_may_include_one_of_another_folder(tmp_path: Path) -> None:
    (tmp_path / "main").mkdir()
    (tmp_path / "common").mkdir()
    (tmp_path / "common/types.xsd").write_text(XSD, encoding="utf-8")
    path = tmp_path / "main/a.xsd"
    path.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">'
        '<xs:include schemaLocation="../common/types.xsd"/></xs:schema>',
        encoding="utf-8",
    )

    [told] = XsdWords(path).explain(etree.fromstring(b"<A xmlns='urn:a'><B>0</B></A>", xml_parser()))

    assert told.endswith("value must be positive")
