"""Rows as they came, with and without the reject columns."""

from __future__ import annotations

from pathlib import Path

from exchange.formats.delimited.rejectfile import held_rows, raw_record, reject_rows
from exchange.kernel.layout import REJECT_COLUMNS, Layout

CONTENT = b'Name;b\r\n1;"x;\r\ny"\r\n2;=1+1\r\n'


def layout(folder: Path) -> Layout:
    path = folder / "source.csv"
    path.write_bytes(CONTENT)
    return Layout(path, ("Name", "b"), b"Name;b", 8, 2, "utf-8", "utf-8", ";", b"\r\n", b"\xef\xbb\xbf")


def test_the_added_cells_are_quoted_only_where_needed(tmp_path: Path) -> None:
    cells = ("id", "2", "b", 'a"b', "C", "x;y, z", "l1\nl2")
    out = list(reject_rows(layout(tmp_path), [(8, 9, cells), (19, 6, ("",) * 7)]))
    assert out == [
        b"\xef\xbb\xbfName;b;" + ";".join(REJECT_COLUMNS).encode() + b"\r\n",
        b'1;"x;\r\ny";id;2;b;"a""b";C;"x;y, z";"l1\nl2"\r\n',
        b"2;=1+1;;;;;;;\r\n",
    ]


def test_held_rows_are_the_source_again(tmp_path: Path) -> None:
    assert b"".join(held_rows(layout(tmp_path), [(8, 9), (19, 6)])) == b"\xef\xbb\xbf" + CONTENT


def test_raw_bytes_are_capped(tmp_path: Path) -> None:
    assert raw_record(layout(tmp_path), 8, 9) == b'1;"x;\r\ny"'
    assert raw_record(layout(tmp_path), 8, 9, limit=3) == b'1;"'
