"""Text that no CSV parser reads: quotes that mean nothing, delimiters of several characters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.formats.delimited.around import PLAIN, Around
from exchange.formats.delimited.flat import FlatReader, FlatSetAside, flat_reader
from exchange.formats.delimited.plaintext import PlainText
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.delimited.render import DelimitedWriter
from exchange.kernel.chunk import Chunk
from exchange.kernel.limits import RECORD_BYTES
from tests.formats.delimited.test_reader import rows


def made(delimiter: str, *, quoted: bool, around: Around = PLAIN, encoding: str = "utf-8") -> FlatReader:
    text = PlainText(encoding, delimiter, quoted, "mappings/x.yaml", around)
    return flat_reader(text, DelimitedReader(encoding, delimiter, ("a", "b"), (), "a", "mappings/x.yaml"))


def read(each: FlatReader, folder: Path, content: bytes) -> list[Chunk]:
    (folder / "x.txt").write_bytes(content)
    found = each.survey(folder / "x.txt")
    assert found.layout is not None, found.problems
    chunks = [each.parse(span, found.layout) for span in each.spans(found.layout)]
    aside = FlatSetAside()
    for chunk in chunks:
        for broken in chunk.broken:
            aside.raw_record(found.layout, broken.start, broken.length)
    return chunks


def cells(chunks: list[Chunk]) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in rows(chunks)]


def test_quotes_are_characters_like_any_other(tmp_path: Path) -> None:
    content = b'a\tb\r\n1\t5" disk\r\n"2\tx"\r\n\r\n3\t"both"\r\n4\r\n5\tx\ty\r\n'
    [chunk] = read(made("\t", quoted=False), tmp_path, content)
    assert cells([chunk]) == [("1", '5" disk'), ('"2', 'x"'), ("3", '"both"')]
    assert chunk.positions.file_line.tolist() == [2, 3, 5]
    assert [(each.file_line, each.problem.code) for each in chunk.broken] == [(6, "ROW_TOO_SHORT"), (7, "ROW_TOO_LONG")]


def test_a_delimiter_of_several_characters(tmp_path: Path) -> None:
    content = b'a||b\n1|x||"y""||\nz"\n2||say "hi"||\n3||"open\n4||5" disk\n'
    [chunk] = read(made("||", quoted=True), tmp_path, content)
    assert cells([chunk]) == [("1|x", 'y"||\nz'), ("4", '5" disk')]
    assert chunk.positions.file_line.tolist() == [2, 6]
    assert [(each.file_line, each.problem.code) for each in chunk.broken] == [
        (4, "ROW_TOO_LONG"),
        (5, "UNCLOSED_QUOTE"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_in_quotes_stay_as_they_are(tmp_path: Path, end: str) -> None:
    rows_given = [("1", "x\ry"), ("2", "x\r\n\ny"), ("3", "\n"), ("4", "\r"), ("5", "z\r\r\n")]
    content = end.join(["a||b", *(f'{a}||"{b}"' for a, b in rows_given), ""]).encode()
    assert cells(read(made("||", quoted=True), tmp_path, content)) == rows_given


def test_bytes_that_cannot_be_read_in_a_further_line_cost_their_record(tmp_path: Path) -> None:
    [chunk] = read(made("||", quoted=True), tmp_path, b'a||b\n1||"x\n\xff"\n2||y\n')
    assert cells([chunk]) == [("2", "y")]
    assert [(each.file_line, each.problem.code) for each in chunk.broken] == [(2, "UNDECODABLE")]


def test_lines_around_the_records(tmp_path: Path) -> None:
    around = Around(skip=1, comment=";", footer=("2 records",), fallback="cp1252")
    content = "Report\n; header\na\tb\n; x\n1\té\n2 records\n".encode("cp1252")
    [chunk] = read(made("\t", quoted=False, around=around), tmp_path, content)
    assert (cells([chunk]), chunk.positions.file_line.tolist()) == ([("1", "é")], [5])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "shift_jis"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str) -> None:
    each = made("\t", quoted=False, encoding=encoding)
    for end in ("\n", "\r\n", "\r"):
        [chunk] = read(each, tmp_path, f"a\tb{end}1\tx{end}2\ty".encode(encoding))
        assert (cells([chunk]), chunk.positions.file_line.tolist()) == ([("1", "x"), ("2", "y")], [2, 3])


def test_bytes_that_cannot_be_read_cost_their_record(tmp_path: Path) -> None:
    content = b"a\tb\n1\t\xff\n2\ty\n3\t" + b"z" * RECORD_BYTES + b"\n4\tok"
    [chunk] = read(made("\t", quoted=False), tmp_path, content)
    assert cells([chunk]) == [("2", "y"), ("4", "ok")]
    assert [each.problem.code for each in chunk.broken] == ["UNDECODABLE", "RECORD_TOO_LARGE"]


def test_what_keeps_a_file_from_being_read(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes("a\tb".encode("utf-16"))
    assert [each.code for each in made("\t", quoted=False).survey(path).problems] == ["WRONG_ENCODING"]
    path.write_bytes(b"odd")
    assert [each.code for each in made("\t", quoted=False, encoding="utf-16").survey(path).problems] == [
        "WRONG_ENCODING"
    ]
    path.write_bytes(b"a\tb")
    around = Around(header_has=("c",))
    assert [each.code for each in made("\t", quoted=False, around=around).survey(path).problems] == ["HEADER_NOT_FOUND"]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip)
QUOTED = st.text(st.sampled_from(["|", '"', "a", "\n", ",", "é"]), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT.filter(bool), TEXT), min_size=1, max_size=5))
def test_round_trip_without_quotes(tmp_path: Path, table: list[tuple[str, str]]) -> None:
    trip(tmp_path, made("\t", quoted=False), DelimitedWriter(("a", "b"), "\t", quoted=False), table)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(QUOTED.filter(bool), QUOTED), min_size=1, max_size=5))
def test_round_trip_with_a_long_delimiter(tmp_path: Path, table: list[tuple[str, str]]) -> None:
    trip(tmp_path, made("||", quoted=True), DelimitedWriter(("a", "b"), "||"), table)


def trip(folder: Path, each: FlatReader, writer: DelimitedWriter, table: list[tuple[str, str]]) -> None:
    columns = {name: pa.array([row[place] for row in table]) for place, name in enumerate(("a", "b"))}
    fragment, failures = writer.render(columns, np.arange(len(table)))
    assert failures == []
    chunks = read(each, folder, writer.header() + bytes(fragment.data))
    assert [each for chunk in chunks for each in chunk.broken] == []
    assert [tuple(cell or "" for cell in row) for row in cells(chunks)] == table
