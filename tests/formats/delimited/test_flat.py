"""Flat copies: rows that remember where they come from, records that became none, rows that come back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from exchange.formats.delimited.flat import (
    FlatCopy,
    FlatReader,
    FlatSetAside,
    flat_path,
    flat_reader,
    natural,
    returned_rows,
)
from exchange.formats.delimited.reader import DelimitedReader
from exchange.kernel.layout import REJECT_COLUMNS, Layout
from exchange.kernel.problems import Problem

BAD = Problem("NOT_THIS_RECORD", detail={"reason": "of a test"})


def lines(path: Path, copy: FlatCopy) -> Iterable[Problem]:
    """Flatten a made-up format: `key value` on each line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if number == 1:
            copy.header(["key", "value"])
        cells = line.split(" ")
        if line == "stop":
            yield Problem("NOT_THIS_FORMAT", detail={"format": "made up", "reason": "of a test", "mapping": "m"})
        elif len(cells) != 2:
            copy.add_broken(line, number, BAD, cells[0] or None)
        else:
            problems = [Problem("NOT_A_SINGLE_VALUE", field="value", detail={"found": "x"})] if "?" in line else []
            copy.add([str(number), *cells], number, problems)


def made(*wanted: str) -> FlatReader:
    rows = DelimitedReader("latin-1", ";", wanted or ("key", "value"), (), "key", "mappings/x.yaml")
    return flat_reader(lines, rows)


def source(folder: Path, text: str) -> Path:
    path = folder / "x.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_problems_and_broken_records_know_their_lines(tmp_path: Path) -> None:
    each = made()
    layout = each.survey(source(tmp_path, 'a 1\n\nb 2?\nc\nd "x",y\n')).layout
    assert layout is not None
    [chunk] = [each.parse(span, layout) for span in each.spans(layout)]
    assert chunk.frame["value"].tolist() == ["1", "2?", '"x",y']
    assert chunk.positions.file_line.tolist() == [1, 3, 5]
    assert chunk.positions.record.tolist() == [0, 2, 4]
    assert [(each.file_line, each.record, each.code) for each in chunk.problems] == [(3, 2, "NOT_A_SINGLE_VALUE")]
    told = [(each.file_line, each.record, each.key, each.problem.code) for each in chunk.broken]
    assert told == [(2, 1, None, "NOT_THIS_RECORD"), (4, 3, "c", "NOT_THIS_RECORD")]
    aside = FlatSetAside()
    assert [aside.raw_record(layout, each.start, each.length) for each in chunk.broken] == [b"", b"c"]
    assert each.count(layout) == 5


def test_nothing_is_said_of_the_copys_own_column(tmp_path: Path) -> None:
    assert made().survey(source(tmp_path, "a 1\n")).problems == ()
    assert [each.code for each in made("key").survey(source(tmp_path, "a 1\n")).problems] == ["EXTRA_COLUMNS"]


def test_a_problem_of_the_file_refuses_it_whole_and_its_records_are_counted(tmp_path: Path) -> None:
    found = made().survey(source(tmp_path, "a 1\nb 2\nstop\n"))
    assert (found.refused, [each.code for each in found.problems]) == (True, ["NOT_THIS_FORMAT"])
    assert found.layout is not None
    assert made().count(found.layout) == 2


