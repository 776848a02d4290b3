"""Records checked by an XSD, where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from exchange.checks.xsd import XsdCheck, xsd_mistakes
from exchange.checks.xsd_records import Refusal, XsdRecords
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.xmlparser import xml_parser

SIMPLE = """
<xs:element name="Os"><xs:complexType><xs:sequence>
  <xs:element name="H" minOccurs="0" type="xs:date"/>
  <xs:element name="O" type="O" maxOccurs="unbounded"/><xs:element name="T"/>
</xs:sequence><xs:attribute name="day" type="xs:date"/></xs:complexType>
<xs:unique name="n"><xs:selector xpath="O"/><xs:field xpath="N"/></xs:unique>
</xs:element>
<xs:complexType name="O"><xs:sequence>
  <xs:element name="N" type="xs:positiveInteger"/>
  <xs:element name="L" minOccurs="0" maxOccurs="unbounded">
    <xs:complexType><xs:attribute name="n" type="xs:int" use="required"/></xs:complexType>
  </xs:element>
</xs:sequence></xs:complexType>"""
ONLY_RECORDS = (
    '<xs:element name="O"><xs:complexType><xs:sequence>'
    '<xs:element name="N" type="xs:int"/></xs:sequence></xs:complexType></xs:element>'
)
NEWER = """<xs:element name="O"><xs:complexType><xs:sequence>
  <xs:element name="A" type="xs:int"/><xs:element name="B" type="xs:int"/></xs:sequence>
  <xs:assert test="A lt B"/></xs:complexType></xs:element>"""


def xsd(folder: Path, body: str) -> Path:
    path = folder / "a.xsd"
    path.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{body}</xs:schema>', encoding="utf-8")
    return path


def refusals(path: Path, *documents: str, explained: int = 10) -> list[list[Refusal]]:
    """Return what is refused of the first record of each document."""
    check = XsdRecords(path, "a.xsd", explained).of_file()
    roots = [etree.fromstring(text, xml_parser()) for text in documents]
    return [check(root, root if root.tag == "O" else next(root.iter("O"))) for root in roots]


def test_a_record_is_judged_by_what_is_in_it(tmp_path: Path) -> None:
    good, bad = "<Os><O><N>1</N></O></Os>", "<Os>\n<O>\n<N>x</N>\n<L/></O></Os>"
    found = refusals(xsd(tmp_path, SIMPLE), good, bad)
    assert found[0] == []
    assert found[1] == [
        Refusal(3, "N", "'x' is no xs:positiveInteger"),
        Refusal(4, "L", "missing required attribute 'n'"),
    ]


def test_past_the_cap_libxml2_tells_it(tmp_path: Path) -> None:
    bad = "<Os>\n<O><N>x</N></O></Os>"
    [first, second] = refusals(xsd(tmp_path, SIMPLE), bad, bad, explained=1)
    assert first == [Refusal(2, "N", "'x' is no xs:positiveInteger")]
    assert second == [Refusal(2, "N", "'x' is not a valid value of the atomic type 'xs:positiveInteger'")]


def test_what_may_still_come_is_not_missed_and_what_came_before_is_judged(tmp_path: Path) -> None:
    path = xsd(tmp_path, SIMPLE)
    head = "<Os><H>{}</H><O><N>1</N></O></Os>"
    [good, bad, strange] = refusals(
        path, head.format("2026-01-01"), head.format("today"), "<Os><X/><O><N>1</N></O></Os>"
    )
    assert good == []
    assert [refusal.place for refusal in bad] == ["H"]
    assert [refusal.place for refusal in strange] == ["X"], "behind it nothing would be looked at"
    [attribute] = refusals(path, "<Os day='x'><O><N>1</N></O></Os>")
    assert len(attribute) == 1


def test_a_missing_child_of_the_record_is_the_records_own_fault(tmp_path: Path) -> None:
    [[refusal]] = refusals(xsd(tmp_path, SIMPLE), "<Os><O/></Os>")
    assert (refusal.place, "N" in refusal.reason) == ("O", True)


def test_an_xsd_may_know_the_record_alone(tmp_path: Path) -> None:
    path = xsd(tmp_path, ONLY_RECORDS)
    wrapped = refusals(path, "<Os><O><N>1</N></O></Os>", "<Os><O><N>x</N></O></Os>", "<Os><O><N>2</N></O></Os>")
    assert [[refusal.place for refusal in found] for found in wrapped] == [[], ["N"], []]
    assert [[refusal.place for refusal in found] for found in refusals(path, "<O><N>x</N></O>")] == [["N"]]


def test_an_xsd_that_knows_neither_refuses_everything(tmp_path: Path) -> None:
    [[refusal]] = refusals(xsd(tmp_path, '<xs:element name="Other"/>'), "<Os><O/></Os>", explained=0)
    assert "No matching global declaration" in refusal.reason


def test_version_1_1_is_judged_by_xmlschema(tmp_path: Path) -> None:
    path = xsd(tmp_path, NEWER)
    [good, bad] = refusals(path, "<O><A>1</A><B>2</B></O>", "<O>\n<A>2</A><B>1</B></O>")
    assert good == []
    assert [(refusal.line, refusal.place) for refusal in bad] == [(1, "O")]
    assert xsd_mistakes(path) == []
    check = XsdCheck(path)
    assert check.validate(b"<O><A>1</A><B>2</B></O>") == ()
    assert len(check.validate(b"<O><A>2</A><B>1</B></O>")) == 1


def test_a_schema_of_version_1_1_with_a_mistake_is_told(tmp_path: Path) -> None:
    path = xsd(tmp_path, NEWER.replace("xs:int", "xs:imt"))
    with pytest.raises(ConfigurationError, match="imt"):
        XsdRecords(path, "a.xsd", 10)
    assert xsd_mistakes(path, "a.xsd")


def test_where_xmlschema_does_not_take_the_schema_libxml2_has_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ConfigurationError("not for me")

    path = xsd(tmp_path, SIMPLE)
    monkeypatch.setattr("exchange.checks.xsd_words.XsdWords.__init__", refuse)
    [[refusal]] = refusals(path, "<Os><O><N>x</N></O></Os>")
    assert refusal.reason.startswith("'x' is not a valid value")


def test_lines_are_right_past_the_65535th(tmp_path: Path) -> None:
    lines = "\n" * 70_000
    [told] = refusals(xsd(tmp_path, SIMPLE), f"<Os>{lines}<O>\n<N>x</N>\n</O></Os>", explained=0)
    assert [refusal.line for refusal in told] == [70_002]
