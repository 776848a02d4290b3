"""Which records break a key: by namespace, by several fields, by a value that stands nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from lxml import etree

from exchange.checks.xsd_keys import KEY_FAULT, find_records, key_faults

TEXT = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o">
  <xs:element name="Batch">
    <xs:key name="Both"><xs:selector xpath="o:List/o:Order"/><xs:field xpath="@a"/><xs:field xpath="o:B"/></xs:key>
  </xs:element>
</xs:schema>"""
FILE = """<Batch xmlns="urn:o"><List>
<Order a="1"><B>x</B></Order><Order a="1"><B> y </B></Order><Order a="1"><B>x</B></Order><Order/>
</List></Batch>"""


def entry(message: str, type_: int = KEY_FAULT) -> SimpleNamespace:
    return SimpleNamespace(message=message, type=type_)


def records() -> Iterator[etree._Element]:
    yield from etree.fromstring(FILE)[0]


def told(values: str, of: str = "in key identity-constraint '{urn:o}Both'") -> SimpleNamespace:
    return entry(f"Element '{{urn:o}}Order': Duplicate key-sequence [{values}] {of}.")


def test_records_are_found_by_all_fields_of_a_key(tmp_path: Path) -> None:
    (tmp_path / "o.xsd").write_text(TEXT)
    faults = key_faults([told("'1', 'x'"), told("'1', 'x'"), told("'1', 'y'"), told("'9', 'z'"), entry("other", 1871)])
    find_records(tmp_path / "o.xsd", faults, records)

    assert [fault.value for fault in faults] == [("1", "x"), ("1", "y"), ("9", "z")]
    assert [fault.records for fault in faults] == [(0, 2), (1,), ()]
    assert faults[0].reason == "Element 'Order': Duplicate key-sequence ['1', 'x'] in key identity-constraint 'Both'"


def test_a_key_that_no_schema_names_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "o.xsd").write_text(TEXT.replace("Both", "Other"))
    [fault] = key_faults([told("'1', 'x'")])
    find_records(tmp_path / "o.xsd", [fault], records)

    assert fault.records == ()
