"""The exact way through a block whose quotes are sloppy: `csv.reader` line by line, so no stray quote swallows rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from exchange.formats.delimited.scan import line_breaks, without_line_end
from exchange.kernel.limits import RECORD_BYTES, RECORD_LINES

# The limit of one cell is our own limit of one record; the module's default (128 KiB) is below it, and it is global.
csv.field_size_limit(max(csv.field_size_limit(), 2 * RECORD_BYTES))


@dataclass(frozen=True, slots=True)
class ExactRecord:
    """One record as a CSV parser reads it, or why it cannot be read."""

    start: int
    """Byte offset within the block."""
    length: int
    """Bytes without the line end."""
    line: int
    """Physical lines of the block that end before the record."""
    cells: list[str] = field(default_factory=list)
    """The cells as latin-1 text, one character per byte; of a broken record, those that can be told."""
    fault: str | None = None
    """UNCLOSED_QUOTE, BROKEN_QUOTE or RECORD_TOO_LARGE."""
    lines: int = 1
    """Physical lines of the record."""


class ExactReader:
    """Iterates over the records of a block that starts on a record border.

    A record that is still open at the end of the data, past a limit, or closed only by what is plainly the opening
    quote of a later row, costs its first physical line alone; reading resumes on the next line. After the last
    record, `resume` and `resume_line` say where the next block has to start.
    """

    def __init__(self, block: bytes, delimiter: str, *, last: bool) -> None:
        breaks = line_breaks(block, last=last)
        self._text = block.decode("latin-1")
        self._ends: list[int] = without_line_end(block, breaks).tolist()
        self._starts: list[int] = [0, *(breaks + 1).tolist()]
        if last and self._starts[-1] < len(block):
            self._ends.append(len(block))
            self._starts.append(len(block))
        self._delimiter = delimiter
        self._last = last
        self._first = 0
        self._next = 0
        self._stopped = False
        self.resume = 0
        self.resume_line = 0

    def __iter__(self) -> Iterator[ExactRecord]:
        strict = csv.reader(_Lines(self), delimiter=self._delimiter, strict=True)
        while self._next < len(self._ends):
            self._first = self._next
            record = self._too_large() or self._read(strict)
            if record is None:
                self._next = self._first
                break
            if record.cells or record.fault:
                yield record
        self.resume, self.resume_line = self._starts[self._next], self._next

    def next_line(self) -> str:
        """Return the next physical line with its line end; stop at the end of the data and at the limits."""
        number = self._next
        over = number - self._first >= RECORD_LINES or self._starts[number] - self._starts[self._first] > RECORD_BYTES
        if over or number == len(self._ends) or self._ends[number] - self._starts[self._first] > RECORD_BYTES:
            self._stopped = True
            raise StopIteration
        self._next += 1
        return self._text[self._starts[number] : self._starts[number + 1]]

    def _read(self, strict: Iterator[list[str]]) -> ExactRecord | None:
        """Return the record that starts on the next line, or None where its end is not in this block."""
        self._stopped = False
        try:
            return self._record(next(strict), None)
        except csv.Error:
            return self._open() if self._stopped else self._sloppy()

    def _sloppy(self) -> ExactRecord | None:
        """Return a record with text behind a closing quote: read it again the lenient way to know where it ends."""
        self._next = self._first
        cells = next(csv.reader(_Lines(self), delimiter=self._delimiter))
        if self._stopped:
            return self._open()
        text = self._text[self._starts[self._first] : self._ends[self._next - 1]]
        return self._first_line() if _swallows(text, self._delimiter) else self._record(cells, "BROKEN_QUOTE")

    def _open(self) -> ExactRecord | None:
        """Return the first line of a record that does not end: None where the next block may hold its end."""
        at_end = self._next == len(self._ends)
        unread = len(self._text) - self._starts[self._first] <= RECORD_BYTES
        lines_left = self._next - self._first < RECORD_LINES
        if at_end and unread and lines_left and not self._last:
            return None
        return self._first_line()

    def _first_line(self) -> ExactRecord:
        self._next = self._first + 1
        line = self._text[self._starts[self._first] : self._ends[self._first]]
        cells = next(csv.reader([line], delimiter=self._delimiter))
        return self._record(cells[:-1], "UNCLOSED_QUOTE")

    def _too_large(self) -> ExactRecord | None:
        if self._ends[self._next] - self._starts[self._next] <= RECORD_BYTES:
            return None
        self._next += 1
        return self._record([], "RECORD_TOO_LARGE")

    def _record(self, cells: list[str], fault: str | None) -> ExactRecord:
        start = self._starts[self._first]
        length = self._ends[self._next - 1] - start
        return ExactRecord(start, length, self._first, cells, fault, self._next - self._first)


class _Lines:
    """The lines of an `ExactReader` as an iterator that can be asked again after it stopped."""

    def __init__(self, owner: ExactReader) -> None:
        self._owner = owner

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        return self._owner.next_line()


def _swallows(text: str, delimiter: str) -> bool:
    """Tell whether a quote of the first line is closed by the opening quote of a later row.

    Such a quote follows a delimiter or a line break and precedes text; one inside a genuine note (`said "x" to`)
    follows a blank or a letter.
    """
    first_line = min(position for position in (text.find("\n"), text.find("\r"), len(text)) if position >= 0)
    position = 0
    while position < len(text):
        if text[position] == '"':
            closing = _closing_quote(text, position)
            breach = closing + 1 < len(text) and text[closing + 1] != delimiter
            if breach and closing > first_line and text[closing - 1] in {delimiter, "\n", "\r"}:
                return True
            position = closing
        following = text.find(delimiter, position)
        if following < 0:
            return False
        position = following + 1
    return False


def _closing_quote(text: str, opening: int) -> int:
    position = text.find('"', opening + 1)
    while position >= 0 and text[position + 1 : position + 2] == '"':
        position = text.find('"', position + 2)
    return position if position >= 0 else len(text) - 1


def cells_of(text: str, delimiter: str) -> list[str]:
    """Return the cells of one record's text the lenient way, line breaks inside quotes included."""
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
