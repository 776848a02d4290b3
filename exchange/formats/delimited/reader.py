"""Reading delimited files: spans of whole records, and the columns of one span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.formats.delimited import header
from exchange.formats.delimited.around import PLAIN, Around
from exchange.formats.delimited.blocks import Block, BlockSource
from exchange.formats.delimited.scan import Records
from exchange.kernel.layout import Layout, Survey, columns_named
from exchange.kernel.limits import SPAN_BYTES
from exchange.kernel.load import load
from exchange.kernel.model import Span

_PARSE = "exchange.formats.delimited.parse:parse"
_AS_IT_CAME = "exchange.formats.delimited.origin:as_it_came"
_KEY_IN = "exchange.formats.delimited.reading:key_in"
ROWS = (_PARSE, _AS_IT_CAME, _KEY_IN)
"""Resolved once rows are wanted as columns: what flattens a file, or only counts it, does without pandas and Arrow."""


@dataclass(frozen=True, slots=True)
class DelimitedReader:
    """Reads the files of one mapping; picklable, without state."""

    encoding: str
    """As declared in the mapping."""
    delimiter: str
    """One ASCII character."""
    wanted: tuple[str, ...]
    """The columns that the frame of a chunk has; one that a file lacks is all missing values."""
    required: tuple[str, ...]
    """The columns without which a file is rejected whole."""
    group_key: str | None
    """The column whose value the rows of one document share."""
    mapping: str
    """The mapping file's path, for messages."""
    known: tuple[str, ...] = ()
    """Columns that the schema describes; others are reported once."""
    span_bytes: int = SPAN_BYTES
    around: Around = PLAIN
    """What stands around the records."""
    patterns: tuple[str, ...] = ()
    """Further columns that are read, by patterns such as `line_item_*`; a file must have one for each."""
    starts: tuple[str, ...] = ()
    """Columns of which any filled one starts a document: such a record is no part of the one before it."""

    def survey(self, path: Path) -> Survey:
        """Return the layout of a file, or the problems for which it is rejected whole."""
        dialect = header.Dialect(self.encoding, self.delimiter, self.around)
        expected = header.Expected(dialect, self.wanted, self.required, self.mapping, self.known, self.patterns)
        return header.survey(path, expected)

    def spans(self, layout: Layout) -> Iterator[Span]:
        """Yield spans that hold every record once, in file order.

        Rows of the same group key that lie together stay in one span, up to DOCUMENT_ROWS of them; a row whose key
        cannot be read stays with the row before it.
        """
        groups = _Groups(layout, self.group_key)
        ordinal = 0
        pending: Span | None = None
        for block in self._source(layout).blocks(groups.whole):
            if not block.records.start.size:
                continue
            span = _span(layout.path, block, ordinal)
            ordinal += block.records.start.size
            if pending is not None and not block.data:
                # An oversized line may tell no key: only beside the record before it is its document known then.
                pending = Span(layout.path, pending.ranges + span.ranges, exact=True)
                continue
            if pending is not None:
                yield pending
            pending = span
        if pending is not None:
            yield pending

    def parse(self, span: Span, layout: Layout) -> Any:
        """Return the wanted columns of a span's readable records as text, and what cannot be read, as a `Chunk`.

        Raises nothing for what stands in the file: that is in `broken` and `problems`.
        """
        wanted = tuple(dict.fromkeys([*self.wanted, *columns_named(layout.columns, self.patterns)]))
        return load(_AS_IT_CAME)(load(_PARSE)(span, layout, wanted, self.group_key, self.starts), layout)

    def count(self, layout: Layout) -> int:
        """Return the number of records of a file, broken ones included."""
        return sum(block.records.start.size for block in self._source(layout).blocks())

    def _source(self, layout: Layout) -> BlockSource:
        start = (layout.path, layout.data_start, layout.first_line, layout.delimiter)
        return BlockSource(*start, self.span_bytes, layout.data_end)


def _span(path: Path, block: Block, ordinal: int) -> Span:
    start, line = int(block.records.start[0]), int(block.records.line[0])
    first = (block.offset + start, block.records.resume - start, ordinal, block.first_line + line)
    borders = block.records.from_first(block.records.resume - start) if block.records.trusted else None
    return Span(path, (first,), exact=block.exact, borders=borders)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Knows where the last group of a block begins."""

    layout: Layout
    key: str | None

    def whole(self, data: bytes, records: Records) -> int:
        """Return how many records come before the block's last group: its other rows may be in the next block."""
        if self.key is None or self.key not in self.layout.columns:
            return int(records.start.size)
        at = self.layout.columns.index(self.key)
        last, cut, key_in = "", records.start.size, load(_KEY_IN)
        for row in range(records.start.size - 1, -1, -1):
            start = int(records.start[row])
            raw = data[start : start + int(records.length[row])].decode("latin-1")
            key = key_in(raw, self.layout, at)
            if key and last and key != last:
                return cut
            if key:
                last, cut = key, row
        return cut if last else int(records.start.size)
