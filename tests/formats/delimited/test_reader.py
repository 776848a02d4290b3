"""Spans and chunks: nothing lost, nothing doubled, every broken record told."""

from __future__ import annotations

import csv
import io
import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.formats.delimited.reader import DelimitedReader
from exchange.kernel.chunk import Chunk
from exchange.kernel.layout import Layout
from exchange.kernel.limits import RECORD_BYTES
from exchange.kernel.model import Span
from tests.samples.shared import shared

MESSY = shared("csv_messy")


def reader(*wanted: str, **options: Any) -> DelimitedReader:
    values: dict[str, Any] = {
        "encoding": "utf-8",
        "delimiter": ",",
        "wanted": wanted,
        "required": (),
        "group_key": None,
        "mapping": "mappings/shop/orders.yaml",
    }
    return DelimitedReader(**(values | options))


def layout_of(each: DelimitedReader, folder: Path, content: bytes) -> Layout:
    path = folder / "source.csv"
    path.write_bytes(content)
    found = each.survey(path)
    assert found.layout is not None, found.problems
    return found.layout


def read(each: DelimitedReader, folder: Path, content: bytes) -> tuple[Layout, list[Chunk]]:
    layout = layout_of(each, folder, content)
    return layout, [each.parse(span, layout) for span in each.spans(layout)]


def rows(chunks: Sequence[Chunk]) -> list[dict[str, str | None]]:
    return [
        {str(name): cell for name, cell in row.items()}
        for chunk in chunks
        for row in chunk.frame.astype(object).where(chunk.frame.notna(), None).to_dict("records")
    ]


def told(chunks: Sequence[Chunk]) -> list[tuple[str, int, str | None]]:
    return [(each.problem.code, each.file_line, each.key) for chunk in chunks for each in chunk.broken]


def test_wanted_columns_are_text_in_the_order_asked(tmp_path: Path) -> None:
    _, chunks = read(reader("b", "nowhere", "a"), tmp_path, b'a,b,c\n00123,"",x\nNA,1e5,y\n')
    assert rows(chunks) == [
        {"b": None, "nowhere": None, "a": "00123"},
        {"b": "1e5", "nowhere": None, "a": "NA"},
    ]


