"""Fixed width into rows: orders with their lines, trailers that count, lines that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.formats.delimited.flat import FlatReader, FlatSetAside, flat_reader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.fixed.flatten import FixedWidth
from exchange.kernel.chunk import Chunk
from exchange.kernel.layout import Survey
from tests.formats.delimited.test_reader import rows
from tests.formats.fixed.telegrams import head, line, order, shape, trailer

COLUMNS = ("_record", "order", "name", "article", "quantity")


def made(**changes: object) -> FlatReader:
    rows = DelimitedReader("utf-8", ",", COLUMNS, (), "order", "mappings/x.yaml")
    return flat_reader(FixedWidth(shape(**changes), "order", "mappings/x.yaml"), rows)


def survey(
    folder: Path, *lines: str, end: str = "\n", each: FlatReader | None = None, encoding: str = "latin-1"
) -> Survey:
    path = folder / "x.txt"
    path.write_bytes("".join(text + end for text in lines).encode(encoding))
    return (each or made()).survey(path)


def chunk_of(found: Survey, each: FlatReader | None = None) -> Chunk:
    assert found.layout is not None, found.problems
    reader = each or made()
    chunk: Chunk
    [chunk] = [reader.parse(span, found.layout) for span in reader.spans(found.layout)]
    return chunk


def cells(chunk: Chunk) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in rows([chunk])]


def codes(found: Survey) -> list[str]:
    return [problem.code for problem in found.problems if problem.code != "EXTRA_COLUMNS"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_order_stands_on_the_first_row_of_its_lines(tmp_path: Path, end: str) -> None:
    texts = [
        order("A1", "Jürgen Groß"),
        line("A1", 1, "X", "1500"),
        "",
        line("A1", 2, "Y", "000000002000"),
        order("A2"),
    ]
    found = survey(tmp_path, *texts, head("TEXT") + "anything", trailer(2, 2, 3500), end=end)
    assert codes(found) == []
    chunk = chunk_of(found)
    assert cells(chunk) == [
        ("1", "A1", "Jürgen Groß", "X", "1.500"),
        (None, "A1", None, "Y", "2.000"),
        ("2", "A2", None, None, None),
    ]
    assert chunk.positions.file_line.tolist() == [1, 4, 5]


def test_lines_of_another_order_do_not_join(tmp_path: Path) -> None:
    chunk = chunk_of(
        survey(tmp_path, line("A0", 1, "W", "1000"), order("A1"), line("A2", 1, "X", "1000"), trailer(2, 1, 2000))
    )
    assert [row[:2] + row[3:4] for row in cells(chunk)] == [(None, "A0", "W"), ("1", "A1", None), (None, "A2", "X")]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (trailer(1, 1, 1000), []),
        (trailer(2, 1, 1000), ["TRAILER_MISMATCH"]),
        (trailer(1, 2, 1001), ["TRAILER_MISMATCH", "TRAILER_MISMATCH"]),
        (f"{head('END')}onetwo{'x':12}      ", ["TRAILER_MISMATCH"] * 3),
        ("", ["TRAILER_MISSING"]),
    ],
)
def test_trailers_are_checked(tmp_path: Path, end: str, expected: list[str]) -> None:
    found = survey(tmp_path, order("A1"), line("A1", 1, "X", "1000"), end)
    assert codes(found) == expected
    assert found.refused == bool(expected)
    assert found.layout is not None
    assert made().count(found.layout) == 1


def test_each_trailer_counts_from_the_one_before(tmp_path: Path) -> None:
    batch = [order("A1"), line("A1", 1, "X", "1000"), trailer(1, 1, 1000)]
    assert codes(survey(tmp_path, *batch, *batch)) == []
    assert codes(survey(tmp_path, *batch, *batch[:2])) == ["TRAILER_MISSING"]


def test_what_is_no_record_is_kept_with_its_order(tmp_path: Path) -> None:
    texts = [order("A1"), "odd", line("A1", 1, "X", "1000")[:-1], line("A1", 2, "Y", "1000") + "?", order("A2")]
    found = survey(tmp_path, *texts, trailer(2, 2, 0))
    chunk = chunk_of(found)
    told = [(each.file_line, each.key, each.problem.code) for each in chunk.broken]
    assert told == [
        (2, "A1", "UNKNOWN_RECORD_TYPE"),
        (3, "A1", "WRONG_RECORD_LENGTH"),
        (4, "A1", "WRONG_RECORD_LENGTH"),
    ]
    assert "111 places long, 112 are expected" in chunk.broken[1].problem.message
    assert found.layout is not None
    assert FlatSetAside().raw_record(found.layout, chunk.broken[0].start, chunk.broken[0].length) == b"odd"
    assert [row[1] for row in cells(chunk)] == ["A1", "A2"]


def test_a_cut_off_end_is_taken_where_the_mapping_says_so(tmp_path: Path) -> None:
    each = made(short="accept")
    texts = [order("A1", "Mara").rstrip(), line("A1", 1, "X", "1000", "").rstrip(), trailer(1, 1, 1000)]
    assert cells(chunk_of(survey(tmp_path, *texts, each=each), each)) == [("1", "A1", "Mara", "X", "1.000")]


def test_places_count_bytes_where_the_mapping_says_so(tmp_path: Path) -> None:
    """One sample of such telegrams is UTF-8 in places that were counted as bytes."""
    name = "Jürgen Groß"
    texts = [order("A1", name)[:-2], line("A1", 1, "X", "1000"), trailer(1, 1, 1000)]
    by_bytes = made(encoding="utf-8", places="bytes")
    assert cells(chunk_of(survey(tmp_path, *texts, each=by_bytes, encoding="utf-8"), by_bytes))[0][2] == name
    by_characters = made(encoding="utf-8")
    broken = chunk_of(survey(tmp_path, *texts, each=by_characters, encoding="utf-8"), by_characters).broken
    assert [each.problem.code for each in broken] == ["WRONG_RECORD_LENGTH"]


def test_encodings(tmp_path: Path) -> None:
    texts = [order("A1", "Ünal"), line("A1", 1, "X", "1000"), trailer(1, 1, 1000)]
    each = made(encoding="utf-16")
    assert cells(chunk_of(survey(tmp_path, *texts, each=each, encoding="utf-16"), each))[0][2] == "Ünal"
    assert codes(survey(tmp_path, *texts, each=made(encoding="utf-8"), encoding="utf-16")) == ["WRONG_ENCODING"]
    wrong = made(encoding="utf-8")
    broken = chunk_of(survey(tmp_path, *texts, each=wrong), wrong).broken
    assert [each.problem.code for each in broken] == ["UNDECODABLE"]


def test_one_type_of_record_is_a_row_each_with_the_files_own_cells(tmp_path: Path) -> None:
    records = [
        {"name": "file", "code": "H", "role": "file", "fields": [{"name": "client", "start": 2, "length": 3}]},
        {"name": "row", "code": "R", "fields": [{"name": "order", "start": 2, "length": 3}]},
    ]
    form = {"records": records, "record_type_at": 1}
    each = flat_reader(
        FixedWidth(shape(**form), "order", "m"),
        DelimitedReader("utf-8", ",", ("_record", "order", "client"), (), "order", "m"),
    )
    chunk = chunk_of(survey(tmp_path, "HACM", "R1  ", "R1  ", each=each), each)
    assert cells(chunk) == [("1", "1", "ACM"), ("2", "1", "ACM")]