def test_an_empty_file(tmp_path: Path) -> None:
    assert [each.code for each in made().survey(source(tmp_path, "")).problems] == ["FILE_EMPTY"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_set_aside_come_back_as_csv(tmp_path: Path, delimiter: str) -> None:
    each = made()
    layout = each.survey(source(tmp_path, "a 1\nb 2,3\n")).layout
    assert layout is not None
    [chunk] = [each.parse(span, layout) for span in each.spans(layout)]
    where = chunk.positions
    cells = [("f00ba4000000-0001", "2", "value", "2", "X", "bad, isn't it", "write")]
    rejects = b"".join(FlatSetAside().reject_rows(layout, [(int(where.start[1]), int(where.length[1]), cells[0])]))
    assert rejects.startswith(b"\xef\xbb\xbf_record,key,value,_reject_id,")
    held = b"".join(FlatSetAside().held_rows(layout, [(int(where.start[0]), int(where.length[0]))]))
    for text, ids in ((rejects, {0: "f00ba4000000-0001"}), (held, {})):
        path = tmp_path / "back.csv"
        path.write_bytes(text if delimiter == "," else text.replace(b",", delimiter.encode()))
        again = each.survey(path).layout
        assert again is not None
        assert (again.reject_ids, again.lines, again.delimiter) == (ids, None, delimiter)
        assert sum(len(each.parse(span, again).frame) for span in each.spans(again)) == each.count(again)


def test_a_workbook_saved_from_rejects_keeps_its_ids(tmp_path: Path) -> None:
    """A format whose own columns end with the reject columns is a returned file as well."""
    with FlatCopy(flat_path(tmp_path / "x.txt")) as copy:
        copy.header(["_record", "key", *REJECT_COLUMNS])
        copy.add(["7", "a", "f00ba4000000-0001", *[""] * 6], 2)
    assert copy.columns[0] == "_record"
    found = made("key").rows.survey(copy.path)
    assert found.layout is not None
    assert copy.layout(found.layout).reject_ids == {0: "f00ba4000000-0001"}


def test_what_no_encoding_holds_is_found_when_it_is_read(tmp_path: Path) -> None:
    with FlatCopy(flat_path(tmp_path / "x.txt")) as copy:
        copy.header(["key"])
        copy.add(["1", "\ud800"], 1)
        copy.add(["2", "ok"], 2)
    each = made("key")
    layout = each.rows.survey(copy.path).layout
    assert layout is not None
    [chunk] = [each.parse(span, copy.layout(layout)) for span in each.spans(layout)]
    assert [each.problem.code for each in chunk.broken] == ["UNDECODABLE"]
    assert len(chunk.frame) == 1


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [
        (b"_record,a\n", ","),
        (b"\xef\xbb\xbf_record;a\r\n", ";"),
        (b"a,b,_reject_id,_line\n", ","),
        (b'"_record","a"\n', ","),
        (b"a,b\n", None),
        (b'{"_record": 1}\n', None),
        (b"PK\x03\x04\xff\xff", None),
    ],
)
def test_rows_that_come_back_are_told_by_their_header(tmp_path: Path, head: bytes, delimiter: str | None) -> None:
    (tmp_path / "x").write_bytes(head)
    assert returned_rows(tmp_path / "x") == delimiter


def test_long_records_are_kept_in_front(tmp_path: Path) -> None:
    with FlatCopy(flat_path(tmp_path / "x.txt")) as copy:
        copy.header(["key"])
        copy.add_broken("line\n" * 100_000, 1, BAD)
        copy.add(["1", "ok"], 2)
    assert copy.rows == 2
    layout = made("key").rows.survey(copy.path).layout
    assert layout is not None
    [chunk] = [made("key").parse(span, copy.layout(layout)) for span in made("key").spans(layout)]
    assert ([each.problem.code for each in chunk.broken], len(chunk.frame)) == (["NOT_THIS_RECORD"], 1)


def test_rows_know_which_record_they_are_of(tmp_path: Path) -> None:
    def several(path: Path, copy: FlatCopy) -> Iterable[Problem]:
        del path
        copy.header(["key", "value"])
        copy.add(["0", "a", "1"], 1)
        copy.add(["1", "b", "2"], 2)
        copy.add_further([None, "b", "3"], 3, [BAD])
        copy.add_record([["2", "c", "4"], [None, "c", "5"], [None, "c", "6"]], [4, 5, 6])
        copy.add_broken("odd", 7, BAD)
        copy.add_record([["4", "d", "7"]], [8])
        return ()

    each = flat_reader(several, made().rows)
    layout = each.survey(source(tmp_path, "x")).layout
    assert isinstance(layout, Layout)
    assert layout.records is not None
    assert list(layout.records) == [0, 1, 1, 2, 2, 2, 3, 4]
    assert list(layout.lines or ()) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert layout.found.keys() == {2, 6}
    assert each.count(layout) == 5


def test_where_each_row_is_a_record_nothing_is_kept_of_that(tmp_path: Path) -> None:
    layout = made().survey(source(tmp_path, "a 1\nb 2\n")).layout
    assert layout is not None
    assert (layout.records, made().count(layout)) == (None, 2)


def test_names_are_sorted_by_their_numbers() -> None:
    assert sorted(["i10", "i9", "i", "a2b", "i1x", "10"], key=natural) == ["10", "a2b", "i", "i1x", "i9", "i10"]