def test_positions_count_physical_lines_and_bytes(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbfa,b\r\n1,"x\r\ny"\r\n\r\n2,z\r3,"w\n"\n\n4,v'
    layout, chunks = read(reader("a", "b"), tmp_path, content)
    [chunk] = chunks
    where = chunk.positions
    assert where.file_line.tolist() == [2, 5, 6, 9]
    assert where.record.tolist() == [0, 1, 2, 3]
    cut = [content[start : start + length] for start, length in zip(where.start, where.length, strict=True)]
    assert cut == [b'1,"x\r\ny"', b"2,z", b'3,"w\n"', b"4,v"]
    assert (layout.bom, layout.newline, layout.first_line) == (b"\xef\xbb\xbf", b"\r\n", 2)
    assert rows(chunks)[0] == {"a": "1", "b": "x\r\ny"}


def test_ragged_rows_leave_the_stream_the_first_one_too(tmp_path: Path) -> None:
    content = b"Name,b,c\nK1,too,long,row\nK1,x,y\nK2,short\nK3,x,y\nshort\n"
    _, chunks = read(reader("Name", "b", group_key="Name"), tmp_path, content)
    assert [row["Name"] for row in rows(chunks)] == ["K1", "K3"]
    assert told(chunks) == [("ROW_TOO_LONG", 2, "K1"), ("ROW_TOO_SHORT", 4, "K2"), ("ROW_TOO_SHORT", 6, "short")]
    assert chunks[0].broken[0].problem.message == "the row has 4 cells, the header has 3 columns"


def test_a_broken_record_without_a_key_belongs_to_the_record_before(tmp_path: Path) -> None:
    content = b"a,Name,c\n1,K1,x\n2\n3,,,\n4,K2,x\n5\n"
    _, chunks = read(reader("Name", group_key="Name"), tmp_path, content)
    assert told(chunks) == [("ROW_TOO_SHORT", 3, "K1"), ("ROW_TOO_LONG", 4, "K1"), ("ROW_TOO_SHORT", 6, "K2")]


def test_sloppy_quotes_cost_nobody(tmp_path: Path) -> None:
    content = b'Name,b\n1,good\n2,Monitor 27"\n3,"a ""quoted"" word"\n4,"x"y\n5,"fine, too"\n'
    _, chunks = read(reader("Name", "b", group_key="Name"), tmp_path, content)
    assert [(row["Name"], row["b"]) for row in rows(chunks)] == [
        ("1", "good"),
        ("2", 'Monitor 27"'),
        ("3", 'a "quoted" word'),
        ("5", "fine, too"),
    ]
    assert told(chunks) == [("BROKEN_QUOTE", 5, "4")]


@pytest.mark.parametrize(
    "content",
    [
        b'Name,b\n1,x\n2,"open\n3,y\n4,z\n',
        b'Name,b\n1,x\n2,"open\n3,"y"\n4,z\n',
        b'Name,b\n1,x\n2,"open\n' + b"3,y\n4,z\n" * 600,
        b'Name,b\n1,x\n2,"open\n' + (b"3," + b"y" * 100_000 + b"\n4,z\n") * 12,
    ],
    ids=["to the end", "closed by the next row's quote", "over the lines limit", "over the bytes limit"],
)
def test_an_unclosed_quote_never_swallows_its_neighbours(tmp_path: Path, content: bytes) -> None:
    layout, chunks = read(reader("Name", group_key="Name"), tmp_path, content)
    assert told(chunks) == [("UNCLOSED_QUOTE", 3, "2")]
    assert len(rows(chunks)) == content.count(b"\n") - 2
    assert reader("Name").count(layout) == content.count(b"\n") - 1


def test_a_genuine_note_with_a_sloppy_quote_stays_one_record(tmp_path: Path) -> None:
    content = b'Name,b\n1,"Dear all,\nhe said "hello, you" and left"\n3,x\n'
    _, chunks = read(reader("Name", group_key="Name"), tmp_path, content)
    assert told(chunks) == [("BROKEN_QUOTE", 2, "1")]
    assert [row["Name"] for row in rows(chunks)] == ["3"]


def test_one_enormous_cell_is_told_and_not_held(tmp_path: Path) -> None:
    each = reader("Name", group_key="Name", span_bytes=64 * 1024)
    content = b"Name,b\n1,x\n2,x\n2," + b"y" * (90 * 1024 * 1024) + b"\r\n2,z\n3,x\n"
    layout = layout_of(each, tmp_path, content)
    spans = list(each.spans(layout))
    chunks = [each.parse(span, layout) for span in spans]
    assert [row["Name"] for row in rows(chunks)] == ["1", "2", "2", "3"]
    assert told(chunks) == [("RECORD_TOO_LARGE", 4, "2")]
    [broken] = [broken for chunk in chunks for broken in chunk.broken]
    assert (broken.start, broken.length, broken.record) == (15, 2 + 90 * 1024 * 1024, 2)
    assert [line for chunk in chunks for line in chunk.positions.file_line.tolist()] == [2, 3, 5, 6]
    assert each.count(layout) == 5


def test_a_line_just_over_the_limit_is_told_and_its_neighbours_are_read(tmp_path: Path) -> None:
    content = b"Name,b\n1,x\n2," + b"y" * RECORD_BYTES + b"\n3,z\n"
    _, chunks = read(reader("Name", group_key="Name"), tmp_path, content)
    assert told(chunks) == [("RECORD_TOO_LARGE", 3, "2")]
    assert [row["Name"] for row in rows(chunks)] == ["1", "3"]


def test_undecodable_bytes_cost_their_record_alone(tmp_path: Path) -> None:
    content = "Name,b\n1,é\n2,".encode() + b"\xe9\n3,x\n4,\xff"
    for sloppy in (b"", b'\n5,Monitor 27"'):
        _, chunks = read(reader("Name", "b", group_key="Name"), tmp_path, content + sloppy)
        assert told(chunks) == [("UNDECODABLE", 3, "2"), ("UNDECODABLE", 5, "4")]
        assert rows(chunks)[:2] == [{"Name": "1", "b": "é"}, {"Name": "3", "b": "x"}]
    problem = chunks[0].broken[0].problem
    assert problem.message == "byte 0xe9 at position 3 of the row is not utf-8"


def test_control_characters_are_problems_of_their_record(tmp_path: Path) -> None:
    content = "Name,b,c\n1,a\tb,x\n2,a\x07b,x\n3,x\x00,x\n4,y,\ufffe\n5,z,z\n".encode()
    _, [chunk] = read(reader("Name", "b", group_key="Name"), tmp_path, content)
    assert told([chunk]) == [("CONTROL_CHARACTER", 4, "3")]
    found = [(each.code, each.record, each.file_line, each.field, each.detail["character"]) for each in chunk.problems]
    assert found == [("CONTROL_CHARACTER", 1, 3, "b", "U+0007"), ("CONTROL_CHARACTER", 3, 5, "c", "U+FFFE")]
    assert chunk.frame["Name"].tolist() == ["1", "2", "4", "5"]


@pytest.mark.parametrize(
    ("encoding", "content", "bad"),
    [
        ("utf-8", "Größe 5 €".encode().decode("cp1252").encode(), True),
        ("utf-8", "naïve 😀".encode().decode("cp1252").encode(), True),
        ("utf-8", "Größe CAFÉ” MANHÃ É’S Ñ “Ü” 5 € 😀 שלום".encode(), False),
        ("cp1252", "Größe".encode(), True),
        ("cp1252", "Größe CAFÉ” ß".encode("cp1252"), False),
        ("latin-1", "Größe".encode(), True),
        ("cp1250", "Łódź".encode("cp1250"), False),
    ],
)
def test_mojibake_is_told_with_its_cell(tmp_path: Path, encoding: str, content: bytes, bad: bool) -> None:
    _, [chunk] = read(reader("a", "b", encoding=encoding), tmp_path, b"a,b\n1,plain\n2," + content + b"\n")
    assert not chunk.broken
    expected = [("MOJIBAKE", 1, 3, "b", content.decode(encoding))] if bad else []
    assert [(each.code, each.record, each.file_line, each.field, each.value) for each in chunk.problems] == expected
    assert rows([chunk])[1]["b"] == content.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "shift_jis"])
