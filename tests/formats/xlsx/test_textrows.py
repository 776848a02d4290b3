"""Every text comes back from a cell as it was, by the reader of the product, whatever characters it has."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import python_calamine as calamine
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from exchange.formats.xlsx.textrows import TextRows, escaped

HARD = (
    " leading",
    "trailing ",
    "  ",
    "\ttab\t",
    "line\nbreak\n",
    "return\r\nand\rmore",
    "_x000D_",
    "_x000D_x000D_",
    "_x005F_x000d_ _X000D_ _x00_",
    "bell\x07 nul\x00 esc\x1b del\x7f",
    "\x85 \x9f \u2028 \ufeff",
    "&amp; <b>]]></b> \"quoted\" 'so'",
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "00123",
    "4.00638E+12",
    "3-4",
    "TRUE",
    "😀👩\u200d👩\u200d👧 🇩🇪",
    "Ü ß ł 漢字 עברית",
)
_STYLES = {(bad, first): f"{2 * bad + first}" for bad in (False, True) for first in (False, True)}
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(tmp_path: Path, rows: list[str]) -> list[list[object]]:
    """Return what the reader sees in a workbook of such rows."""
    empty, target = io.BytesIO(), tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(empty) as made:
        made.add_worksheet("A")
    with zipfile.ZipFile(empty) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            filled = f"<sheetData>{''.join(rows)}</sheetData>".encode()
            new.writestr(name, data.replace(b"<sheetData/>", filled) if "sheet1.xml" in name else data)
    with calamine.CalamineWorkbook.from_path(str(target)) as book:
        return [list(row) for row in book.get_sheet_by_name("A").to_python()]


def test_hard_texts_come_back(tmp_path: Path) -> None:
    made = TextRows.of(len(HARD), _STYLES).row(1, [escaped(text) for text in HARD])
    assert read(tmp_path, [made]) == [list(HARD)]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    made = TextRows.of(5, _STYLES).row(1, ["begin", *(escaped(text) for text in texts), "end"])
    assert read(tmp_path_factory.mktemp("any"), [made]) == [["begin", *texts, "end"]]


def test_styles_and_places() -> None:
    rows = TextRows.of(28, _STYLES)
    cells = ["a", "", *[""] * 25, "z"]
    plain, first = rows.row(2, cells, {27: ""}), rows.row(1_048_576, cells, {1: ""}, first=True)

    def shown(text: str) -> list[tuple[str | None, str | None, str]]:
        return [(cell.get("r"), cell.get("s"), "".join(map(str, cell.itertext()))) for cell in etree.fromstring(text)]

    assert shown(plain) == [("A2", "0", "a"), ("AB2", "2", "z")]
    assert len(shown(first)) == 28, "what begins a document has a line above it all along"
    assert shown(first)[:3] == [("A1048576", "1", "a"), ("B1048576", "3", ""), ("C1048576", "1", "")]
    assert shown(first)[27] == ("AB1048576", "1", "z")
