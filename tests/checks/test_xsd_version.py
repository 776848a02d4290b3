"""Which version an XSD is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.checks.xsd_version import is_newer

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
VC = 'xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning"'


@pytest.mark.parametrize(
    ("text", "newer"),
    [
        (f"<xs:schema {XS}/>", False),
        (f'<xs:schema {XS} {VC} vc:minVersion="1.0"/>', False),
        (f'<xs:schema {XS} {VC} vc:minVersion="1.1"/>', True),
        (f'<xs:schema {XS}><xs:complexType name="a"><xs:assert test="@b"/></xs:complexType></xs:schema>', True),
        ("<broken", False),
    ],
)
def test_version(tmp_path: Path, text: str, *, newer: bool) -> None:
    path = tmp_path / "a.xsd"
    path.write_text(text, encoding="utf-8")
    assert is_newer(path) is newer


def test_a_file_that_is_not_there_is_told_by_who_compiles_it(tmp_path: Path) -> None:
    assert not is_newer(tmp_path / "none.xsd")
