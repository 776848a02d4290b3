"""A returned reject file: recognised, stripped, its rows and lines still what they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.delimited.rejectfile import held_rows, raw_record, reject_rows
from exchange.kernel.chunk import Chunk
from exchange.kernel.layout import Layout, Survey

IDS = ("0123456789ab-0001", "0123456789ab-0002")
SEVEN = ",_reject_id,_line,_field,_value,_code,_message,_remedy"


def look(folder: Path, content: bytes, **options: Any) -> tuple[DelimitedReader, Survey]:
    path = folder / "source.csv"
    path.write_bytes(content)
    values: dict[str, Any] = {
        "encoding": "utf-8",
        "delimiter": ",",
        "wanted": ("Name", "b"),
        "required": ("Name",),
        "group_key": "Name",
        "mapping": "mappings/shop/orders.yaml",
    }
    reader = DelimitedReader(**(values | options))
    return reader, reader.survey(path)


def read(reader: DelimitedReader, layout: Layout) -> Chunk:
    [span] = reader.spans(layout)
    chunk: Chunk = reader.parse(span, layout)
    return chunk


def rejected(layout: Layout, chunk: Chunk, *added: tuple[str, ...]) -> bytes:
    where = chunk.positions
    rows = list(zip(where.start.tolist(), where.length.tolist(), added, strict=True))
    return b"".join(reject_rows(layout, rows))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_reject_file_comes_back_as_the_source_was(tmp_path: Path, encoding: str, newline: str) -> None:
    source = newline.join(["Name,b", '1,"é, ""x"""', "2,=1+1", ""]).encode(encoding)
    reader, first = look(tmp_path, source, encoding=encoding)
    assert first.layout is not None
    chunk = read(reader, first.layout)
    added = (
        (IDS[0], "2", "b", f'bad "x"{newline}two', "NOT_A_DATE", "a, b", "fix"),
        (IDS[1], "3", "", "", "", "表" if encoding != "cp1252" else "?", ""),
    )
    returned = rejected(first.layout, chunk, *added)
    assert returned.startswith(first.layout.bom)
    assert returned.decode(encoding).split(newline)[0] == "Name,b" + SEVEN

    reader, again = look(tmp_path, returned, encoding=encoding)
    layout = again.layout
    assert layout is not None
    assert not again.refused
    assert layout.path.name.endswith(".stripped")
    assert (layout.columns, layout.header.decode(), layout.newline) == (("Name", "b"), "Name,b", newline.encode())
    assert dict(layout.reject_ids) == {0: IDS[0], 1: IDS[1]}
    chunk = read(reader, layout)
    assert chunk.frame.to_dict("list") == {"Name": ["1", "2"], "b": ['é, "x"', "=1+1"]}
    assert chunk.positions.file_line.tolist() == [2, 4]
    assert b"".join(held_rows(layout, zip(chunk.positions.start, chunk.positions.length, strict=True))) == source
    assert rejected(layout, chunk, *added) == returned


def test_what_the_encoding_lacks_is_replaced_in_our_cells_only(tmp_path: Path) -> None:
    reader, found = look(tmp_path, "Name,b\n1,é\n".encode("cp1252"), encoding="cp1252")
    assert found.layout is not None
    chunk = read(reader, found.layout)
    [_, row] = reject_rows(found.layout, [(7, 3, (IDS[0], "2", "b", "中", "C", "m", "r"))])
    assert row == "1,é,".encode("cp1252") + f"{IDS[0]},2,b,?,C,m,r\n".encode()
    assert raw_record(found.layout, int(chunk.positions.start[0]), 3) == b"1,\xe9"
    assert raw_record(found.layout, 0, 11, limit=4) == b"Name"


def test_rows_of_editors_that_drop_blank_cells(tmp_path: Path) -> None:
    lines = [
        "Name,b" + SEVEN,
        f"1,x,{IDS[0]},2,b,v,C,m,r",
        "1,added by hand",
        "1,y,,,,,,,",
        f"2,z,{IDS[1]},5,b",
        "2,too,many",
        f'2,"open,{IDS[1]},5,b,,,,',
        f"3,a,b,{IDS[1]},2,b,v,C,m,r",
        f'3,"x"y,{IDS[1]},2,b,v,C,m,r',
    ]
    reader, found = look(tmp_path, "\n".join(lines).encode())
    assert found.layout is not None
    chunk = read(reader, found.layout)
    assert chunk.frame.to_dict("list") == {"Name": ["1", "1", "1", "2"], "b": ["x", "added by hand", "y", "z"]}
    assert dict(found.layout.reject_ids) == {0: IDS[0], 3: IDS[1], 7: IDS[1]}
    told = [(each.problem.code, each.file_line, each.record, each.key) for each in chunk.broken]
    assert told == [
        ("ROW_TOO_LONG", 6, 4, "2"),
        ("UNCLOSED_QUOTE", 7, 5, "2"),
        ("ROW_TOO_LONG", 8, 6, "3"),
        ("BROKEN_QUOTE", 9, 7, "3"),
    ]


def test_an_oversized_line_is_copied_and_told(tmp_path: Path) -> None:
    big = b"2," + b"y" * 20_000_000
    content = f"Name,b{SEVEN}\n1,x,{IDS[0]},2,b,v,C,m,r\n".encode() + big + f"\n3,z,{IDS[1]},,,,,,\n".encode()
    reader, found = look(tmp_path, content)
    assert found.layout is not None
    assert dict(found.layout.reject_ids) == {0: IDS[0], 2: IDS[1]}
    chunks = [reader.parse(span, found.layout) for span in reader.spans(found.layout)]
    assert [name for chunk in chunks for name in chunk.frame["Name"]] == ["1", "3"]
    assert [(each.record, each.file_line, each.length) for chunk in chunks for each in chunk.broken] == [
        (1, 3, len(big))
    ]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Name,b,_reject_id,_line", "_field, _value, _code, _message, _remedy is missing"),
        ("Name,_reject_id,_line,_field,_value,_code,_message,_remedy,b", "are not its last columns"),
        ("Name,b,_line,_field,_reject_id,_value,_code,_message,_remedy", ""),
    ],
)
def test_reject_columns_that_cannot_be_matched(tmp_path: Path, header: str, reason: str) -> None:
    _, found = look(tmp_path, header.encode() + b"\n1,x,a,b,0123456789ab-0009,d,e,f,g\n")
    codes = [problem.code for problem in found.problems if problem.severity == "error"]
    assert codes == (["NOT_A_CORRECTION"] if reason else [])
    assert found.refused == bool(reason)
    if reason:
        assert reason in found.problems[-1].message
    else:
        assert found.layout is not None
        assert dict(found.layout.reject_ids) == {0: "0123456789ab-0009"}
