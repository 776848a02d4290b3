"""A key that stands on the first row of its document only."""

from __future__ import annotations

from pathlib import Path

from exchange.formats.delimited.around import PLAIN
from exchange.formats.delimited.carried import Carried
from exchange.formats.delimited.flat import FlatReader, flat_reader
from exchange.formats.delimited.plaintext import PlainText
from exchange.formats.delimited.reader import DelimitedReader
from tests.formats.delimited.test_plaintext import cells, read


def made(key: str = "a") -> FlatReader:
    text = PlainText("utf-8", ",", quoted=True, mapping="mappings/x.yaml", around=PLAIN)
    return flat_reader(Carried(text, key), DelimitedReader("utf-8", ",", ("a", "b"), (), "a", "mappings/x.yaml"))


def test_a_blank_key_means_as_above(tmp_path: Path) -> None:
    chunks = read(made(), tmp_path, b"a,b\n1,x\n,y\n ,z\n2,\n,w\n")

    assert cells(chunks) == [("1", "x"), ("1", "y"), ("1", "z"), ("2", None), ("2", "w")]
    assert [line for chunk in chunks for line in chunk.positions.file_line.tolist()] == [2, 3, 4, 5, 6]


def test_rows_before_the_first_key_and_rows_of_nothing_have_none(tmp_path: Path) -> None:
    assert cells(read(made(), tmp_path, b"a,b\n,x\n1,y\n,\n,z\n")) == [
        (None, "x"),
        ("1", "y"),
        (None, None),
        ("1", "z"),
    ]


def test_behind_a_broken_record_nobody_knows_whose_the_rows_are(tmp_path: Path) -> None:
    chunks = read(made(), tmp_path, b"a,b\n1,x\n2,too,many\n,y\n3,z\n,w\n")

    assert cells(chunks) == [("1", "x"), (None, "y"), ("3", "z"), ("3", "w")]
    assert [broken.key for chunk in chunks for broken in chunk.broken] == ["1"]


def test_without_the_column_nothing_is_carried(tmp_path: Path) -> None:
    assert cells(read(made("c"), tmp_path, b"a,b\n1,x\n,y\n")) == [("1", "x"), (None, "y")]
