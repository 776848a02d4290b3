"""Crosswalk tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.config.tables import load_table, load_tables
from exchange.kernel.errors import ConfigurationError, Mistake


@pytest.fixture
def put(tmp_path: Path) -> Path:
    (tmp_path / "mappings/tables").mkdir(parents=True)
    return tmp_path


def write(root: Path, content: bytes, name: str = "items") -> Path:
    (root / f"mappings/tables/{name}.csv").write_bytes(content)
    return root


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_all_cells_are_text_and_blanks_are_null(put: Path, newline: bytes, *, thorough: bool) -> None:
    rows = [b"\xef\xbb\xbfsku,item,note", b"A,0012, x ", b'B,"","a, ""b"""', "Ü,1e3,  ".encode(), b""]
    table, mistakes = load_table(write(put, newline.join(rows)), "items", thorough=thorough)
    assert mistakes == ()
    assert table is not None
    assert table.columns == ("sku", "item", "note")
    assert {name: cells.to_pylist() for name, cells in table.rows.items()} == {
        "sku": ["A", "B", "Ü"],
        "item": ["0012", None, "1e3"],
        "note": [" x ", 'a, "b"', None],
    }


def test_a_table_may_be_empty_below_its_header(put: Path) -> None:
    table, mistakes = load_table(write(put, b"sku,item"), "items")
    assert mistakes == ()
    assert table is not None
    assert [len(cells) for cells in table.rows.values()] == [0, 0]


def test_a_header_over_two_lines_is_read_the_exact_way(put: Path) -> None:
    table, mistakes = load_table(write(put, b'"s\nku",item\nA,1\n'), "items")
    assert mistakes == ()
    assert table is not None
    assert {name: cells.to_pylist() for name, cells in table.rows.items()} == {"s\nku": ["A"], "item": ["1"]}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (1, "the file is empty")),
        (b"\na,b\n", (1, "the first line is blank")),
        (b"a,,c\n1,2,3\n", (1, "column 2 has no name")),
        (b"a,b,a\n1,2,3\n", (1, "column 'a' occurs twice")),
        (b"a, b\n1,2\n", (1, "the column name ' b' has spaces around it")),
        (b'a,b\n"x\ny",2\n1\n', (4, "the line has 1 cell, the header has 2 columns")),
        (b"a,b\n\n1,2,3\n", (3, "the line has 3 cells, the header has 2 columns")),
        (b'a,b\n1,"x"y\n', (2, "cannot be read: ',' expected after '\"'")),
        (b"a,b\n1,2\n\xff,3\n", (3, "byte 0xFF is not UTF-8")),
    ],
)
def test_mistakes_have_line_numbers(put: Path, content: bytes, expected: tuple[int, str]) -> None:
    _, mistakes = load_table(write(put, content), "items", thorough=True)
    assert [(mistake.line, mistake.what) for mistake in mistakes] == [expected]
    assert mistakes[0].file == "mappings/tables/items.csv"
    assert mistakes[0].instead


def test_what_arrow_refuses_is_refused_with_the_line(put: Path) -> None:
    table, mistakes = load_table(write(put, b"a,b\n1,2\n3\n"), "items")
    assert table is None
    assert [mistake.line for mistake in mistakes] == [3]


def test_tables_are_loaded_together(put: Path) -> None:
    write(put, b"a\n1\n", "one")
    write(put, b"a,a\n", "two")
    assert list(load_tables(put, ["one"])) == ["one"]
    with pytest.raises(ConfigurationError) as raised:
        load_tables(put, ["one", "two", "onne"])
    assert raised.value.mistakes == (
        Mistake("mappings/tables/onne.csv", 0, 0, "there is no table 'onne'", "did you mean 'one'?"),
        Mistake("mappings/tables/two.csv", 1, 1, "column 'a' occurs twice", "rename or remove one of them"),
    )
