"""The first rows of each sheet."""

from __future__ import annotations

from pathlib import Path

from exchange.formats.xlsx.glance import glances
from tests.formats.xlsx.books import archive, encrypted, messy


def test_sheets_begin_with_row_1_and_tell_whether_they_are_shown(tmp_path: Path) -> None:
    found = glances(messy(tmp_path / "x.xlsx"), 4)

    assert not isinstance(found, str)
    assert [(each.name, each.visible) for each in found] == [("Orders", True), ("Old", False)]
    rows = [tuple(filter(None, row)) for row in found[0].rows]
    assert rows == [
        ("Orders of March",),
        (),
        ("no", "date", "sku", "qty", "price", "flag"),
        ("0012", "2026-03-04", "A", "2", "4.5", "true"),
    ]
    assert found[1].rows == ()


def test_what_is_no_workbook_says_why(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(archive(readme=b"x"))

    assert glances(tmp_path / "x.zip", 4) == "it is a zip archive without sheets"
    assert "password" in str(glances(encrypted(tmp_path / "y.xlsx"), 4))
