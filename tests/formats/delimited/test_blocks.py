"""Streaming: blocks of whole records in flat memory, whatever lies in the file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from exchange.formats.delimited.blocks import BlockSource, end_of_line, records_of, whole
from exchange.kernel.limits import RECORD_BYTES


def source(folder: Path, content: bytes, size: int) -> BlockSource:
    path = folder / "source.csv"
    path.write_bytes(content)
    return BlockSource(path, 0, 1, ",", size)


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_blocks_join_to_the_file(tmp_path: Path, size: int) -> None:
    content = b'1,"a\r\nb"\r\n2,x\r3,Monitor 27"\n\n4,y'
    blocks = list(source(tmp_path, content, size).blocks())
    assert [block.offset for block in blocks] == [sum(each.size for each in blocks[:n]) for n in range(len(blocks))]
    assert sum(block.size for block in blocks) == len(content)
    rows = [
        (block.offset + start, block.first_line + line)
        for block in blocks
        for start, line in zip(block.records.start.tolist(), block.records.line.tolist(), strict=True)
    ]
    assert rows == [(0, 1), (10, 3), (14, 4), (29, 6)]


def test_only_a_block_with_sloppy_quotes_goes_the_exact_way(tmp_path: Path) -> None:
    content = b"1,x\n" * 100 + b'2,Monitor 27"\n' + b"3,y\n" * 100
    exact = [block.exact for block in source(tmp_path, content, 100).blocks()]
    assert (exact.count(True), len(exact)) == (1, 9)


def test_an_oversized_line_is_a_block_of_its_own_and_never_held(tmp_path: Path) -> None:
    line = b"2," + b"x" * (3 * RECORD_BYTES)
    blocks = list(source(tmp_path, b"1,x\n" + line + b"\r\n3,y\n", 4096).blocks(whole))
    big = [block for block in blocks if not block.data]
    assert [(block.offset, block.size, block.first_line) for block in big] == [(4, len(line) + 2, 2)]
    assert big[0].records.length.tolist() == [len(line)]
    assert max(len(block.data) for block in blocks) <= RECORD_BYTES + 2 * 4096
    assert (blocks[-1].offset, blocks[-1].first_line) == (4 + len(line) + 2, 3)


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"ab\ncd", (2, 3)), (b"ab\r\ncd", (2, 4)), (b"ab\rcd", (2, 3)), (b"ab", (2, 2)), (b"", (0, 0))],
)
def test_the_end_of_a_line(content: bytes, expected: tuple[int, int]) -> None:
    assert end_of_line(io.BytesIO(content)) == expected
    far = b"x" * (RECORD_BYTES - len(content.rstrip(b"cd\r\n")))
    size, covered = end_of_line(io.BytesIO(far + content))
    assert (size - len(far), covered - len(far)) == expected


def test_records_are_found_either_way() -> None:
    assert records_of(b"1,x\n2,y\n", ",", last=True).trusted
    sloppy = records_of(b'1,"x"\n2,y"\n', ",", last=True)
    assert (sloppy.trusted, sloppy.start.tolist(), sloppy.resume) == (False, [0, 6], 11)
