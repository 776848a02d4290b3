"""Documents as they were sent: kept with their claim, and recalled when they come again with other content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from exchange.engine.chosen import GOES_TO
from exchange.engine.pieces import FOR, ROUND
from exchange.engine.prepared import Prepared, as_ints
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.sent_rows import SentBlock

BESIDE = ("_keep", FOR, ROUND, GOES_TO)
"""Columns beside the fields that are kept of lines, those that are there."""
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(frozen=True, slots=True)
class Recalled:
    """Documents of one span as they were sent last."""

    header: pa.Table
    """One row a document; see `kernel.sent_rows.SentBlock`."""
    lines: pa.Table
    """Their lines, those of a document adjacent; `_owner` is the row of `header`."""
    document: Ints
    """Row in the span of each row of `header`, ascending."""


class Blocks(Protocol):
    """Where documents are kept."""

    def blocks(self, claim: str) -> Iterator[SentBlock]:
        """Yield the blocks of a claim."""


def kept(
    prepared: Prepared, which: Mask, part: Ints, targets: Mapping[str, Mask], before: Recalled | None = None
) -> SentBlock | None:
    """Return some documents of a span as they are kept; None for none.

    `which`: the documents (their place in the span). `part`: part of each line, 0 for none. `targets`: label -> the
    documents that this target has. `before`: those that were sent before, as they were sent last.
    """
    rows = np.flatnonzero(which)
    if not len(rows):
        return None
    owner = as_ints(prepared.lines, "_owner")
    line_rows = np.flatnonzero(which[owner])
    highest = _highest(part, owner, before)
    labels = [",".join(label for label, has in targets.items() if has[row]) for row in rows.tolist()]
    header = prepared.header.select([*_own(prepared.header), "_number", "_ships"]).take(pa.array(rows))
    beside = [name for name in BESIDE if name in prepared.lines.column_names]
    lines = prepared.lines.select([*_own(prepared.lines), *beside]).take(pa.array(line_rows))
    place = np.cumsum(which) - 1
    lines = lines.append_column("_owner", pa.array(place[owner[line_rows]]))
    header = header.append_column("_targets", pa.array(labels, pa.string()))
    if "line_number" in prepared.lines.column_names:
        last = _last_lines(as_ints(prepared.lines, "line_number"), owner, before)
        header = header.append_column("_last_line", pa.array(last[rows]))
    return SentBlock(
        _bytes(header.append_column("_highest", pa.array(highest[rows]))),
        _bytes(lines.append_column("_part", pa.array(part[line_rows]))),
    )


def parts_given(recalled: Recalled) -> dict[int, int]:
    """Return the highest part that each document (row in its span) ever had: what was cancelled is not given again."""
    last = np.zeros(len(recalled.document), np.int64)
    if "_highest" in recalled.header.column_names:
        last = recalled.header.column("_highest").fill_null(0).to_numpy().astype(np.int64)
    np.maximum.at(last, as_ints(recalled.lines, "_owner"), as_ints(recalled.lines, "_part"))
    return dict(zip(recalled.document.tolist(), last.tolist(), strict=True))


def lines_given(recalled: Recalled) -> dict[int, int]:
    """Return the highest line number that each document (row in its span) ever had."""
    last = np.zeros(len(recalled.document), np.int64)
    if "_last_line" in recalled.header.column_names:
        last = recalled.header.column("_last_line").fill_null(0).to_numpy().astype(np.int64).copy()
    if "line_number" in recalled.lines.column_names:
        np.maximum.at(last, as_ints(recalled.lines, "_owner"), as_ints(recalled.lines, "line_number"))
    return dict(zip(recalled.document.tolist(), last.tolist(), strict=True))


def _last_lines(number: Ints, owner: Ints, before: Recalled | None) -> Ints:
    """Return the highest line number that each document of the span ever had."""
    found = np.zeros(int(owner.max(initial=-1)) + 1, np.int64)
    np.maximum.at(found, owner, number)
    for document, given in () if before is None else lines_given(before).items():
        found[document] = max(found[document], given)
    return found


def _highest(part: Ints, owner: Ints, before: Recalled | None) -> Ints:
    """Return the highest part that each document of the span ever had."""
    found = np.zeros(int(owner.max(initial=-1)) + 1, np.int64)
    np.maximum.at(found, owner, part)
    for document, given in () if before is None else parts_given(before).items():
        found[document] = max(found[document], given)
    return found


def _own(table: pa.Table) -> list[str]:
    return [name for name in table.column_names if not name.startswith("_")]


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_OPTIONS) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def recall(blocks: Blocks, wanted: Mapping[str, str], spans: Sequence[Mapping[int, str]]) -> list[Recalled | None]:
    """Return, for each span, its documents as they were sent; those that were never kept are left out.

    `wanted`: number -> the claim that sent it last. `spans`: for each span, row -> number.
    """
    found: dict[str, tuple[pa.Table, pa.Table]] = {}
    by_claim: dict[str, list[str]] = {}
    for number, claim in wanted.items():
        by_claim.setdefault(claim, []).append(number)
    for claim, numbers in by_claim.items():
        for block in blocks.blocks(claim):
            found.update(_documents(block, numbers))
    return [_of_span({row: found[number] for row, number in rows.items() if number in found}) for rows in spans]


def _documents(block: SentBlock, numbers: Iterable[str]) -> Iterator[tuple[str, tuple[pa.Table, pa.Table]]]:
    header = pa.ipc.open_stream(block.header).read_all()
    column = header.column("_number")
    rows = np.flatnonzero(pc.is_in(column, value_set=pa.array(numbers, pa.string())).to_numpy())
    if not len(rows):
        return
    lines = pa.ipc.open_stream(block.lines).read_all()
    owner = as_ints(lines, "_owner")
    for row in rows.tolist():
        first, stop = np.searchsorted(owner, [row, row + 1]).tolist()
        yield column[row].as_py(), (header.slice(row, 1), lines.slice(first, stop - first))


def _of_span(found: Mapping[int, tuple[pa.Table, pa.Table]]) -> Recalled | None:
    if not found:
        return None
    rows = sorted(found)
    lines = []
    for place, row in enumerate(rows):
        own = found[row][1]
        owner = pa.array(np.full(own.num_rows, place))
        lines.append(own.set_column(own.column_names.index("_owner"), "_owner", owner))
    # A field that was added since, or a number that has more places now, is no other document.
    header = pa.concat_tables([found[row][0] for row in rows], promote_options="permissive")
    return Recalled(header, pa.concat_tables(lines, promote_options="permissive"), np.array(rows, np.int64))
