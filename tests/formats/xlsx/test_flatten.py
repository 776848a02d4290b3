"""A sheet into rows of text: what a person sees in it, and a word where that cannot be known."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from exchange.formats.delimited.flat import FlatReader, flat_reader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.xlsx import flatten, opening
from exchange.formats.xlsx.flatten import Workbook
from exchange.kernel.chunk import Chunk
from tests.formats.delimited.test_reader import rows
from tests.formats.xlsx.books import changed, encrypted, formatted, messy, plain, sheet

WANTED = ("no", "date", "sku", "qty", "price", "flag")
SHEET = "xl/worksheets/sheet1.xml"


def made(*wanted: str, name: str = "", header_has: tuple[str, ...] = ("no",)) -> FlatReader:
    names = wanted or WANTED
    reader = DelimitedReader("utf-8", ",", names, (), "no", "mappings/x.yaml")
    return flat_reader(Workbook(name, header_has, names, "mappings/x.yaml"), reader)


def chunk_of(each: FlatReader, path: Path) -> Chunk:
    found = each.survey(path)
    assert found.layout is not None, found.problems
    assert not found.refused
    chunk: Chunk
    [chunk] = [each.parse(span, found.layout) for span in each.spans(found.layout)]
    return chunk


def codes(each: FlatReader, path: Path) -> list[str]:
    return [problem.code for problem in each.survey(path).problems]


def test_a_workbook_as_people_send_it(tmp_path: Path) -> None:
    chunk = chunk_of(made(), messy(tmp_path / "x.xlsx"))
    assert [tuple(row.values()) for row in rows([chunk])] == [
        ("0012", "2026-03-04", "A", "2", "4.5", "true"),
        ("13", "2026-03-04T05:06:00", "B", "12345678901234570", "9", None),
        ("14", None, "C", None, None, None),
        (None, None, "D", None, None, None),
        ("15", "0.3", "0.0000001", "100000000000000", None, None),
    ]
    assert chunk.positions.file_line.tolist() == [4, 5, 7, 8, 9], "rows of the sheet"
    assert [(each.code, each.file_line, each.field, each.value) for each in chunk.problems] == [
        ("NUMBER_TOO_LONG", 5, "qty", "12345678901234570"),
        ("MERGED_CELLS", 7, None, "A7:A8"),
        ("MERGED_CELLS", 8, None, "A7:A8"),
        ("FORMULA_ERROR", 9, "price", "E9"),
    ]
    assert [(each.problem.code, each.file_line) for each in chunk.broken] == [("ROW_TOO_LONG", 10)]


def test_numbers_are_read_as_they_are_shown(tmp_path: Path) -> None:
    chunk = chunk_of(made(), formatted(tmp_path / "x.xlsx"))
    assert [tuple(row.values())[:5] for row in rows([chunk])] == [
        ("00123", "2026-03-04", "017-5", "50%", "1.5"),
        ("00124", "2026-03-04T05:06:00", "018-5", "0.125", "1234567"),
    ]
    assert [(each.code, each.file_line, each.field, each.value) for each in chunk.problems] == [
        ("NUMBER_FORMAT", 3, "qty", "0.125"),
        ("NUMBER_FORMAT", 3, "price", "1234567"),
    ]
    assert "its format '0%' shows something else" in chunk.problems[0].message


def test_what_is_not_read_is_nobodys_trouble(tmp_path: Path) -> None:
    chunk = chunk_of(made("no", "sku"), messy(tmp_path / "x.xlsx"))
    assert [each.code for each in chunk.problems] == ["MERGED_CELLS", "MERGED_CELLS"]


def test_which_sheet(tmp_path: Path) -> None:
    path = plain(tmp_path / "x.xlsx", ("A", [["no"], ["1"]]), ("B", [["no"], ["2"]]), ("Empty", []))
    assert codes(made(), path) == ["WHICH_SHEET"]
    assert rows([chunk_of(made("no", name="B"), path)]) == [{"no": "2"}]
    assert codes(made(name="C"), path) == ["WHICH_SHEET"]
    one = plain(tmp_path / "y.xlsx", ("Notes", []), ("B", [["no"], ["2"]]))
    assert rows([chunk_of(made("no"), one)]) == [{"no": "2"}]


def test_empty_ones(tmp_path: Path) -> None:
    assert codes(made(), plain(tmp_path / "x.xlsx", ("A", []))) == ["FILE_EMPTY"]
    assert codes(made("no"), plain(tmp_path / "y.xlsx", ("A", [["no"]]))) == ["NO_RECORDS"]
    assert codes(made("no"), plain(tmp_path / "z.xlsx", ("A", [["other"], ["1"]]))) == ["HEADER_NOT_FOUND"]


def test_without_a_sought_header_the_first_filled_row_is_it(tmp_path: Path) -> None:
    path = plain(tmp_path / "x.xlsx", ("A", [[], [], ["no", "sku"], ["1", "A"], [], ["2", "B"]]))
    chunk = chunk_of(made("no", "sku", header_has=()), path)
    assert [tuple(row.values()) for row in rows([chunk])] == [("1", "A"), ("2", "B")]
    assert chunk.positions.file_line.tolist() == [4, 6]


def test_a_reject_file_saved_as_a_workbook_comes_back(tmp_path: Path) -> None:
    names = ["_record", "no", "_reject_id", "_line", "_field", "_value", "_code", "_message", "_remedy"]
    identity = "0123456789ab-0001"
    path = plain(tmp_path / "x.xlsx", ("A", [names, ["7", "1", identity, "4", "no", "", "X", "m", "r"]]))
    found = made("no").survey(path)
    assert found.layout is not None
    assert found.layout.reject_ids == {0: identity}


def test_refusals(tmp_path: Path) -> None:
    assert codes(made(), encrypted(tmp_path / "x.xlsx")) == ["WORKBOOK_ENCRYPTED"]
    (tmp_path / "y.xlsx").write_bytes(b"no,sku\n1,A\n")
    assert codes(made(), tmp_path / "y.xlsx") == ["NOT_THIS_FORMAT"]
    broken = changed(messy(tmp_path / "a.xlsx"), tmp_path / "z.xlsx", SHEET, b"<worksheet><sheetData><row")
    assert codes(made(), broken)[0] in {"NOT_THIS_FORMAT", "FILE_EMPTY"}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    content = sheet(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>')
    entities = changed(
        tmp_path / "a.xlsx", tmp_path / "b.xlsx", SHEET, content.replace(b"<worksheet", bomb + b"<worksheet")
    )
    assert codes(made("no", header_has=()), entities)[0] in {"NOT_THIS_FORMAT", "FILE_EMPTY", "MISSING_COLUMN"}
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as made_zip:
        made_zip.writestr("xl/workbook.xml", b"<workbook/>")
        made_zip.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    assert codes(made(), tmp_path / "c.xlsx")[0] in {"NOT_THIS_FORMAT", "FILE_EMPTY"}


@pytest.mark.parametrize("column", ["A", "Z", "AA", "XFD"])
def test_letters_of_columns(column: str) -> None:
    assert flatten._letters(opening._number(column.encode()) - 1) == column
