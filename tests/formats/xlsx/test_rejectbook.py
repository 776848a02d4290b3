"""The workbook of rejects as spreadsheets read it: its XML, its limits, and each cell through LibreOffice."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import python_calamine as calamine
from lxml import etree

from exchange.formats.xlsx import rejectbook
from exchange.formats.xlsx.rejectbook import write_book
from exchange.kernel.layout import Layout
from exchange.kernel.reject_book import Book, BookRow, SummaryLine
from tests.flows.rejectbook import by_libreoffice, sheet
from tests.formats.xlsx.test_textrows import HARD

_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "x": "urn:schemas-microsoft-com:office:excel"}
Rows = Sequence[Sequence[str]]
OWN = 5
"""Columns in front of the source's."""


def source(folder: Path, rows: Rows, encoding: str = "utf-8") -> Layout:
    """Write a source with columns c0, c1, ..."""
    path, columns = folder / "source.csv", tuple(f"c{place}" for place in range(len(rows[0])))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    header = ",".join(columns).encode()
    return Layout(path, columns, header, len(header) + 1, 2, encoding, encoding, ",", b"\n")


def book_rows(layout: Layout, bad: Mapping[int, Mapping[str, str]], orders: Sequence[int]) -> Iterator[BookRow]:
    """Yield the rows of a source; `orders`: how many rows each order has."""
    at, number = layout.data_start, 0
    for order, size in enumerate(orders):
        for place in range(size):
            data = layout.path.read_bytes()[at:]
            length = next(_lengths(data))
            told = "\n".join(bad.get(number, {}).values())
            yield BookRow(f"id-{order}", number + 2, (at, length), told, bad.get(number, {}), place == 0, size)
            at, number = at + length + 1, number + 1


def _lengths(data: bytes) -> Iterator[int]:
    quoted = False
    for place, byte in enumerate(data):
        quoted ^= byte == ord('"')
        if byte == ord("\n") and not quoted:
            yield place


def written(
    folder: Path,
    rows: Rows,
    bad: Mapping[int, Mapping[str, str]] | None = None,
    orders: Sequence[int] = (),
    allowed: Mapping[str, Sequence[str]] | None = None,
    encoding: str = "utf-8",
) -> tuple[Path, tuple[str, ...]]:
    """Write a workbook of rejects; return it and what was said."""
    layout = source(folder, rows, encoding)
    found = book_rows(layout, bad or {}, orders or [1] * len(rows))
    book = Book(found, [SummaryLine("CODE", 1, "rule", "hint", "2")], {"claim": "abc"})
    return folder / "x.xlsx", write_book(folder / "x.xlsx", layout, book, allowed or {})


def parts(book: Path) -> dict[str, etree._Element]:
    """Return each part of a workbook, parsed: all are well-formed."""
    with zipfile.ZipFile(book) as archive:
        assert archive.testzip() is None
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def one(root: etree._Element, path: str) -> etree._Element:
    [found] = root.iterfind(path, _NS)
    return found


def test_colours_comments_choices_and_what_is_frozen(tmp_path: Path) -> None:
    many = [f"value {number}" for number in range(60)]
    bad = {1: {"c1": 'wrong & "so" _x000D_\nDo: this'}, 2: {"c0": "also", "c2": "blank"}}
    rows = [["a", "b", ""], ["c", "d", "e"], ["f", "g", ""]]
    allowed = {"c1": ("x", "y"), "c2": tuple(many), "gone": ("z",)}
    book, said = written(tmp_path, rows, bad, (2, 1), allowed)
    assert said == ()
    found = parts(book)
    page, styles = found["xl/worksheets/sheet1.xml"], found["xl/styles.xml"]

    # Every style is text; bad cells are red, and what begins an order has a line above it.
    codes = {each.get("numFmtId"): each.get("formatCode") for each in one(styles, "m:numFmts")}
    fills, borders = one(styles, "m:fills"), one(styles, "m:borders")
    formats = [
        (
            codes.get(each.get("numFmtId")),
            fills[int(each.get("fillId", ""))].xpath("string(.//m:fgColor/@rgb)", namespaces=_NS),
            bool(borders[int(each.get("borderId", ""))].xpath("m:top/@style", namespaces=_NS)),
        )
        for each in one(styles, "m:cellXfs")
    ]
    shown = {cell.get("r"): formats[int(cell.get("s", ""))] for cell in page.iter(f"{{{_NS['m']}}}c")}
    assert {code for code, _, _ in shown.values()} == {"@"}, "text"
    red = {place for place, (_, colour, _) in shown.items() if colour == "FFFFC7CE"}
    assert red == {"G3", "F4", "H4"}, "a blank bad cell is red too"
    assert {place for place, (_, _, line) in shown.items() if line} == {
        f"{column}{row}" for row in (2, 4) for column in "ABCDEFGH"
    }

    pane = one(page, "m:sheetViews/m:sheetView/m:pane")
    assert (pane.get("xSplit"), pane.get("ySplit"), pane.get("state")) == ("1", "1", "frozen")
    assert one(page, "m:autoFilter").get("ref") == "A1:H4"
    names = [(name.get("name"), name.text) for name in found["xl/workbook.xml"].iterfind(".//m:definedName", _NS)]
    assert names == [("_xlnm._FilterDatabase", "Rejects!$A$1:$H$4")]
    widths = [
        float(each.get("width", ""))
        for each in one(page, "m:cols")
        for _ in range(int(each.get("max", "")) + 1 - int(each.get("min", "")))
    ]
    assert len(widths) == 8
    assert widths[4] > 40 > widths[1]
    assert all(each.get("style") for each in one(page, "m:cols")), "what is typed below is text too"

    choices = {
        each.get("sqref"): (each.get("showErrorMessage"), each.findtext("m:formula1", "", _NS))
        for each in one(page, "m:dataValidations")
    }
    assert choices == {
        "C2:C4": ("1", '"fix,skip,waive"'),
        "G2:G4": (None, '"x,y"'),
        "H2:H4": (None, "_lists!$A$2:$A$61"),
    }
    assert [row[0] for row in sheet(book, "_lists")] == ["c2", *many]

    comments = found["xl/comments1.xml"]
    texts = {each.get("ref"): "".join(map(str, each.itertext())) for each in comments.iter(f"{{{_NS['m']}}}comment")}
    assert texts == {"G3": 'wrong & "so" _x005F_x000D_\nDo: this', "F4": "also", "H4": "blank"}
    boxes = found["xl/drawings/vmlDrawing1.vml"]
    places = [
        (each.findtext("x:Row", "", _NS), each.findtext("x:Column", "", _NS))
        for each in boxes.iter(f"{{{_NS['x']}}}ClientData")
    ]
    assert places == [("2", "6"), ("3", "5"), ("3", "7")]
    assert len({each.get("id") for each in boxes if each.get("id")}) == 4, "its own number for each box, and the kind"

    states = [(each.get("name"), each.get("state")) for each in one(found["xl/workbook.xml"], "m:sheets")]
    assert states == [
        ("Rejects", None),
        ("Summary", None),
        ("How to", None),
        ("_meta", "veryHidden"),
        ("_lists", "veryHidden"),
    ]
    assert sheet(book, "_meta") == [["claim", "abc"]]


