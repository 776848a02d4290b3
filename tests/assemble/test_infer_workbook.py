"""Which sheet of a workbook is read, and from which row on."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from exchange.assemble.infer_rows import NotInferred
from exchange.assemble.infer_workbook import workbook

HEAD, ROW = ("sku", "place", "on hand"), ("TEA-1", "HAM", 12)
Pages = dict[str, tuple[tuple[object, ...], ...]]


def book(folder: Path, pages: Pages, hidden: str = "") -> Path:
    path = folder / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in pages.items():
            page = made.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
            if name == hidden:
                page.hide()
    return path


def test_one_sheet_whose_first_row_is_the_header_has_no_keys(tmp_path: Path) -> None:
    found = workbook(book(tmp_path, {"A": (HEAD, ROW)}), "")

    assert (found.form, found.told) == ({"type": "xlsx"}, ())
    assert found.reasons == ("type: it is a workbook", "header: row 1 was taken")


def test_a_header_below_a_title_is_found_by_its_names(tmp_path: Path) -> None:
    found = workbook(book(tmp_path, {"A": (("Stock",), (), HEAD, ROW)}), "")

    assert found.form == {"type": "xlsx", "header_has": ["sku", "place", "on hand"]}
    assert found.told == ("header: row 3 was taken: 1 row above it holds something else",)


def test_the_first_sheet_with_a_table_is_taken_and_the_others_are_told(tmp_path: Path) -> None:
    pages: Pages = {"Read me": (("hello",),), "Stock": (HEAD, ROW), "Old": (HEAD, ROW), "Plan": ()}
    path = book(tmp_path, pages, hidden="Old")

    found = workbook(path, "")

    assert found.form == {"type": "xlsx", "sheet": "Stock"}
    assert found.told == (
        "sheet: 'Stock' was taken, the first that holds a table; --sheet takes another; "
        "there are also 'Read me', 'Old' (hidden), 'Plan' (empty)",
    )
    assert workbook(path, "2").form["sheet"] == "Stock"
    assert workbook(path, "Old").form["sheet"] == "Old"
    assert "as told by --sheet; there are also 'Read me', 'Stock', 'Plan' (empty)" in workbook(path, "Old").told[0]


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        ("Stok", "it has no sheet 'Stok'; its sheets are: 1 'Stock', 2 'Plan'"),
        ("3", "it has no sheet '3'; its sheets are: 1 'Stock', 2 'Plan'"),
        ("Plan", "its sheet 'Plan' is empty"),
    ],
)
def test_a_sheet_that_cannot_be_taken(tmp_path: Path, sheet: str, why: str) -> None:
    with pytest.raises(NotInferred, match=why):
        workbook(book(tmp_path, {"Stock": (HEAD, ROW), "Plan": ()}), sheet)


def test_a_workbook_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotInferred, match="no sheet of it that is shown is filled"):
        workbook(book(tmp_path, {"A": ()}), "")
