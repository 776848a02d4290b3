"""What leaves the stream: each broken record with the document it belongs to."""

from __future__ import annotations

from pathlib import Path

from exchange.formats.delimited.leaving import BrokenRecords, problems_of
from exchange.formats.delimited.pieces import Piece
from exchange.formats.delimited.untrusted import read_untrusted
from exchange.kernel.layout import Layout

LAYOUT = Layout(Path("source.csv"), ("a", "Name", "c"), b"", 0, 1, "utf-8", "utf-8", ",", b"\n")


def keys(*parts: Piece, group_key: str | None = "Name", starts: tuple[str, ...] = ()) -> list[tuple[int, str | None]]:
    finder = BrokenRecords(LAYOUT, group_key, starts)
    readings = [read_untrusted(piece, LAYOUT, ("Name",)) for piece in parts]
    return [(broken.record, broken.key) for reading in readings for broken in finder.of(reading)]


def test_the_own_key_comes_before_the_neighbours() -> None:
    data = b"0\n1, K1 ,x,y\n2\n3,K2,x\n4, ,x\n5\n6,K3\n7,\n8,\xff,x\n9,K4,\xff\n"
    assert keys(Piece(data, 0, 0, 1)) == [
        (0, None),
        (1, "K1"),
        (2, "K1"),
        (5, "K2"),
        (6, "K3"),
        (7, "K3"),
        (8, "K3"),
        (9, "K4"),
    ]


def test_what_surely_starts_a_document_is_no_part_of_the_one_before_it() -> None:
    """Only where all cells stand where they belong, its own number is there, and a start column is filled."""
    data = b"0,K1,x\n1,\xff,x\n2,\xff\n3,K1,x\n4,\xff,\n5,,\xff\n6,\xff,x,y\n7\n"
    assert keys(Piece(data, 0, 0, 1), starts=("c",)) == [
        (1, None),
        (2, None),
        (4, "K1"),
        (5, "K1"),
        (6, "K1"),
        (7, "K1"),
    ]


def test_a_key_is_carried_only_to_what_follows_directly() -> None:
    assert keys(Piece(b"0,K1,x\n", 0, 0, 1), Piece(b"", 7, 1, 2, oversized=9)) == [(1, "K1")]
    assert keys(Piece(b"0,K1,x\n", 0, 0, 1), Piece(b"", 70, 4, 9, oversized=9)) == [(4, None)]
    assert keys(Piece(b"0,K1,x\n1\n", 0, 0, 1), group_key=None) == [(1, None)]


def test_problems_come_in_file_order_with_their_cells() -> None:
    wrong = "Größe".encode().decode("cp1252")
    data = f'0,{wrong},"x\n{wrong}"\n1,\x07,\n2,{wrong}\n'.encode()
    found = problems_of(read_untrusted(Piece(data, 0, 0, 1), LAYOUT, ()), LAYOUT)
    assert [(each.code, each.record, each.file_line, each.field) for each in found] == [
        ("MOJIBAKE", 0, 1, "Name"),
        ("MOJIBAKE", 0, 1, "c"),
        ("CONTROL_CHARACTER", 1, 3, "Name"),
    ]
    assert found[0].value == wrong
