"""Cells that show something else than their number: known by their style, wherever the styles and the cells stand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from exchange.formats.xlsx import shown as module
from exchange.formats.xlsx.numberformat import number_format
from exchange.formats.xlsx.opening import look
from exchange.formats.xlsx.shown import ShownCells, shown_otherwise
from exchange.kernel.problems import Problem
from tests.formats.xlsx.books import changed, formatted, plain, sheet

STYLES = "xl/styles.xml"
SHEET = "xl/worksheets/sheet1.xml"


def formats(path: Path) -> dict[int, str]:
    with zipfile.ZipFile(path) as archive:
        return {style: found.code for style, found in shown_otherwise(archive).items()}


def test_styles_are_read_of_the_workbook(tmp_path: Path) -> None:
    found = formats(formatted(tmp_path / "x.xlsx"))
    assert set(found.values()) == {"00000", "000-0", "0%", '#,##0,"k"'}
    assert formats(plain(tmp_path / "y.xlsx", ("A", [[1]]))) == {}


def test_cells_are_found_by_row_in_any_order() -> None:
    zeros = number_format("00000")
    assert zeros is not None
    cells = ShownCells({0: zeros, 2: zeros})
    cells.take(b'<c r="B3" s="2">', 2, 3)
    cells.take(b'<c r="A1">', 1, 1)
    cells.take(b'<c r="C1" s="2" t="n">', 3, 1)
    cells.take(b'<c r="D1" s="2" t="s">', 4, 1)
    cells.take(b'<c r="E1" s="1">', 5, 1)
    assert [column for column, _ in cells.of(1)] == [0, 2]
    assert [column for column, _ in cells.of(3)] == [1]
    assert list(cells.of(2)) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<styleSheet", "its styles are no XML"),
        (b'<!DOCTYPE s [<!ENTITY a "b">]><styleSheet>&a;</styleSheet>', ""),
        (b"<styleSheet>" + b" " * 300 + b"</styleSheet>", "its styles have 325 bytes"),
    ],
)
def test_styles_that_are_none(tmp_path: Path, content: bytes, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORKBOOK_STYLES_BYTES", 300)
    found = look(changed(formatted(tmp_path / "a.xlsx"), tmp_path / "x.xlsx", STYLES, content), "m")
    assert isinstance(found, Problem) is bool(said)
    assert not isinstance(found, Problem) or said in found.message


def test_a_cell_without_its_place_is_not_guessed(tmp_path: Path) -> None:
    with zipfile.ZipFile(formatted(tmp_path / "a.xlsx")) as archive:
        style = next(iter(shown_otherwise(archive)))
    cells = b'<row r="1"><c s="%d"><v>1</v></c></row>' % style
    found = look(changed(tmp_path / "a.xlsx", tmp_path / "x.xlsx", SHEET, sheet(cells)), "m")
    assert isinstance(found, Problem)
    assert "do not say where they stand" in found.message
