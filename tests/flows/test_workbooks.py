"""Workbooks as people send them, through the front door: each is told clearly, and the next file is still read."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from tests.flows.formats import HEAD, INBOX, LINE, Sale, workspace, written
from tests.flows.shop import Shop
from tests.formats.xlsx.books import changed, encrypted, sheet

GOOD = Sale("9")


def book(path: Path, *sales: tuple[object, str, object, str], sheets: tuple[str, ...] = ("Orders",)) -> Path:
    """Write orders of one line: number, its format, date, its format."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name in sheets:
            page = made.add_worksheet(name)
            page.write_row(0, 0, (*HEAD, *LINE))
            for row, (number, shown, day, written_as) in enumerate(sales, 1):
                page.write(row, 0, number, made.add_format({"num_format": shown}))
                page.write(row, 1, day, made.add_format({"num_format": written_as}))
                page.write_row(row, 2, ("paid", "9.00", "TEA-ASSAM", "2", "4.50"))
            if name == "merged":
                page.merge_range(1, 0, 2, 0, "7")
            if name == "failed":
                page.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    return path


def test_bad_workbooks_are_told_and_the_next_one_is_read(shop: Shop) -> None:
    workspace(shop, "xlsx")
    shop.edit("mappings/partner/in.yaml", "type: xlsx, sheet: Orders", "type: xlsx")
    inbox = shop.root / INBOX
    row = ("7", "@", "20260302", "@")
    encrypted(inbox / "a_password.xlsx")
    book(inbox / "b_two_sheets.xlsx", row, sheets=("one", "two"))
    book(inbox / "c_merged.xlsx", row, row, sheets=("merged",))
    book(inbox / "d_formula.xlsx", row, sheets=("failed",))
    (inbox / "e_text.xlsx").write_bytes(b"number,date\n1,2\n")
    bomb = sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    changed(book(shop.root / "x.xlsx", row), inbox / "f_far_corner.xlsx", "xl/worksheets/sheet1.xml", bomb)
    written("xlsx", inbox / "z_good.xlsx", GOOD)
    for number, path in enumerate(sorted(inbox.iterdir())):
        shop.age(path, 1 + number / 24)
    ran = shop.type("run", "orders", "--json")

    assert {made["file"]: [*made["problems"]] for made in ran.rows} == {
        "a_password.xlsx": ["WORKBOOK_ENCRYPTED"],
        "b_two_sheets.xlsx": ["WHICH_SHEET"],
        "c_merged.xlsx": ["MERGED_CELLS"],
        "d_formula.xlsx": ["FORMULA_ERROR"],
        "e_text.xlsx": ["NOT_THIS_FORMAT"],
        "f_far_corner.xlsx": ["WORKBOOK_TOO_LARGE"],
        "z_good.xlsx": [],
    }
    assert (ran.exit, ran.rows[-1]["counts"]["documents"]["out"]) == (3, 1)


def test_numbers_are_taken_as_the_cells_show_them(shop: Shop) -> None:
    workspace(shop, "xlsx")
    mapping = shop.root / "mappings/partner/in.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("%Y%m%d", "%Y-%m-%d"), encoding="utf-8")
    path = shop.root / INBOX / "day.xlsx"
    book(path, (42, "00000", 46083, "d. mmmm yyyy"), (0.125, "0%", 46083, "dd.mm.yy"))
    shop.age(path, 1)
    ran = shop.type("run", "orders", "--json")

    assert ran.row["problems"] == {"NUMBER_FORMAT": 1}, ran.out
    [line] = [text for made in shop.files("data/outbox/erp/jsonl") for text in made.read_text().splitlines()]
    assert '"number":"00042"' in line
    [problem] = shop.problems(ran)
    assert (problem["line"], problem["field"], problem["value"]) == (3, "number", "0.125")
