"""Delimited text that no CSV parser reads, flattened: quotes that mean nothing, delimiters of several characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exchange.formats.delimited.around import Around, begin, end, fits
from exchange.formats.delimited.encoding import Encoding, resolve, transcode, transcoded_path
from exchange.formats.delimited.flat import FlatCopy
from exchange.kernel.limits import RECORD_BYTES, RECORD_LINES
from exchange.kernel.problems import Problem

_HEAD = 64
_UNCLOSED = {"limit": f"{RECORD_LINES} lines, {RECORD_BYTES} bytes or the end of the file"}


@dataclass(frozen=True, slots=True)
class PlainText:
    """Flattens the files of one dialect; picklable, without state."""

    encoding: str
    """As declared in the mapping."""
    delimiter: str
    """One character or several."""
    quoted: bool
    """Whether cells may stand in quotes."""
    mapping: str
    """The mapping file's path, for messages."""
    around: Around

    def __call__(self, path: Path, copy: FlatCopy) -> Iterable[Problem]:
        """Write the file's records into the copy; yield why that cannot be done."""
        encoding = self._encoding(path)
        readable, offset = path, 0
        if isinstance(encoding, Encoding):
            offset = len(encoding.bom) * encoding.repeated
            if not encoding.direct:
                readable, offset = transcoded_path(path), 0
                encoding = transcode(path, encoding, readable) or Encoding("utf-8")
        if isinstance(encoding, str):
            detail = {"encoding": self.encoding, "reason": encoding, "mapping": self.mapping}
            yield Problem("WRONG_ENCODING", detail=detail)
            return
        with readable.open("rb") as stream:
            stream.seek(offset)
            front = stream.read(2 * RECORD_BYTES)
            begins = begin(front, self.around, self.delimiter, encoding.name, last=not stream.read(1))
            if isinstance(begins, Problem):
                yield begins
                return
            start = offset + begins.offset
            stop = end(readable, start, self.around, encoding.name)
            stream.seek(start)
            self._write(_Lines(stream, stop, begins.lines), copy, encoding.name)

    def _encoding(self, path: Path) -> Encoding | str:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        encoding = resolve(self.encoding, head)
        if self.around.fallback and not (isinstance(encoding, Encoding) and fits(path, encoding)):
            return resolve(self.around.fallback, head)
        return encoding

    def _write(self, lines: _Lines, copy: FlatCopy, encoding: str) -> None:
        comment = self.around.comment.encode(encoding)
        for raw, line in lines:
            if not raw or (comment and raw.startswith(comment)):
                continue
            if len(raw) > RECORD_BYTES:
                limits = {"limit_bytes": RECORD_BYTES, "limit_lines": RECORD_LINES}
                problem = Problem("RECORD_TOO_LARGE", detail={"size": len(raw), "lines": 1, **limits})
                copy.add_broken(raw.decode(encoding, "replace"), line, problem)
                continue
            whole = lines.until_closed(raw, lambda joined: self._closed(joined, encoding))
            try:
                self._add(whole.decode(encoding), line, copy)
            except UnicodeDecodeError as fault:
                byte = f"0x{fault.object[fault.start]:02x}"
                detail = {"byte": byte, "position": fault.start + 1, "encoding": encoding}
                copy.add_broken(whole.decode(encoding, "replace"), line, Problem("UNDECODABLE", detail=detail))

    def _closed(self, raw: bytes, encoding: str) -> bool:
        return not self.quoted or b'"' not in raw or self._cells(raw.decode(encoding, "replace")) is not None

    def _add(self, text: str, line: int, copy: FlatCopy) -> None:
        cells = self._cells(text)
        if not copy.columns:
            copy.header([cell.strip() for cell in cells or [text]])
        elif cells is None:
            copy.add_broken(text, line, Problem("UNCLOSED_QUOTE", detail=_UNCLOSED))
        elif len(cells) + 1 != len(copy.columns):
            code = "ROW_TOO_LONG" if len(cells) + 1 > len(copy.columns) else "ROW_TOO_SHORT"
            detail = {"cells": len(cells), "columns": len(copy.columns) - 1}
            copy.add_broken(text, line, Problem(code, detail=detail))
        else:
            copy.add((str(copy.rows + 1), *cells), line)

    def _cells(self, text: str) -> list[str] | None:
        """Return the cells of a record, None where a quote stays open."""
        if not self.quoted or '"' not in text:
            return text.split(self.delimiter)
        cell = re.compile(rf'"((?:[^"]|"")*)"(?={re.escape(self.delimiter)}|$)', re.DOTALL)
        cells, at = [], 0
        while True:
            found = cell.match(text, at)
            if found is None and text.startswith('"', at):
                return None
            stop = found.end() if found else text.find(self.delimiter, at)
            stop = len(text) if stop < 0 else stop
            cells.append(found[1].replace('""', '"') if found else text[at:stop])
            if stop == len(text):
                return cells
            at = stop + len(self.delimiter)


class _Lines:
    """Iterates over the physical lines of a file up to a byte: (bytes without line end, 1-based line)."""

    def __init__(self, stream: BinaryIO, stop: int | None, before: int) -> None:
        self._stream, self._stop, self._line = stream, stop, before
        self._left: list[tuple[bytes, bytes]] = []
        """Lines that are read next, the last one first, each with its line end."""
        self._ends = b""
        """What the line that was read last ends with."""

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        while (raw := self._next()) is not None:
            yield raw, self._line

    def until_closed(self, first: bytes, closed: Callable[[bytes], bool]) -> bytes:
        """Return a line with those that follow, up to the one that closes its quote; alone where none does.

        Lines that do not belong to it are read again as records of their own.
        """
        if closed(first):
            return first
        taken: list[tuple[bytes, bytes]] = []
        joined, between = first, self._ends
        while len(taken) < RECORD_LINES and len(joined) < RECORD_BYTES and (raw := self._next()) is not None:
            taken.append((raw, self._ends))
            joined += between + raw
            between = self._ends
            if b'"' in raw and closed(joined):
                return joined
        self._left += taken[::-1]
        self._line -= len(taken)
        return first

    def _next(self) -> bytes | None:
        if not self._left and not self._fill():
            return None
        self._line += 1
        raw, self._ends = self._left.pop()
        return raw

    def _fill(self) -> bool:
        """Read the next line; a file of an old Mac is one line to the stream, with returns in it."""
        limit = RECORD_BYTES * 16 if self._stop is None else max(0, self._stop - self._stream.tell())
        raw = self._stream.readline(min(limit, RECORD_BYTES * 16))
        body = raw.removesuffix(b"\n").removesuffix(b"\r")
        *before, last = body.split(b"\r")
        self._left = [(last, raw[len(body) :]), *((line, b"\r") for line in reversed(before))]
        return bool(raw)
