"""Which schemas have rules that only a whole file can break."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.checks.xsd_whole import rules_of_whole_files

HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
KEY = '<xs:key name="k"><xs:selector xpath="*"/><xs:field xpath="@n"/></xs:key>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<xs:element name="Orders"/>', False),
        (f'<xs:element name="Orders">{KEY}</xs:element>', True),
        (f'<xs:element name="Lines">{KEY}</xs:element>', False),
        ('<xs:element name="Order" maxOccurs="unbounded"/>', False),
        ('<xs:element name="Order" maxOccurs="500"/>', True),
        ('<xs:element name="Order"/>', True),
        ('<xs:any maxOccurs="2"/>', True),
        ('<xs:any maxOccurs="unbounded"/>', False),
        ('<xs:element ref="o:Order" minOccurs="2" maxOccurs="unbounded"/>', True),
        ('<xs:element name="Line" maxOccurs="500"/>', False),
        ('<xs:choice maxOccurs="9"/>', True),
        ('<xs:include schemaLocation="not-there.xsd"/>', True),
        ('<xs:import schemaLocation="http://example.com/far.xsd"/>', True),
        ('<xs:include schemaLocation="keys.xsd"/>', True),
        ('<xs:include schemaLocation="o.xsd"/>', False),
    ],
)
def test_rules(tmp_path: Path, text: str, expected: bool) -> None:
    (tmp_path / "keys.xsd").write_text(f'{HEAD}<xs:element name="Orders">{KEY}</xs:element></xs:schema>')
    path = tmp_path / "o.xsd"
    path.write_text(f"{HEAD.replace('>', ' xmlns:o=' + chr(34) + 'urn:o' + chr(34) + '>')}{text}</xs:schema>")
    assert rules_of_whole_files(path, "{urn:o}Order", ("{urn:o}Orders",)) is expected


def test_a_record_that_is_the_file_has_no_rules_around_it(tmp_path: Path) -> None:
    assert rules_of_whole_files(tmp_path / "not-there.xsd", "{urn:o}Order", ()) is False


def test_the_starter_schema_has_none() -> None:
    root = Path(__file__).parents[2]
    assert rules_of_whole_files(root / "mappings/schemas/wms_orders.xsd", "Order", ("Orders",)) is False
