"""The exact way into columns."""

from __future__ import annotations

from pathlib import Path

from exchange.formats.delimited.pieces import Piece
from exchange.formats.delimited.untrusted import read_untrusted
from exchange.kernel.layout import Layout


def layout(encoding: str) -> Layout:
    return Layout(Path("source.csv"), ("x", "y"), b"", 0, 1, encoding, encoding, ",", b"\n")


def test_cells_are_decoded_and_faults_told_in_order() -> None:
    data = '1,"é\n2,27 é\n3\n4,"x"y\n5,\x00\n6,\n'.encode("cp1252")
    reading = read_untrusted(Piece(data, 50, 10, 5), layout("cp1252"), ("y", "nowhere", "x"))
    assert {name: column.to_pylist() for name, column in reading.columns.items()} == {
        "y": ["27 é", None],
        "nowhere": [None, None],
        "x": ["2", "6"],
    }
    assert [(row, code) for row, (code, _) in sorted(reading.faults.items())] == [
        (0, "UNCLOSED_QUOTE"),
        (2, "ROW_TOO_SHORT"),
        (3, "BROKEN_QUOTE"),
        (4, "CONTROL_CHARACTER"),
    ]
    assert reading.where.record.tolist() == [10, 11, 12, 13, 14, 15]
    assert reading.where.file_line.tolist() == [5, 6, 7, 8, 9, 10]
    assert reading.where.start.tolist()[:2] == [50, 55]


def test_an_oversized_line_is_one_fault() -> None:
    reading = read_untrusted(Piece(b"", 50, 10, 5, oversized=123), layout("utf-8"), ("x",))
    assert reading.faults[0][0] == "RECORD_TOO_LARGE"
    assert reading.faults[0][1]["size"] == 123
    assert (len(reading.columns["x"]), reading.where.length.tolist()) == (0, [123])


def test_nothing_reads_as_nothing() -> None:
    reading = read_untrusted(Piece(b"\n\n", 0, 0, 1), layout("utf-8"), ("x",))
    assert (len(reading.columns["x"]), reading.where.record.size, reading.faults) == (0, 0, {})
