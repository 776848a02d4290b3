"""The first look at a file: everything that rejects it whole, and what is only worth a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.formats.delimited.header import Dialect, Expected, survey
from exchange.kernel.layout import Survey


def look(folder: Path, content: bytes, *required: str, encoding: str = "utf-8", delimiter: str = ",") -> Survey:
    path = folder / "source.csv"
    path.write_bytes(content)
    wanted = ("Name", "Email", *required)
    return survey(path, Expected(Dialect(encoding, delimiter), wanted, required, "mappings/shop/orders.yaml"))


def codes(found: Survey) -> list[str]:
    return [problem.code for problem in found.problems]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\r\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    found = look(tmp_path, content)
    assert (codes(found), found.refused, found.layout) == (["FILE_EMPTY"], True, None)


@pytest.mark.parametrize("content", [b"Name,Email", b"Name,Email\r\n", b"Name,Email\n\n\n"])
def test_a_header_without_records_is_a_warning(tmp_path: Path, content: bytes) -> None:
    found = look(tmp_path, content)
    assert (codes(found), found.refused) == (["NO_RECORDS"], False)


def test_names_are_trimmed_and_the_header_kept_as_it_is(tmp_path: Path) -> None:
    found = look(tmp_path, b'\n Name ,"Em""ail",\r\n1,2,3\r\n')
    assert found.layout is not None
    assert found.layout.columns == ("Name", 'Em"ail', "")
    assert found.layout.header == b' Name ,"Em""ail",'
    assert (found.layout.data_start, found.layout.first_line, found.layout.newline) == (20, 3, b"\r\n")


def test_missing_columns_are_all_told_with_what_comes_close(tmp_path: Path) -> None:
    found = look(tmp_path, b"name,Email,Totl\n1,2,3\n", "Name", "Total", "Currency")
    missing = [problem for problem in found.problems if problem.code == "MISSING_COLUMN"]
    assert found.refused
    assert [problem.message for problem in missing] == [
        "the header has no column 'Name'; did you mean 'name'?",
        "the header has no column 'Total'; did you mean 'Totl'?",
        "the header has no column 'Currency'",
    ]
    assert "mappings/shop/orders.yaml" in missing[0].remedy


def test_a_column_that_occurs_twice(tmp_path: Path) -> None:
    found = look(tmp_path, b"Name,Email,Email,,\n1,2,3,,\n")
    assert [problem.message for problem in found.problems] == ["the header names 'Email' 2 times"]
    assert found.refused


@pytest.mark.parametrize(("other", "shown"), [(";", '";"'), ("\t", '"\\t"'), ("|", '"|"')])
def test_another_delimiter(tmp_path: Path, other: str, shown: str) -> None:
    found = look(tmp_path, other.join(["Name", "Email", "Total", "Id"]).encode() + b"\n1;2;3;4\n", "Name")
    assert codes(found) == ["WRONG_DELIMITER"]
    assert found.problems[0].detail["found"] == shown
    assert f"but {shown} occurs 3 times" in found.problems[0].message


def test_too_many_columns(tmp_path: Path) -> None:
    found = look(tmp_path, b",".join(b"c%d" % number for number in range(10_000)) + b"\n", "Name")
    assert codes(found) == ["TOO_MANY_COLUMNS"]
    assert found.problems[0].message == "the header has 10000 columns, the limit is 2000"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Name,\xff\n1,2\n", "byte 0xff is not utf-8"),
        (b'Name,"Email\n1,2\n', "a quote is opened and not closed"),
        (b'Name,"Em"ail\n1,2\n', "there is text behind a closing quote"),
        (b"Name,\0\n1,2\n", "it holds a NUL byte"),
        (b"Name," + b"x" * 2_000_000 + b"\n1,2\n", "it is longer than 1048576 bytes"),
        (b"Name," + b"x" * 3_000_000, "it is longer than 1048576 bytes"),
    ],
)
def test_a_header_that_cannot_be_read(tmp_path: Path, content: bytes, reason: str) -> None:
    found = look(tmp_path, content)
    assert codes(found) == ["HEADER_UNREADABLE"]
    assert found.problems[0].detail == {"reason": reason}
    assert found.refused


def test_columns_nobody_wants_are_named_once(tmp_path: Path) -> None:
    found = look(
        tmp_path, b"Name,Email," + b",".join(b"x%d" % number for number in range(12)) + b"\n" + b"1" + b"," * 13
    )
    assert codes(found) == ["EXTRA_COLUMNS"]
    assert found.problems[0].message == "12 columns are not used: x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, …"
    assert not found.refused


def test_byte_order_marks(tmp_path: Path) -> None:
    once, twice = b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2
    found = look(tmp_path, once + b"Name,Email\n1,2\n")
    assert (codes(found), found.layout and found.layout.columns) == ([], ("Name", "Email"))
    found = look(tmp_path, twice + b"Name,Email\n1,2\n", encoding="utf-8-sig")
    assert codes(found) == ["BOM_REPEATED"]
    assert found.layout is not None
    assert (found.layout.bom, found.layout.data_start, found.layout.encoding) == (once, 17, "utf-8")


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        ("Name,Email\n".encode("utf-16"), "utf-8", "it starts with the byte order mark of utf-16-le"),
        (b"\xef\xbb\xbfName,Email\n", "cp1252", "it starts with the byte order mark of utf-8"),
        (b"Name,Emai", "utf-16", "truncated data"),
        (b"Name,Email\n\x81\n", "shift_jis", "incomplete multibyte sequence"),
        (b"Name,Email\n", "klingon", "there is no encoding of this name"),
    ],
)
def test_a_file_that_is_not_in_the_declared_encoding(
    tmp_path: Path, content: bytes, encoding: str, reason: str
) -> None:
    found = look(tmp_path, content, encoding=encoding)
    assert (codes(found), found.layout) == (["WRONG_ENCODING"], None)
    assert found.problems[0].detail["reason"] == reason or encoding == "shift_jis"
    assert found.problems[0].message.startswith(f"the file cannot be read as {encoding}: ")
