"""Writing by columns: the bytes of a plain CSV writer, document by document."""

from __future__ import annotations

import csv
import io
import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.delimited.render import DelimitedWriter
from exchange.kernel.chunk import Fragment
from tests.formats.delimited.test_reader import rows


def text(*cells: str | None) -> pa.Array:
    return pa.array(cells, pa.string())


def pieces(fragment: Fragment) -> list[bytes]:
    edges = [0, *fragment.ends.tolist()]
    return [bytes(fragment.data[begin:end]) for begin, end in pairwise(edges)]


def test_documents_are_cut_by_their_rows() -> None:
    writer = DelimitedWriter(("A", "B"))
    columns = {"B": text("x", None, "=1+1", "'z"), "A": text("1", "1", "2", "3")}
    fragment, failures = writer.render(columns, np.array([4, 4, 7, 9]))
    assert (failures, writer.header(), writer.footer()) == ([], b"A,B\n", b"")
    assert pieces(fragment) == [b"1,x\n1,\n", b"2,=1+1\n", b"3,'z\n"]
    assert (fragment.records.tolist(), fragment.documents.tolist()) == ([2, 1, 1], [4, 7, 9])


def test_only_cells_that_need_quotes_get_them() -> None:
    writer = DelimitedWriter(("A", "B;C"), delimiter=";", newline="\r\n")
    fragment, _ = writer.render(
        {"A": text('say "hi"', "a,b", None), "B;C": text("x;y", "l1\nl2", "c\rd")}, np.arange(3)
    )
    assert writer.header() == b'A;"B;C"\r\n'
    assert pieces(fragment) == [b'"say ""hi""";"x;y"\r\n', b'a,b;"l1\nl2"\r\n', b';"c\rd"\r\n']


def test_slices_and_empty_frames() -> None:
    writer = DelimitedWriter(("A", "B"))
    fragment, _ = writer.render({"A": text("0", "1", "2,x").slice(1), "B": text("p", "q", "r").slice(1)}, np.arange(2))
    assert bytes(fragment.data) == b'1,q\n"2,x",r\n'
    fragment, failures = writer.render({"A": text(), "B": text()}, np.array([], np.int64))
    assert (bytes(fragment.data), fragment.ends.tolist(), failures) == (b"", [], [])


def test_a_lone_empty_cell_is_still_a_line() -> None:
    fragment, _ = DelimitedWriter(("A",)).render({"A": text(None, "", "x")}, np.arange(3))
    assert bytes(fragment.data) == b'""\n""\nx\n'


def test_a_document_that_the_encoding_cannot_hold_is_left_out() -> None:
    writer = DelimitedWriter(("A", "B"), encoding="cp1252")
    columns = {"A": text("Größe", "ok", "ok"), "B": text("x", "Łódź", "y")}
    fragment, [failure] = writer.render(columns, np.array([0, 0, 1]))
    assert pieces(fragment) == [b"ok,y\n"]
    assert (fragment.documents.tolist(), fragment.records.tolist()) == ([1], [1])
    assert (failure.row, failure.field, failure.value, failure.code) == (1, "B", "Łódź", "ILLEGAL_CHARACTER")
    assert failure.detail == {"character": "U+0141", "target": "cp1252"}


def test_other_encodings_are_exact() -> None:
    for encoding in ("utf-16", "utf-8-sig", "shift_jis", "cp437"):
        writer = DelimitedWriter(("A", "B"), encoding=encoding)
        fragment, failures = writer.render({"A": text("1", "2"), "B": text("x,y", "z")}, np.arange(2))
        assert failures == []
        assert (writer.header() + bytes(fragment.data)).decode(encoding) == 'A,B\n1,"x,y"\n2,z\n'


def test_a_writer_can_be_pickled() -> None:
    writer = DelimitedWriter(("A",))
    assert pickle.loads(pickle.dumps(writer)) == writer


CELLS = st.one_of(st.none(), st.text(alphabet='ab,;"\n\r é😀\t', max_size=6))


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_what_is_written_reads_back_the_same(rows: list[tuple[str | None, ...]]) -> None:
    names = ("A", "B", "C")
    columns = {name: text(*column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    fragment, _ = DelimitedWriter(names).render(columns, np.arange(len(rows)))
    back = list(csv.reader(io.StringIO(bytes(fragment.data).decode(), newline="")))
    assert back == [[cell or "" for cell in row] for row in rows]
    assert len(pieces(fragment)) == len(rows)


DIALECTS = st.tuples(
    st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "cp1252", "utf-16", "shift_jis"])
)
PLAIN = st.text(alphabet='ab,;|\t"\n 1', max_size=6)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PLAIN.filter(str.strip), PLAIN), min_size=1, max_size=8), DIALECTS)
def test_a_round_trip_in_every_dialect(tmp_path: Path, table: list[tuple[str, str]], dialect: tuple[str, str]) -> None:
    """What is written is read by the product's own reader, and it is the same."""
    delimiter, encoding = dialect
    columns = {name: text(*column) for name, column in zip(("A", "B"), zip(*table, strict=True), strict=True)}
    writer = DelimitedWriter(("A", "B"), delimiter, encoding)
    fragment, failures = writer.render(columns, np.arange(len(table)))
    assert failures == []
    path = tmp_path / "x.csv"
    path.write_bytes(writer.header() + bytes(fragment.data))
    reader = DelimitedReader(encoding, delimiter, ("A", "B"), (), "A", "m.yaml")
    layout = reader.survey(path).layout
    assert layout is not None
    chunks = [reader.parse(span, layout) for span in reader.spans(layout)]
    assert [each for chunk in chunks for each in chunk.broken] == []
    cells = [(row["A"], row["B"] if isinstance(row["B"], str) else "") for row in rows(chunks)]
    assert cells == table


ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4)


@given(st.lists(st.tuples(CELLS, CELLS, ROWS), min_size=1, max_size=5), st.permutations(["A", "B", "C", "D", "E"]))
@settings(max_examples=80, deadline=None)
def test_shared_cells_come_out_as_if_they_were_repeated_on_every_row(documents: list[Any], names: list[str]) -> None:
    writer = DelimitedWriter(tuple(names))
    owner = np.repeat(np.arange(len(documents)), [len(rows) for *_, rows in documents])
    rows = [row for *_, own in documents for row in own]
    lines = {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate("ABC")}
    shared = {name: pa.array([made[place] for made in documents], pa.string()) for place, name in enumerate("DE")}
    spread = {name: column.take(pa.array(owner)) for name, column in shared.items()}

    once, _ = writer.render(lines, owner, shared)
    repeated, _ = writer.render({**lines, **spread}, owner)

    assert bytes(once.data) == bytes(repeated.data)
    assert (once.ends.tolist(), once.records.tolist()) == (repeated.ends.tolist(), repeated.records.tolist())
