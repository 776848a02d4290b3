"""The parity scan: where it is trusted, it sees exactly what a CSV parser sees."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.formats.delimited.blocks import exact_records
from exchange.formats.delimited.scan import line_breaks, positions, scan
from exchange.kernel.limits import RECORD_BYTES, RECORD_LINES

NASTY = st.text(alphabet='aaa,;"""\n\r é\0', max_size=40).map(str.encode)


def physical_lines(text: str) -> list[str]:
    """Split at LF, CRLF and CR by hand, independent of the product."""
    lines, line = [], ""
    for position, character in enumerate(text):
        line += character
        if character == "\n" or (character == "\r" and text[position + 1 : position + 2] != "\n"):
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


def exact_borders(data: bytes) -> list[tuple[int, int, int]]:
    """Read with csv.reader one physical line at a time: (start, length without line end, line) of each record."""
    lines = physical_lines(data.decode("latin-1"))
    consumed = 0

    def feed() -> Iterator[str]:
        nonlocal consumed
        for line in lines:
            consumed += 1
            yield line

    borders = []
    first = 0
    for row in csv.reader(feed()):
        raw = "".join(lines[first:consumed])
        if row:
            start = sum(map(len, lines[:first]))
            borders.append((start, len(raw.rstrip("\r\n")), first))
        first = consumed
    return borders


@settings(max_examples=1500, deadline=None)
@given(data=NASTY)
@example(data=b'"a"\r\n"b\r\n"\r\r\n,""')
@example(data=b'a,"b""c",""\r"",""""\n')
def test_a_trusted_scan_gives_the_borders_of_an_exact_reading(data: bytes) -> None:
    found = scan(data, ord(","), last=True)
    if found.trusted:
        seen = list(zip(found.start.tolist(), found.length.tolist(), found.line.tolist(), strict=True))
        assert seen == exact_borders(data)
        exact = exact_records(data, ",", last=True)
        assert seen == list(zip(exact.start.tolist(), exact.length.tolist(), exact.line.tolist(), strict=True))


@settings(max_examples=300, deadline=None)
@given(data=NASTY, cut=st.integers(0, 40))
def test_a_block_that_is_not_the_last_resumes_on_a_border(data: bytes, cut: int) -> None:
    head, whole = scan(data[:cut], ord(","), last=False), scan(data, ord(","), last=True)
    if whole.trusted:
        assert head.trusted
        assert head.start.tolist() == whole.start.tolist()[: head.start.size]
        assert head.length.tolist() == whole.length.tolist()[: head.start.size]
        tail = scan(data[head.resume :], ord(","), last=True)
        assert (tail.start + head.resume).tolist() == whole.start.tolist()[head.start.size :]
        assert (tail.line + head.resume_line).tolist() == whole.line.tolist()[head.start.size :]


@pytest.mark.parametrize(
    "sloppy",
    [b'Monitor 27",x\n', b'"x"y,z\n', b'a, "b"\n', b'"open\n', b'a,b"c"d\n', b'"a"\0,b\n'],
)
def test_sloppy_quotes_are_not_trusted(sloppy: bytes) -> None:
    assert not scan(b"a,b\n" + sloppy, ord(","), last=True).trusted


def test_clean_quotes_are_trusted_and_multiline_is_told() -> None:
    found = scan(b'a,"b ""c"""\n"d\ne",f', ord(","), last=True)
    assert (found.trusted, found.multiline, found.start.tolist(), found.line.tolist()) == (True, True, [0, 12], [0, 1])
    assert not scan(b'a,"b"\nc,d\n', ord(","), last=True).multiline


@pytest.mark.parametrize(
    "data",
    [b"a," + b"x" * RECORD_BYTES + b"\n", b'a,"' + b"\n" * RECORD_LINES + b'"\n', b"a\nb," + b"x" * RECORD_BYTES],
)
def test_a_record_past_the_limits_is_not_trusted(data: bytes) -> None:
    assert not scan(data, ord(","), last=True).trusted


def test_all_line_ends_count_once() -> None:
    assert line_breaks(b"a\nb\r\nc\rd\r", last=True).tolist() == [1, 4, 6, 8]
    assert line_breaks(b"a\nb\r\nc\rd\r", last=False).tolist() == [1, 4, 6]
    assert line_breaks(b"", last=True).tolist() == []
    assert positions(b"x" * 600_000 + b"\n" + b"x" * 600_000 + b"\n", 10).tolist() == [600_000, 1_200_001]
