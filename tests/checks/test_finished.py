"""Reading a finished file once more: what is missing, what was cut, and what only the whole file breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.checks import finished as module
from exchange.checks.finished import FinishedXml
from exchange.checks.xsd import XsdCheck
from exchange.kernel.pipeline import Finished, Unfit

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Orders">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="Total" type="xs:integer" minOccurs="0"/>
        <xs:element name="Order" minOccurs="0" maxOccurs="%s">
          <xs:complexType mixed="true">
            <xs:sequence><xs:element name="Order" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
            <xs:attribute name="n"/><xs:attribute name="i" type="xs:integer"/>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
    %s
  </xs:element>
</xs:schema>"""
UNIQUE = '<xs:unique name="u"><xs:selector xpath="Order"/><xs:field xpath="@n"/></xs:unique>'
Check = Callable[..., tuple[Unfit, ...]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return a function that checks a file of these records."""

    def run(
        *records: str, said: int | None = None, header: str = "<Orders>", footer: str = "</Orders>", **rules: str
    ) -> tuple[Unfit, ...]:
        path, xsd = tmp_path / "file.xml", tmp_path / "orders.xsd"
        path.write_text(header + "".join(records) + footer)
        xsd.write_text(XSD % (rules.get("most", "unbounded"), rules.get("key", "")))
        first = "<Order/>" if not records else records[0]
        expected = Finished(len(records) if said is None else said, header.encode(), first.encode(), footer.encode())
        return FinishedXml(XsdCheck(xsd), xsd, "orders.xsd").check(path, expected)

    return run


def orders(count: int) -> list[str]:
    return [f'<Order n="{number}">text</Order>\n' for number in range(count)]


@pytest.mark.parametrize("block", [7, 64, 1 << 20])
def test_a_whole_file_is_fine(check: Check, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(module, "_BLOCK", block)
    assert check(*orders(40)) == ()


@pytest.mark.parametrize("said", [39, 41])
def test_a_record_too_few_or_too_many(check: Check, said: int) -> None:
    assert check(*orders(40), said=said) == (Unfit(f"{said} documents were written, but it holds 40 elements Order"),)


def test_only_elements_at_the_place_of_the_record_count(check: Check) -> None:
    """The same name further in, in a comment and in a CDATA section is no record."""
    record = '<Order n="1"><Order/><Order n="2"/><!-- <Order> --><![CDATA[<Order>]]></Order>'
    assert check(record, record) == ()


def test_a_record_is_known_by_its_namespace_and_place(tmp_path: Path) -> None:
    xsd = tmp_path / "o.xsd"
    xsd.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o" elementFormDefault="qualified">'
        '<xs:element name="Orders"><xs:complexType><xs:sequence><xs:any maxOccurs="unbounded" processContents="skip"/>'
        "</xs:sequence></xs:complexType></xs:element></xs:schema>"
    )
    path = tmp_path / "o.xml"
    header, first, footer = b'<o:Orders xmlns:o="urn:o"><o:Batch/>', b"<o:Order/>", b"</o:Orders>"
    path.write_bytes(header + first + b"<o:Order></o:Order>" + footer)
    assert FinishedXml(XsdCheck(xsd), xsd, "o.xsd").check(path, Finished(2, header, first, footer)) == ()


def test_a_file_that_is_cut_short_is_not_well_formed(check: Check, tmp_path: Path) -> None:
    assert check(*orders(3)) == ()
    path, xsd = tmp_path / "file.xml", tmp_path / "orders.xsd"
    path.write_bytes(path.read_bytes()[:-3])
    expected = Finished(3, b"<Orders>", orders(3)[0].encode(), b"</Orders>")
    [fault] = FinishedXml(XsdCheck(xsd), xsd, "orders.xsd").check(path, expected)
    assert fault.reason
    assert not fault.by_design


def test_a_second_root_follows_from_how_the_file_is_made(check: Check) -> None:
    [fault] = check("<Orders/>\n", "<Orders/>\n", header="", footer="")
    assert "Extra content" in fault.reason
    assert fault.by_design


def test_values_that_are_one_number_are_one_value(check: Check) -> None:
    key = UNIQUE.replace("@n", "@i")
    [fault] = check('<Order i="07"/>', '<Order i="8"/>', '<Order i="7"/>', key=key)
    assert fault.entries == (0, 2)


def test_the_header_is_validated(check: Check) -> None:
    [fault] = check(*orders(2), header="<Orders><Total>many</Total>")
    assert fault.reason.startswith("Orders/Total: ")
    assert fault.by_design


def test_a_key_over_all_records_is_checked(check: Check) -> None:
    assert check(*orders(200), key=UNIQUE) == ()
    [fault] = check(*orders(200), '<Order n="7"/>', key=UNIQUE)
    assert fault == Unfit("Element 'Order': Duplicate key-sequence ['7'] in unique identity-constraint 'u'", (7, 200))


def test_a_limit_on_how_many_records_there_are_is_checked(check: Check) -> None:
    assert check(*orders(3), most="3") == ()
    [fault] = check(*orders(4), most="3")
    assert "not expected" in fault.reason
    assert (fault.entries, fault.by_design) == ((), True)


def test_a_template_that_writes_no_element_is_told(check: Check) -> None:
    assert check("<!-- nothing -->") == (Unfit("the block `record` writes no element", by_design=True),)