def test_every_cell_is_what_it_was(tmp_path: Path) -> None:
    """Through our own reader, and through LibreOffice."""
    rows = [*([text, f"r{number}", ""] for number, text in enumerate(HARD)), ["", '"quoted"', "x,y"]]
    bad = {number: {"c0": f"bad {text}"} for number, text in enumerate(HARD) if number % 2}
    book, said = written(tmp_path, rows, bad)
    assert said == ()

    with calamine.CalamineWorkbook.from_path(str(book)) as opened:
        assert [row[OWN:] for row in opened.get_sheet_by_name("Rejects").to_python()[1:]] == rows
    seen = by_libreoffice(book, tmp_path / "seen", "csv:Text - txt - csv (StarCalc):44,34,76,1")
    with seen.open(encoding="utf-8", newline="") as stream:
        cells = [row[OWN:] for row in csv.reader(stream)][1:]
    assert cells == [[_as_csv(cell) for cell in row] for row in rows]


def _as_csv(cell: str) -> str:
    """Return a cell as LibreOffice writes it into CSV: each line break in its own way."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def test_other_encodings_and_short_and_long_rows(tmp_path: Path) -> None:
    layout = source(tmp_path, [["Müller & Söhne €", "b"]], "cp1252")
    with layout.path.open("ab") as stream:
        stream.write(b'short\nlong,"er",than,the,header\nopen,"quote\n')
    lengths = [len(line) for line in layout.path.read_bytes().split(b"\n")[1:-1]]
    starts = [layout.data_start + sum(lengths[:number]) + number for number in range(len(lengths))]
    rows = [BookRow(f"id-{n}", n + 2, place) for n, place in enumerate(zip(starts, lengths, strict=True))]
    write_book(tmp_path / "x.xlsx", layout, Book(rows, [], {}), {})
    assert [row[OWN:] for row in sheet(tmp_path / "x.xlsx")[1:]] == [
        ["Müller & Söhne €", "b"],
        ["short", ""],
        ["long", "er"],
        ["open", "quote"],
    ]


def test_what_does_not_fit_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejectbook, "BOOK_ROWS", 4)
    monkeypatch.setattr(rejectbook, "COMMENTS", 1)
    monkeypatch.setattr(rejectbook, "WORKBOOK_CELLS", 20)
    long = "😀" * 16_384
    rows = [["1", "a"], ["1", long], ["2", "a"], ["3", "a"], ["3", "b"], ["4", "a"]]
    bad = {0: {"c0": "one"}, 2: {"c0": "two"}}
    book, said = written(tmp_path, rows, bad, (2, 1, 2, 1))
    assert said == (
        "3 more rows do not fit into the workbook: they are in the .rejects.csv only",
        "cells longer than 32,767 characters: 1; they are in the .rejects.csv only, and stay what they are where the "
        "workbook comes back",
    )
    shown = sheet(book)
    assert [row[OWN] for row in shown[1:]] == ["1", "1", "2"], "an order is there as a whole or not at all"
    assert shown[2][OWN + 1] == "(too long for a spreadsheet: 16,384 characters, see the .rejects.csv)"
    how = [row[0] for row in sheet(book, "How to")]
    assert how[-4:-2] == list(said)
    assert how[-2].startswith("1 more coloured cell has no comment (a workbook holds 1)")
    assert how[-1].startswith("This workbook is larger than what can be taken back in one go")
    assert len(parts(book)["xl/comments1.xml"].findall(".//m:comment", _NS)) == 1

    monkeypatch.setattr(rejectbook, "SHEET_BYTES", 0)
    book, said = written(tmp_path, rows)
    assert said == ("6 more rows do not fit into the workbook: they are in the .rejects.csv only",)
    assert len(sheet(book)) == 1


def test_a_book_without_comments_and_one_of_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejectbook, "_BLOCK", 100)
    rows = [[f"{number}", "x" * 50] for number in range(30)]
    book, _ = written(tmp_path, rows)
    assert not [name for name in parts(book) if "comments" in name or "vml" in name]
    assert [row[OWN:] for row in sheet(book)[1:]] == rows
    first = book.read_bytes()
    assert written(tmp_path, rows)[0].read_bytes() == first, "the same rows make the same bytes"
