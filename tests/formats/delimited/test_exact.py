"""The exact way: the records of csv.reader, and a stray quote costs one line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.formats.delimited.exact import ExactReader, ExactRecord, cells_of

NASTY = st.text(alphabet='aa,,;""\n\r é\0', max_size=50)


def read(text: str, *, last: bool = True) -> list[ExactRecord]:
    return list(ExactReader(text.encode(), ",", last=last))


@settings(max_examples=500, deadline=None)
@given(text=NASTY)
def test_without_broken_quotes_it_reads_what_csv_reads(text: str) -> None:
    found = read(text)
    if not any(record.fault for record in found):
        expected = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        assert [[cell.encode("latin-1").decode() for cell in record.cells] for record in found] == expected


@settings(max_examples=500, deadline=None)
@given(text=NASTY, cut=st.integers(0, 60))
def test_records_cover_all_bytes_and_blocks_can_be_cut_anywhere(text: str, cut: int) -> None:
    data = text.encode()
    whole = [(record.start, record.length, record.line, record.fault) for record in read(text)]
    position, between = 0, b""
    for start, length, line, _ in whole:
        assert length > 0
        between += data[position:start]
        assert line == data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
        position = start + length
    assert not (between + data[position:]).strip(b"\r\n")
    head = ExactReader(data[:cut], ",", last=False)
    found = [(record.start, record.length, record.line, record.fault) for record in head]
    found += [
        (record.start + head.resume, record.length, record.line + head.resume_line, record.fault)
        for record in ExactReader(data[head.resume :], ",", last=True)
    ]
    assert found == whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('1,Monitor 27"\n2,x\n', [(None, ["1", 'Monitor 27"']), (None, ["2", "x"])]),
        ('1,"x"y\n2,x\n', [("BROKEN_QUOTE", ["1", "xy"]), (None, ["2", "x"])]),
        ('1,"x\n2,y\n', [("UNCLOSED_QUOTE", ["1"]), (None, ["2", "y"])]),
        ('1,"x\n2,"y"\n', [("UNCLOSED_QUOTE", ["1"]), (None, ["2", "y"])]),
        ('1,"x\n"2",y\n', [("UNCLOSED_QUOTE", ["1"]), (None, ["2", "y"])]),
        ('1,"x\nsaid "y" z",w\n2,x\n', [("BROKEN_QUOTE", ["1", 'x\nsaid y" z"', "w"]), (None, ["2", "x"])]),
        ('1,"x"y,"z\n2,w\n', [("UNCLOSED_QUOTE", ["1", "xy"]), (None, ["2", "w"])]),
    ],
)
def test_sloppy_quotes(text: str, expected: list[tuple[str | None, list[str]]]) -> None:
    assert [(record.fault, record.cells) for record in read(text)] == expected


def test_an_open_record_waits_for_the_next_block() -> None:
    reader = ExactReader(b'1,x\n2,"open\nmore\n', ",", last=False)
    assert [record.cells for record in reader] == [["1", "x"]]
    assert (reader.resume, reader.resume_line) == (4, 1)
    reader = ExactReader(b"1,x\n2,y\r", ",", last=False)
    assert [record.cells for record in reader] == [["1", "x"]]
    assert reader.resume == 4


def test_cells_keep_unusual_line_separators() -> None:
    assert cells_of('a\x0bb,"c\x85\r\nd",\x1ce', ",") == ["a\x0bb", "c\x85\r\nd", "\x1ce"]
    assert cells_of("", ",") == []