def test_other_encodings_are_transcoded_once(tmp_path: Path, encoding: str) -> None:
    each = reader("Name", "b", encoding=encoding)
    layout, chunks = read(each, tmp_path, 'Name,b\n1,"表,示"\n2,x\n'.encode(encoding))
    assert rows(chunks) == [{"Name": "1", "b": "表,示"}, {"Name": "2", "b": "x"}]
    assert (layout.encoding, layout.path.name) == ("utf-8", "source.csv.utf8")
    assert chunks[0].positions.file_line.tolist() == [2, 3]


def test_rows_of_a_group_stay_in_one_span(tmp_path: Path) -> None:
    content = b"Name,b\n" + b"".join(b"K%d,%d\n" % (row // 7, row) for row in range(500)) + b"short\nK71,9\n"
    for size in (16, 50, 333):
        each = reader("Name", group_key="Name", span_bytes=size)
        layout, chunks = read(each, tmp_path, content)
        assert len(chunks) > 5
        groups = [set(chunk.frame["Name"]) | {broken.key for broken in chunk.broken} for chunk in chunks]
        assert sum(len(group) for group in groups) == len(set().union(*groups))
        assert [record for chunk in chunks for record in chunk.positions.record.tolist()] == [*range(500), 501]
        assert each.count(layout) == 502


def test_scattered_ranges_are_read_together(tmp_path: Path) -> None:
    each = reader("Name", "b", group_key="Name")
    content = b'Name,b\n1,"x\ny"\n2,p\n1,"q"\n3,"o\n2,r\n9,"m\nn"\n'
    layout, chunks = read(each, tmp_path, content)
    whole = chunks[0]
    assert told(chunks) == [("UNCLOSED_QUOTE", 6, "3")]
    where = whole.positions
    for exact in (False, True):
        for picked in ([0, 2], [1, 3], [0, 4], [4]):
            ranges = tuple(
                (int(where.start[row]), int(where.length[row]), int(where.record[row]), int(where.file_line[row]))
                for row in picked
            )
            chunk = each.parse(Span(layout.path, ranges, exact), layout)
            assert rows([chunk]) == [rows(chunks)[row] for row in picked]
            assert chunk.positions.start.tolist() == where.start[picked].tolist()
            assert chunk.positions.length.tolist() == where.length[picked].tolist()
            assert chunk.positions.file_line.tolist() == where.file_line[picked].tolist()
            assert chunk.positions.record.tolist() == where.record[picked].tolist()


def test_an_open_range_never_runs_into_the_next(tmp_path: Path) -> None:
    each = reader("a", "b")
    layout = layout_of(each, tmp_path, b'a,b\n1,"x\n2,y\n3,z",w\n4,v\n')
    chunk = each.parse(Span(layout.path, ((4, 4, 0, 2), (13, 6, 2, 4)), exact=False), layout)
    assert told([chunk]) == [("UNCLOSED_QUOTE", 2, None), ("ROW_TOO_LONG", 4, None)] or rows([chunk]) == [
        {"a": '3,z"', "b": "w"}
    ]
    assert chunk.broken[0].problem.code == "UNCLOSED_QUOTE"


def test_reader_and_spans_can_be_pickled(tmp_path: Path) -> None:
    each = reader("a")
    layout = layout_of(each, tmp_path, b"a\n1\n")
    again, spans, same = pickle.loads(pickle.dumps((each, list(each.spans(layout)), layout)))
    assert rows([again.parse(spans[0], same)]) == [{"a": "1"}]


NASTY = st.text(alphabet='aaa,,;""\n\n\r é\0', max_size=60)


def expected_records(text: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text, newline="")) if row]


