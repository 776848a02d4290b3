"""The ranges of a span and where their records lie."""

from __future__ import annotations

from pathlib import Path

from exchange.formats.delimited.pieces import Piece, load, locate_together, together
from exchange.formats.delimited.scan import scan
from exchange.kernel.limits import SPAN_BYTES
from exchange.kernel.model import Span


def test_pieces_are_put_together_line_by_line() -> None:
    parts = [Piece(b'1,"a\nb"', 10, 0, 2), Piece(b"2,x\r\n", 40, 5, 9), Piece(b"3,y\n4,z", 60, 8, 20)]
    data = together(parts)
    assert data == b'1,"a\nb"\n2,x\r\n3,y\n4,z\n'
    where = locate_together(parts, scan(data, ord(","), last=True))
    assert where is not None
    assert where.record.tolist() == [0, 5, 8, 9]
    assert where.file_line.tolist() == [2, 9, 20, 21]
    assert where.start.tolist() == [10, 40, 60, 64]
    assert where.length.tolist() == [7, 3, 3, 3]


def test_a_piece_that_runs_into_the_next_is_not_located() -> None:
    parts = [Piece(b'1,"a\n', 10, 0, 2), Piece(b'b",c\n', 40, 5, 9)]
    records = scan(together(parts), ord(","), last=True)
    assert records.trusted
    assert locate_together(parts, records) is None


def test_a_long_range_is_measured_before_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "source.csv"
    big = b"x" * (SPAN_BYTES * 5 + 10)
    path.write_bytes(b"1\n" + big + b"\r\n3\n")
    [alone] = load(Span(path, ((2, len(big) + 2, 1, 2),)))
    assert (alone.data, alone.oversized, alone.record) == (b"", len(big), 1)
    line, rest = load(Span(path, ((2, len(big) + 4, 1, 2),)))
    assert (line.oversized, rest.data, rest.start, rest.record, rest.file_line) == (
        len(big),
        b"3\n",
        2 + len(big) + 2,
        2,
        3,
    )
