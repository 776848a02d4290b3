"""XSD checking: what is refused, in which words, and what a hostile document can not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.checks.xsd import XsdCheck, xsd_mistakes
from exchange.kernel.errors import ConfigurationError

XSD = """<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
<xs:element name="Orders"><xs:complexType><xs:sequence>
<xs:element name="Order" maxOccurs="unbounded" minOccurs="0"><xs:complexType><xs:sequence>
<xs:element name="Name"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction>
</xs:simpleType></xs:element>
<xs:element name="Qty" type="xs:positiveInteger"/>
</xs:sequence><xs:attribute name="part" use="required" type="xs:int"/></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""


@pytest.fixture(name="check")
def _check(tmp_path: Path) -> XsdCheck:
    path = tmp_path / "orders.xsd"
    path.write_text(XSD, encoding="utf-8")
    return XsdCheck(path)


def order(inside: str, attributes: str = 'part="1"') -> bytes:
    return f"<Orders><Order {attributes}>{inside}</Order></Orders>".encode()


def test_a_valid_document_has_no_messages(check: XsdCheck) -> None:
    assert check.validate(order("<Name>abcde</Name><Qty>1</Qty>")) == ()
    assert check.explain(order("<Name>abcde</Name><Qty>1</Qty>")) == ()


def test_each_fault_is_named_once_with_its_place(check: XsdCheck) -> None:
    assert check.validate(order("<Name>abcdefgh</Name><Qty>0</Qty>")) == (
        "Orders/Order/Name: The value has a length of '8'; this exceeds the allowed maximum length of '5'",
        "Orders/Order/Qty: '0' is not a valid value of the atomic type 'xs:positiveInteger'",
    )


def test_missing_and_wrong_attributes(check: XsdCheck) -> None:
    good = "<Name>a</Name><Qty>1</Qty>"
    assert check.validate(order(good, "")) == ("Orders/Order: The attribute 'part' is required but missing",)
    [message] = check.validate(order(good, 'part="x"'))
    assert message == "Orders/Order/@part: 'x' is not a valid value of the atomic type 'xs:int'"


def test_the_plainer_words(check: XsdCheck) -> None:
    assert check.explain(order("<Name>abcdefgh</Name><Qty>1</Qty>")) == (
        "Orders/Order/Name: value length cannot be greater than 5",
    )


def test_namespaces_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "orders.xsd"
    path.write_text(XSD.replace("elementForm", 'targetNamespace="urn:w" elementForm'), encoding="utf-8")
    check = XsdCheck(path)
    document = b"<w:Orders xmlns:w='urn:w'><w:Order part='1'><w:Name>abc</w:Name><w:Nr>0</w:Nr></w:Order></w:Orders>"
    assert check.validate(document) == ("Orders/Order/Nr: This element is not expected. Expected is ( Qty )",)
    default = document.replace(b"w:O", b"O").replace(b"w:N", b"N").replace(b"xmlns:w", b"xmlns")
    assert check.validate(default) == ("Nr: This element is not expected. Expected is ( Qty )",)


def test_not_well_formed(check: XsdCheck) -> None:
    [message] = check.validate(b"<Orders><Order></Orders>")
    assert message.startswith("not well-formed XML: Opening and ending tag mismatch")
    assert check.explain(b"") == check.validate(b"")
    assert check.validate(b"")[0].startswith("not well-formed XML: ")


def test_entities_are_refused_and_nothing_is_loaded(check: XsdCheck, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("abc", encoding="utf-8")
    bomb = b"<!DOCTYPE Orders [<!ENTITY a 'b'>]>" + order("<Name>&a;</Name><Qty>1</Qty>")
    assert check.validate(bomb) == ("the document declares entities",)
    outside = f"<!DOCTYPE Orders [<!ENTITY a SYSTEM '{tmp_path}/secret'>]>".encode() + order("<Name>&a;</Name>")
    assert check.validate(outside) == ("the document declares entities",)
    plain = b"<!DOCTYPE Orders SYSTEM 'http://127.0.0.1:9/x.dtd'>" + order("<Name>a</Name><Qty>1</Qty>")
    assert check.validate(plain) == ()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (XSD.replace("positiveInteger", "positivInteger"), 7, "does not resolve to a(n) type definition"),
        (XSD.replace("xs:maxLength", "xs:maxLen"), 5, "The content is not valid"),
        (XSD.replace("</xs:schema>", ""), 11, "not well-formed XML"),
        ("<a/>", 0, "not an XML schema"),
    ],
)
def test_mistakes_in_the_schema_have_lines(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = tmp_path / "bad.xsd"
    path.write_text(text, encoding="utf-8")
    [mistake] = xsd_mistakes(path, "mappings/schemas/bad.xsd")
    assert (mistake.file, mistake.line) == ("mappings/schemas/bad.xsd", line)
    assert what in mistake.what
    with pytest.raises(ConfigurationError):
        XsdCheck(path)


def test_a_missing_schema(tmp_path: Path) -> None:
    [mistake] = xsd_mistakes(tmp_path / "none.xsd", "none.xsd")
    assert (mistake.file, mistake.what) == ("none.xsd", "the schema cannot be read")
