"""One span into a chunk: the fast way for clean quotes, the exact way for the rest, with the same answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from exchange.formats.delimited.leaving import BrokenRecords, problems_of
from exchange.formats.delimited.pieces import load
from exchange.formats.delimited.trusted import read_trusted
from exchange.formats.delimited.untrusted import read_untrusted
from exchange.kernel.chunk import BrokenRecord, Chunk, Positions, frame
from exchange.kernel.layout import Layout
from exchange.kernel.model import Span
from exchange.kernel.problems import Problem


def parse(
    span: Span, layout: Layout, wanted: Sequence[str], group_key: str | None, starts: tuple[str, ...] = ()
) -> Chunk:
    """Return the readable records of a span as text columns, and the others as broken records.

    `group_key`: the column that says whose a record is; `starts`: those of which any filled one starts a document.
    """
    pieces = load(span)
    reading = None if span.exact else read_trusted(pieces, layout, wanted, span.borders)
    readings = [reading] if reading is not None else [read_untrusted(piece, layout, wanted) for piece in pieces]
    finder = BrokenRecords(layout, group_key, starts)
    broken: list[BrokenRecord] = []
    problems: list[Problem] = []
    for each in readings:
        broken.extend(finder.of(each))
        problems.extend(problems_of(each, layout))
    columns = {name: _joined([each.columns[name] for each in readings]) for name in wanted}
    where = _concatenated([each.where.take(each.readable) if each.faults else each.where for each in readings])
    return Chunk(frame(columns), where, tuple(broken), tuple(problems))


def _joined(arrays: list[pa.Array]) -> pa.Array:
    return arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays)


def _concatenated(parts: list[Positions]) -> Positions:
    if len(parts) == 1:
        return parts[0]
    return Positions(
        np.concatenate([part.record for part in parts]),
        np.concatenate([part.file_line for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.length for part in parts]),
    )
