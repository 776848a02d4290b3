"""Documents into fixed width: in their places or refused, never cut; and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.formats.fixed.writer import FixedWriter
from tests.formats.delimited.test_reader import rows
from tests.formats.fixed.telegrams import shape
from tests.formats.fixed.test_flatten import chunk_of, made

COLUMNS = ("order", "name", "article", "quantity")


def write(
    folder: Path, header: dict[str, list[str]], lines: dict[str, list[str]], owner: list[int]
) -> tuple[bytes, list[tuple[int, str, str]]]:
    writer = FixedWriter(shape(), "\r\n")
    columns = [{name: pa.array(cells, pa.string()) for name, cells in level.items()} for level in (header, lines)]
    fragment, failures = writer.render(columns[0], columns[1], np.array(owner))
    (folder / "body").write_bytes(fragment.data)
    writer.pack(folder / "body", folder / "out")
    return (folder / "out").read_bytes(), [(each.row, each.field, each.code) for each in failures]


def test_telegrams(tmp_path: Path) -> None:
    made, failures = write(
        tmp_path,
        {"order": ["A1"], "name": ["Jürgen"], "source": ["HOST"]},
        {"position": ["1", "2"], "article": ["X", "Y"], "quantity": ["1.5", "-2"]},
        [0, 0],
    )
    assert failures == []
    head, first, second, end = made.decode("latin-1").split("\r\n")[:-1]
    assert (len(head), head[:10], head[40:49], head[52:72].strip(), head[72:78]) == (
        160,
        "HOST      ",
        "AUSK00056",
        "A1",
        "Jürgen",
    )
    assert (len(first), first[69:75], first[95:107]) == (112, "000001", "000000001500")
    assert second[95:107] == "-00000002000"
    assert end[40:] == "END      " + "000002" + "000001" + "-00000000500"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "x" * 41, "TOO_LONG"),
        ("name", "a\nb", "ILLEGAL_CHARACTER"),
        ("name", "Łódź", "ILLEGAL_CHARACTER"),
        ("quantity", "1.2345", "PATTERN_MISMATCH"),
        ("quantity", "1e3", "NOT_A_NUMBER"),
        ("quantity", "1234567890", "TOO_LONG"),
        ("position", "1.5", "NOT_AN_INTEGER"),
        ("position", "one", "NOT_A_NUMBER"),
        ("position", "-123456", "TOO_LONG"),
    ],
)
def test_what_does_not_fit_costs_its_document(tmp_path: Path, field: str, value: str, code: str) -> None:
    header = {"order": ["A1", "A2"], "name": ["Ü", "Mara"]}
    lines = {"position": ["1", "1"], "article": ["X", "Y"], "quantity": ["1", "2"]}
    (header if field in header else lines)[field][0] = value
    made, failures = write(tmp_path, header, lines, [0, 1])
    assert failures == [(0, field, code)]
    assert b"A1 " not in made
    assert b"A2 " in made


def test_trailing_zeros_are_no_decimals_and_blanks_stay_blank(tmp_path: Path) -> None:
    made, failures = write(
        tmp_path, {"order": ["A1"], "name": [""]}, {"quantity": ["1.50000", ""], "article": ["X", "Y"]}, [0, 0]
    )
    assert failures == []
    assert [text[95:107] for text in made.decode("latin-1").split("\r\n")[1:3]] == ["000000001500", " " * 12]


TEXT = st.text(st.characters(codec="iso-8859-1", exclude_categories=["Cc"]), max_size=20).map(
    lambda text: text.strip(" ")
)
QUANTITY = st.integers(0, 10**11).map(lambda value: f"{value // 1000}.{value % 1000:03}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, st.lists(st.tuples(TEXT, QUANTITY), min_size=1, max_size=3)), min_size=1, max_size=4))
def test_round_trip(tmp_path: Path, documents: list[tuple[str, list[tuple[str, str]]]]) -> None:
    lines = [line for _, own in documents for line in own]
    owner = [number for number, (_, own) in enumerate(documents) for _ in own]
    header = {"order": [str(number) for number in range(len(documents))], "name": [name for name, _ in documents]}
    columns = {"article": [article for article, _ in lines], "quantity": [quantity for _, quantity in lines]}
    _, failures = write(tmp_path, header, columns, owner)
    assert failures == []
    found = made().survey(tmp_path / "out")
    assert not found.refused, found.problems
    again = [tuple(cell or "" for cell in row.values()) for row in rows([chunk_of(found)])]
    assert [row[1:2] + row[3:] for row in again] == [
        (str(number), *line) for number, line in zip(owner, lines, strict=True)
    ]
    assert [row[2] for row in again if row[0]] == [name for name, _ in documents]
