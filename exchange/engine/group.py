"""Groups rows into documents: who owns each row, which row holds the header cells, what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, Positions
from exchange.kernel.limits import DOCUMENT_ROWS
from exchange.kernel.pipeline import Columns
from exchange.kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows sorted so that each document's rows are adjacent and in file order."""

    order: Ints | None
    """Row of the input at each sorted place; None where the rows are sorted already."""
    owner: Ints
    """Document of each sorted row, ascending from 0."""
    first: Ints
    """Sorted row on which each document begins."""
    head: Ints
    """Sorted row that holds each document's header cells."""
    keys: pa.Array
    """The text that the rows of each document share; null where the cell is blank."""
    second_starts: Ints
    """Sorted rows on which a document starts again."""
    headless: Ints
    """Documents no row of which starts them."""

    @property
    def size(self) -> int:
        """Number of documents."""
        return len(self.first)


def group(columns: Columns, key: str, starts: tuple[str, ...], starting: Columns | None = None) -> Grouping:
    """Group rows by the text of `key`; rows without it are a document each.

    `starts`: columns of which any filled one makes a row begin a document; empty: the first row does. `starting`: other
    cells for them, where a row of the file was made several.
    """
    keys = pc.utf8_trim_whitespace(columns[key])
    keys = pc.if_else(pc.equal(keys, ""), pa.scalar(None, pa.string()), keys)
    codes = _codes(keys)
    changes = np.flatnonzero(codes[1:] != codes[:-1]) + 1
    distinct = int(codes.max()) + 1 if len(codes) else 0
    order: Ints | None = None
    if len(changes) + 1 != distinct and len(codes):
        order = np.argsort(codes, kind="stable").astype(np.int64)
        codes = codes[order]
        changes = np.flatnonzero(codes[1:] != codes[:-1]) + 1
    first = np.concatenate([[0], changes]).astype(np.int64) if len(codes) else np.empty(0, np.int64)
    owner = np.repeat(np.arange(len(first)), np.diff(first, append=len(codes))).astype(np.int64)
    sorted_keys = keys if order is None else keys.take(pa.array(order))
    head, second, headless = _heads(_starting({**columns, **(starting or {})}, starts, order), owner, first)
    return Grouping(order, owner, first, head, sorted_keys.take(pa.array(first)), second, headless)


def _codes(keys: pa.Array) -> Ints:
    """Return a number per distinct key, in order of appearance; each null gets one of its own."""
    codes: Ints = keys.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    blank = np.flatnonzero(codes < 0)
    if len(blank):
        codes = codes.copy()
        codes[blank] = codes.max(initial=-1) + 1 + np.arange(len(blank))
    return codes


def _starting(columns: Columns, starts: tuple[str, ...], order: Ints | None) -> np.ndarray | None:
    if not starts:
        return None
    filled = np.zeros(len(next(iter(columns.values()))), bool)
    for name in starts:
        if name in columns:
            filled |= columns[name].is_valid().to_numpy(zero_copy_only=False)
    return filled if order is None else filled[order]


def _heads(starting: np.ndarray | None, owner: Ints, first: Ints) -> tuple[Ints, Ints, Ints]:
    nothing = np.empty(0, np.int64)
    if starting is None or not len(first):
        return first, nothing, nothing
    rows = np.flatnonzero(starting)
    owners = owner[rows]
    where = np.searchsorted(owners, np.arange(len(first)))
    has = np.zeros(len(first), bool)
    has[owners] = True
    head = first.copy()
    head[has] = rows[where[has]]
    again = rows[1:][owners[1:] == owners[:-1]] if len(rows) else nothing
    return head, again, np.flatnonzero(~has)


def contradictions(
    columns: Columns, on_head: Columns, grouping: Grouping, positions: Positions, starts: tuple[str, ...]
) -> Iterator[tuple[int, Problem]]:
    """Yield (document, problem) for everything that is wrong with how the rows belong together.

    `columns` and `positions` are in sorted order; `on_head` are the columns of header fields on the header rows.
    """
    yield from _shapes(grouping, positions, starts)
    restarted = set(grouping.owner[grouping.second_starts].tolist())
    for name, cells in on_head.items():
        column = columns[name]
        if len(column) - column.null_count <= len(cells) - cells.null_count:
            continue  # every filled cell stands on a header row
        differs = pc.fill_null(pc.not_equal(column, cells.take(pa.array(grouping.owner))), fill_value=False)
        for row in np.flatnonzero(differs.to_numpy(zero_copy_only=False)).tolist():
            document = int(grouping.owner[row])
            if document not in restarted:
                head = int(grouping.head[document])
                detail = {"first": column[head].as_py(), "first_line": int(positions.file_line[head])}
                yield document, _at(positions, row, "HEADER_DISAGREES", name, column[row].as_py(), detail)


def _shapes(grouping: Grouping, positions: Positions, starts: tuple[str, ...]) -> Iterator[tuple[int, Problem]]:
    for row in grouping.second_starts.tolist():
        document = int(grouping.owner[row])
        detail: dict[str, object] = {"first_line": int(positions.file_line[grouping.head[document]])}
        key = grouping.keys[document].as_py()
        yield document, _at(positions, row, "DUPLICATE_IN_FILE", None, key, detail)
    for document in grouping.headless.tolist():
        if (key := grouping.keys[document].as_py()) is not None:
            yield (
                document,
                _at(positions, int(grouping.first[document]), "ORPHAN_LINES", None, key, {"starts": ", ".join(starts)}),
            )
    sizes = np.bincount(grouping.owner, minlength=grouping.size)
    for document in np.flatnonzero(sizes > DOCUMENT_ROWS).tolist():
        detail = {"rows": int(sizes[document]), "limit": DOCUMENT_ROWS}
        row = int(grouping.first[document])
        yield document, _at(positions, row, "DOCUMENT_TOO_LARGE", None, grouping.keys[document].as_py(), detail)


def _at(
    positions: Positions, row: int, code: str, name: str | None, value: str | None, detail: dict[str, object]
) -> Problem:
    return Problem(code, int(positions.file_line[row]), int(positions.record[row]), name, value, detail)
