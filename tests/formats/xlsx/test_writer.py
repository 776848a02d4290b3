"""Workbooks of text cells: exact, the same bytes each time, and nothing cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.formats.delimited.render import DelimitedWriter
from exchange.formats.xlsx.writer import CELL_CHARACTERS, too_long, write_workbook
from tests.formats.delimited.test_reader import rows
from tests.formats.xlsx.test_flatten import chunk_of, made


def written(folder: Path, columns: dict[str, list[str | None]]) -> Path:
    writer = DelimitedWriter(tuple(columns))
    size = len(next(iter(columns.values())))
    fragment, _ = writer.render(
        {name: pa.array(cells, pa.string()) for name, cells in columns.items()}, np.arange(size)
    )
    (folder / "rows.csv").write_bytes(writer.header() + bytes(fragment.data))
    write_workbook(folder / "rows.csv", folder / "x.xlsx", "Orders")
    return folder / "x.xlsx"


def test_what_a_spreadsheet_would_spoil_stays(tmp_path: Path) -> None:
    cells: list[str | None] = ["00123", "12E5", "=1+1", "2026-03-04", "4006381333931", "https://x.y", "", "TRUE"]
    path = written(tmp_path, {"no": list("12345678"), "sku": cells})
    assert [row["sku"] or "" for row in rows([chunk_of(made("no", "sku", name="Orders"), path)])] == cells


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path, {"no": ["1"]}).read_bytes()
    assert written(tmp_path, {"no": ["1"]}).read_bytes() == first


def test_a_cell_that_would_be_cut_is_refused() -> None:
    long = "x" * CELL_CHARACTERS
    columns = {"a": pa.array([long, long + "x", None]), "b": pa.array(["", "", "😀" * (CELL_CHARACTERS // 2 + 1)])}
    found = [
        (each.row, each.field, each.code, each.detail["length"]) for each in too_long(columns, np.array([4, 5, 6]))
    ]
    assert found == [(5, "a", "TOO_LONG", 32768), (6, "b", "TOO_LONG", 32768)]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT.filter(str.strip), TEXT), min_size=1, max_size=4))
def test_round_trip(tmp_path: Path, table: list[tuple[str, str]]) -> None:
    path = written(tmp_path, {"no": [no for no, _ in table], "sku": [sku for _, sku in table]})
    again = rows([chunk_of(made("no", "sku"), path)])
    assert [(row["no"], row["sku"] or "") for row in again] == table
