"""What stands around the records of a delimited file and is none: lines before the header, comments, a footer."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exchange.formats.delimited.blocks import BlockSource
from exchange.formats.delimited.encoding import Encoding
from exchange.formats.delimited.exact import cells_of
from exchange.formats.delimited.scan import line_breaks, without_line_end
from exchange.kernel.layout import REJECT_COLUMNS
from exchange.kernel.limits import KEY_BYTES, RECORD_BYTES
from exchange.kernel.problems import Problem

_EXCEL = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
"""The line by which a spreadsheet is told the delimiter."""
_SEP = 8
"""Bytes of such a line."""
_FRONT = 256 * 1024
"""Bytes at the front of a file in which its header is looked for."""
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Around:
    """What a mapping says about lines that are no records."""

    skip: int = 0
    """Physical lines before the header."""
    header_has: tuple[str, ...] = ()
    """Columns by which the header is found."""
    comment: str = ""
    """How lines begin that are no records; blank: there are none."""
    footer: tuple[str, ...] = ()
    """Regular expressions that the lines at the end fit."""
    fallback: str = ""
    """Encoding of a file that is not in the declared one as a whole."""

    @property
    def leads(self) -> bool:
        """Whether anything may stand before the header."""
        return bool(self.skip or self.header_has or self.comment)


PLAIN = Around()
"""Nothing but a header and records."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Where the header is looked for."""

    offset: int
    """Bytes before it, from where the file was looked at."""
    lines: int
    """Physical lines before it."""


def begin(data: bytes, around: Around, delimiter: str, encoding: str, *, last: bool) -> Begin | Problem:
    """Return where the header begins in the front of a file (behind its byte order mark), or why there is none.

    A file of rows that were set aside begins with its header, whatever stood before it in the file they came from.
    """
    if not around.leads and not _EXCEL.match(data[:_SEP].decode("latin-1")):
        return Begin(0, 0)
    lines = _lines(data[:_FRONT], encoding, last=last)
    if REJECT_COLUMNS[0] in lines[0][1]:
        return Begin(0, 0)
    excel = _EXCEL.fullmatch(lines[0][1])
    if excel and excel[1] != delimiter:
        detail = {"declared": repr(delimiter), "found": repr(excel[1])}
        return Problem("SEP_LINE_DISAGREES", file_line=1, detail=detail)
    place = around.skip + bool(excel)
    if around.header_has:
        while place < len(lines) and not _has(lines[place][1], delimiter, around.header_has):
            place += 1
        if place == len(lines):
            names = ", ".join(around.header_has)
            return Problem("HEADER_NOT_FOUND", detail={"names": names, "lines": len(lines)})
    while around.comment and place < len(lines) and lines[place][1].startswith(around.comment):
        place += 1
    return Begin(lines[place][0] if place < len(lines) else len(data), place)


def _lines(data: bytes, encoding: str, *, last: bool) -> list[tuple[int, str]]:
    """Return (offset, text) of the physical lines at the front of a file."""
    breaks = line_breaks(data, last=last)
    starts = [0, *(breaks + 1).tolist()]
    ends = [*without_line_end(data, breaks).tolist(), len(data)]
    return [(start, data[start:end].decode(encoding, "replace")) for start, end in zip(starts, ends, strict=True)]


def _has(line: str, delimiter: str, wanted: tuple[str, ...]) -> bool:
    cells = cells_of(line, delimiter) if len(delimiter) == 1 else line.split(delimiter)
    return set(wanted) <= {cell.strip() for cell in cells}


def end(path: Path, start: int, around: Around, encoding: str) -> int | None:
    """Return where the records end: before the last lines of the file that fit the footer; None: at its end.

    Only lines behind which nothing else follows are a footer, so that no record is lost to a loose pattern.
    """
    size = path.stat().st_size
    if not around.footer or size <= start:
        return None
    patterns = [re.compile(pattern) for pattern in around.footer]
    from_ = max(start, size - KEY_BYTES)
    with path.open("rb") as stream:
        stream.seek(from_)
        lines = _lines(stream.read(), encoding, last=True)
    if from_ > start:
        lines = lines[1:]  # cut in its middle
    cut = size - from_
    for offset, text in reversed(lines):
        if text.strip() and not any(pattern.match(text) for pattern in patterns):
            break
        cut = offset
    return from_ + cut


def blank_comments(path: Path, span: tuple[int, int], first_line: int, delimiter: str, comment: bytes) -> Path:
    """Write `<path>.plain` with empty lines in place of comments, so that physical lines stay what they were.

    `span`: byte offsets of the first record and of the end of the records.
    """
    target = path.with_name(path.name + ".plain")
    start, stop = span
    with path.open("rb") as stream, target.open("wb") as out:
        out.write(stream.read(start))
        for block in BlockSource(path, start, first_line, delimiter, stop=stop).blocks():
            if not block.data:
                _copy(path, block.offset, block.size, out.write)
                continue
            position = 0
            for at, length in zip(block.records.start.tolist(), block.records.length.tolist(), strict=True):
                if block.data.startswith(comment, at):
                    out.write(block.data[position:at])
                    breaks = line_breaks(block.data[at : at + length], last=True).size
                    out.write(b"\n" * breaks)
                    position = at + length
            out.write(block.data[position : block.size])
    return target


def _copy(path: Path, offset: int, size: int, write: Callable[[bytes], int]) -> None:
    with path.open("rb") as stream:
        stream.seek(offset)
        for done in range(0, size, RECORD_BYTES):
            write(stream.read(min(RECORD_BYTES, size - done)))


def fits(path: Path, encoding: Encoding) -> bool:
    """Tell whether the whole file can be read in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding.name)()
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
