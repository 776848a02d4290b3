"""Lines that are no records: before the header, among the records, behind them; physical lines stay right."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.formats.delimited.around import PLAIN, Around, Begin, begin, end, fits
from exchange.formats.delimited.encoding import Encoding
from exchange.formats.delimited.rejectfile import held_rows
from exchange.kernel.problems import Problem
from tests.formats.delimited.test_reader import layout_of, read, reader, rows

FOOTER = (r'"?\d+ record\(s\) downloaded', "Seller ID : ")


def lines_of(folder: Path, content: bytes, around: Around, **options: object) -> list[tuple[str | None, int]]:
    _, chunks = read(reader("a", "b", around=around, **options), folder, content)
    return [
        (row["a"], line)
        for chunk in chunks
        for row, line in zip(rows([chunk]), chunk.positions.file_line.tolist(), strict=True)
    ]


def test_lines_before_the_header_are_counted(tmp_path: Path) -> None:
    content = b'Report of "today\n\n3 lines\na,b\n1,x\n"2\n2",y\n3,z\n'
    assert lines_of(tmp_path, content, Around(skip=3)) == [("1", 5), ("2\n2", 6), ("3", 8)]


def test_the_header_is_found_by_its_columns(tmp_path: Path) -> None:
    content = b"Orders,,\nfrom,to\n b ,a\nx,1\n"
    assert lines_of(tmp_path, content, Around(header_has=("a", "b"))) == [("1", 4)]
    found = reader("a", around=Around(header_has=("a", "c"))).survey(tmp_path / "source.csv")
    assert [problem.code for problem in found.problems] == ["HEADER_NOT_FOUND"]
    assert "a, c" in found.problems[0].message


@pytest.mark.parametrize("line", [b"sep=,\n", b'"sep=,"\r\n', b"SEP=,\n"])
def test_the_line_for_spreadsheets_is_no_header(tmp_path: Path, line: bytes) -> None:
    assert lines_of(tmp_path, line + b"a,b\n1,x\n", PLAIN) == [("1", 3)]


def test_the_line_for_spreadsheets_names_another_delimiter(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"sep=;\na;b\n1;x\n")
    [problem] = reader("a").survey(tmp_path / "x.csv").problems
    assert (problem.code, problem.file_line) == ("SEP_LINE_DISAGREES", 1)


def test_a_blank_second_line_and_blanks_in_the_header(tmp_path: Path) -> None:
    assert lines_of(tmp_path, b"a , b\n\n1,x\n", PLAIN) == [("1", 3)]


def test_comments_are_left_out_wherever_they_stand(tmp_path: Path) -> None:
    content = b'; from us\n;a,b\na,b\n; one\n1,x\n;\n"2\n;2",y\n; "last\n3,z\n'
    assert lines_of(tmp_path, content, Around(comment=";")) == [("1", 5), ("2\n;2", 7), ("3", 10)]


def test_a_footer_is_left_out_only_at_the_end(tmp_path: Path) -> None:
    content = b"a,b\n1,x\n83 record(s) downloaded,,,\n2,y\n\n83 record(s) downloaded,,,\nSeller ID : me,,,\n\n"
    layout, chunks = read(reader("a", "b", around=Around(footer=FOOTER)), tmp_path, content)
    assert [row["a"] for row in rows(chunks)] == ["1", "2"]
    assert [(each.file_line, each.problem.code) for chunk in chunks for each in chunk.broken] == [(3, "ROW_TOO_LONG")]
    assert reader("a", around=Around(footer=FOOTER)).count(layout) == 3


def test_a_footer_in_another_encoding_and_of_an_old_mac(tmp_path: Path) -> None:
    content = "a,b\r1,x\r2 record(s) downloaded\r".encode("utf-16")
    assert lines_of(tmp_path, content, Around(footer=FOOTER), encoding="utf-16") == [("1", 2)]


def test_nothing_but_a_footer_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,b\n0 record(s) downloaded\n")
    assert [each.code for each in reader("a", around=Around(footer=FOOTER)).survey(tmp_path / "x.csv").problems] == [
        "EXTRA_COLUMNS",
        "NO_RECORDS",
    ]


@pytest.mark.parametrize(
    ("text", "expected"), [("a,b\n1,é\n".encode(), "é"), ("a,b\n1,é\n".encode("cp1252"), "é"), (b"a,b\n1,e\n", "e")]
)
def test_a_second_encoding_is_taken_where_the_first_does_not_fit(tmp_path: Path, text: bytes, expected: str) -> None:
    _, chunks = read(reader("b", around=Around(fallback="cp1252")), tmp_path, text)
    assert rows(chunks) == [{"b": expected}]


def test_what_stood_before_the_header_stands_before_rows_set_aside(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfsep=,\nReport\na,b\n1,x\n2,y\n"
    each = reader("a", "b", around=Around(skip=1))
    layout = layout_of(each, tmp_path, content)
    held = b"".join(held_rows(layout, [(24, 3)]))
    assert held == b"\xef\xbb\xbfsep=,\nReport\na,b\n2,y\n"
    (tmp_path / "held.csv").write_bytes(held)
    assert each.survey(tmp_path / "held.csv").layout is not None


def test_rows_that_come_back_need_no_lines_before_them() -> None:
    assert begin(b"a,_reject_id\n1,x\n", Around(skip=3), ",", "utf-8", last=True) == Begin(0, 0)


def test_the_front_is_left_alone_where_nothing_is_said() -> None:
    assert begin(b"seperator,b\n", PLAIN, ",", "utf-8", last=True) == Begin(0, 0)
    assert isinstance(begin(b"x\n", Around(header_has=("a",)), "||", "utf-8", last=True), Problem)


def test_a_footer_longer_than_is_looked_at_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a\n" + b"Seller ID : me\n" * 10_000)
    assert (end(path, 2, Around(footer=FOOTER), "utf-8") or 0) > 2
    assert end(path, 2, PLAIN, "utf-8") is None


def test_fits(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("é".encode("cp1252"))
    assert (fits(path, Encoding("utf-8")), fits(path, Encoding("cp1252"))) == (False, True)
