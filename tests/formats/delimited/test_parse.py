"""One span into one chunk."""

from __future__ import annotations

from pathlib import Path

from exchange.formats.delimited.parse import parse
from exchange.kernel.layout import Layout
from exchange.kernel.model import Span

CONTENT = b'Name,b\nK1,"x"\nK1\nK2,27"\nK3,z\n'


def test_both_ways_give_one_chunk(tmp_path: Path) -> None:
    path = tmp_path / "source.csv"
    path.write_bytes(CONTENT)
    layout = Layout(path, ("Name", "b"), b"Name,b", 7, 2, "utf-8", "utf-8", ",", b"\n")
    for ranges in (((7, 26, 0, 2),), ((7, 7, 0, 2), (14, 3, 1, 3), (17, 12, 2, 4))):
        chunk = parse(Span(path, ranges), layout, ("b", "Name"), "Name")
        assert chunk.frame.to_dict("list") == {"b": ["x", '27"', "z"], "Name": ["K1", "K2", "K3"]}
        assert chunk.frame.dtypes.map(str).tolist() == ["string[pyarrow]"] * 2
        assert chunk.positions.record.tolist() == [0, 2, 3]
        assert [(broken.record, broken.file_line, broken.key) for broken in chunk.broken] == [(1, 3, "K1")]
        assert chunk.problems == ()