@settings(max_examples=400, deadline=None)
@given(text=NASTY, size=st.sampled_from([1, 3, 7, 20, 1000]), key=st.booleans())
@example(text='a,"', size=1, key=False)
@example(text='"a"a\r\n,"\n",a\n', size=3, key=True)
def test_spans_lose_and_double_nothing(
    tmp_path_factory: pytest.TempPathFactory, text: str, size: int, key: bool
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    each = reader("x", "y", group_key="x" if key else None, span_bytes=size)
    content = b"x,y\n" + text.encode()
    layout, chunks = read(each, folder, content)
    found = sorted(
        [
            (int(record), int(line), int(start), int(length))
            for chunk in chunks
            for record, line, start, length in zip(
                chunk.positions.record,
                chunk.positions.file_line,
                chunk.positions.start,
                chunk.positions.length,
                strict=True,
            )
        ]
        + [(each.record, each.file_line, each.start, each.length) for chunk in chunks for each in chunk.broken]
    )
    assert [record for record, *_ in found] == list(range(each.count(layout)))
    covered, position = b"", layout.data_start
    for _, line, start, length in found:
        assert start >= position
        covered += content[position:start]
        assert content[:start].decode().replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1 == line
        position = start + length
    covered += content[position:]
    assert not covered.strip(b"\r\n")

    whole = reader("x", "y", group_key="x" if key else None)
    at_once = [whole.parse(span, layout) for span in whole.spans(layout)]
    assert rows(at_once) == rows(chunks)
    assert told(at_once) == told(chunks) or not key
    broken = {each.record for chunk in chunks for each in chunk.broken}
    if all(each.problem.code.startswith("ROW_") for chunk in chunks for each in chunk.broken):
        expected = expected_records(text)
        assert len(expected) == len(found)
        good = [row for number, row in enumerate(expected) if number not in broken]
        assert [[row["x"] or "", row["y"] or ""] for row in rows(chunks)] == good


@pytest.mark.skipif(not MESSY.is_dir(), reason="the shared collection of messy CSV files is not here")
@pytest.mark.parametrize("name", sorted(path.stem for path in MESSY.glob("csv-spectrum/csvs/*.csv")))
def test_csv_spectrum_reads_as_expected(tmp_path: Path, name: str) -> None:
    content = (MESSY / "csv-spectrum" / "csvs" / f"{name}.csv").read_bytes()
    expected = json.loads((MESSY / "csv-spectrum" / "json" / f"{name}.json").read_text())
    if name == "location_coordinates":
        expected = [expected | {"Contact Phone Number": "2095257564"}]  # the collection's JSON has another number
    _, chunks = read(reader(*expected[0]), tmp_path, content)
    assert not told(chunks)
    assert [{key: value or "" for key, value in row.items()} for row in rows(chunks)] == expected


@pytest.mark.skipif(not MESSY.is_dir(), reason="the shared collection of messy CSV files is not here")
@pytest.mark.parametrize(
    ("name", "encoding", "broken"),
    [
        ("mac_newlines.csv", "utf-8", []),
        ("null_byte.csv", "utf-8", ["CONTROL_CHARACTER"]),
        ("test_utf8_bom.csv", "utf-8", []),
        ("test_utf16_big.csv", "utf-16", []),
        ("test_utf16_little.csv", "utf-16", []),
        ("bad.csv", "utf-8", ["ROW_TOO_LONG", "ROW_TOO_SHORT"]),
    ],
)
def test_csvkit_examples(tmp_path: Path, name: str, encoding: str, broken: list[str]) -> None:
    content = (MESSY / "csvkit-2.2.0" / name).read_bytes()
    each = reader(encoding=encoding)
    layout = layout_of(each, tmp_path, content)
    chunks = [reader(*layout.columns, encoding=encoding).parse(span, layout) for span in each.spans(layout)]
    assert [code for code, *_ in told(chunks)] == broken
    if not broken:
        text = content.decode(encoding).removeprefix("\ufeff")
        expected = expected_records(text)[1:]
        assert [[cell or "" for cell in row.values()] for row in rows(chunks)] == expected


def test_columns_that_fit_a_pattern_are_read_as_many_as_there_are(tmp_path: Path) -> None:
    each = reader("id", patterns=("item_*",))

    layout, chunks = read(each, tmp_path, b"item_1,id,item_2,other\na,1,b,x\n")

    assert rows(chunks) == [{"id": "1", "item_1": "a", "item_2": "b"}]
    assert [problem.detail["names"] for problem in each.survey(layout.path).problems] == ["other"]


def test_a_file_without_any_column_that_fits_a_pattern_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,itm_1\n1,a\n")

    found = reader("id", patterns=("item_*",)).survey(path)

    assert [(problem.code, problem.field) for problem in found.problems] == [
        ("MISSING_COLUMN", "item_*"),
        ("EXTRA_COLUMNS", None),
    ]
