"""The fast way: the same rows and faults as the exact way, or none at all."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.formats.delimited.pieces import Piece
from exchange.formats.delimited.reading import Reading
from exchange.formats.delimited.trusted import read_trusted
from exchange.formats.delimited.untrusted import read_untrusted
from exchange.kernel.layout import Layout


def layout(*columns: str, encoding: str = "utf-8") -> Layout:
    return Layout(Path("source.csv"), columns, b"", 0, 1, encoding, encoding, ",", b"\n")


def shape(reading: Reading) -> object:
    columns = {name: column.to_pylist() for name, column in reading.columns.items()}
    return columns, sorted(reading.faults.items()), reading.where.start.tolist(), reading.where.file_line.tolist()


@settings(max_examples=500, deadline=None)
@given(data=st.text(alphabet='aaa,,;""\n\n\r é\0\ufeff', max_size=40).map(str.encode), damage=st.integers(0, 80))
def test_both_ways_agree(data: bytes, damage: int) -> None:
    if damage < len(data):
        data = data[:damage] + b"\xff" + data[damage:]
    piece = Piece(data, 100, 7, 3)
    fast = read_trusted([piece], layout("x", "y"), ("y", "z"))
    if fast is not None:
        assert shape(fast) == shape(read_untrusted(piece, layout("x", "y"), ("y", "z")))


def test_clean_data_goes_the_fast_way() -> None:
    reading = read_trusted(
        [Piece('1,"é\n"\n2,\n3\n'.encode("cp1252"), 0, 0, 1)], layout("x", "y", encoding="cp1252"), ("y",)
    )
    assert reading is not None
    assert reading.columns["y"].to_pylist() == ["é\n", None]
    assert reading.faults == {2: ("ROW_TOO_SHORT", {"cells": 1, "columns": 2})}


def test_what_is_not_safe_goes_the_exact_way() -> None:
    for data in (b'1,Monitor 27"\n', b"\xef\xbb\xbf1,x\n", b'1,"open\n'):
        assert read_trusted([Piece(data, 0, 0, 1)], layout("x", "y"), ("x",)) is None
    assert read_trusted([Piece(b"", 0, 0, 1, oversized=9)], layout("x", "y"), ("x",)) is None
