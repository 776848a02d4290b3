"""What is no workbook, or no workbook to be opened, is told before any of it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.formats.xlsx import opening
from exchange.formats.xlsx.opening import Extent, look, refusal
from exchange.kernel.problems import Problem
from tests.formats.xlsx.books import archive, changed, encrypted, messy, plain, sheet

SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    assert refusal(encrypted(tmp_path / "x.xlsx"), "m") == Problem("WORKBOOK_ENCRYPTED")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format"),
        (b"<html><table><tr><td>no</td></tr></table></html>", "no zip archive"),
        (b"a,b\n1,2\n", "no zip archive"),
        (b"PK\x03\x04 cut off", "damaged"),
        (archive(readme=b"x"), "without sheets"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    found = refusal(tmp_path / "x.xlsx", "mappings/x.yaml")
    assert found is not None
    assert found.code == "NOT_THIS_FORMAT"
    assert words in found.message


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = messy(tmp_path / "x.xlsx")
    assert refusal(path, "m") is None
    monkeypatch.setattr(opening, "WORKBOOK_BYTES", 1000)
    found = refusal(path, "m")
    assert found is not None
    assert found.code == "WORKBOOK_TOO_LARGE"


def test_a_cell_in_the_farthest_corner(tmp_path: Path) -> None:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"><v>1</v></c></row>'
    path = changed(messy(tmp_path / "a.xlsx"), tmp_path / "x.xlsx", SHEET, sheet(cells))
    found = look(path, "m")
    assert isinstance(found, Problem)
    assert found.code == "WORKBOOK_TOO_LARGE"
    assert "1048576 rows by 16384 columns" in found.message


def test_failed_formulas_are_known_by_sheet(tmp_path: Path) -> None:
    found = look(messy(tmp_path / "x.xlsx"), "m")
    assert isinstance(found, Extent)
    assert found.failed == {"Orders": frozenset({"E9"}), "Old": frozenset()}


def test_names_of_sheets_are_read_as_they_are_meant(tmp_path: Path) -> None:
    found = look(plain(tmp_path / "x.xlsx", ("A & B", [[1]]), ("it's", [[2]])), "m")
    assert isinstance(found, Extent)
    assert set(found.failed) == {"A & B", "it's"}


def test_a_damaged_member(tmp_path: Path) -> None:
    path = messy(tmp_path / "x.xlsx")
    data = bytearray(path.read_bytes())
    at = data.find(SHEET.encode()) + len(SHEET) + 40
    data[at : at + 40] = b"\0" * 40
    path.write_bytes(data)
    found = look(path, "m")
    assert isinstance(found, Problem)
    assert (found.code, "damaged" in found.message) == ("NOT_THIS_FORMAT", True)
