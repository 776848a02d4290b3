"""A chunk of a flat copy, told in the words of the file as it came: its lines, and what was found while flattening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from exchange.kernel.chunk import BrokenRecord, Chunk, Ints
from exchange.kernel.layout import Layout
from exchange.kernel.problems import Problem


def as_it_came(chunk: Chunk, layout: Layout) -> Chunk:
    """Return the chunk with the physical lines, problems and broken records that the layout knows better.

    A chunk of a file that was not flattened is returned as it is.
    """
    if layout.lines is None and not layout.found:
        return chunk
    positions = chunk.positions
    if layout.lines is not None:
        lines: Ints = np.asarray(layout.lines, np.int64)
        positions = replace(positions, file_line=lines[positions.record])
    told = [_placed(problem, problem.record or 0, layout) for problem in chunk.problems]
    told += _found(positions.record, layout)
    broken = tuple(_broken(record, layout) for record in chunk.broken)
    return Chunk(chunk.frame, positions, broken, tuple(sorted(told, key=lambda problem: problem.record or 0)))


def _found(records: Ints, layout: Layout) -> Iterator[Problem]:
    if not layout.found:
        return
    known = np.fromiter(layout.found, np.int64, len(layout.found))
    for record in records[np.isin(records, known)].tolist():
        yield from (_placed(problem, record, layout) for problem in layout.found[record])


def _broken(record: BrokenRecord, layout: Layout) -> BrokenRecord:
    """Return a broken record with the line, key and problem that flattening knew; others keep their own."""
    line = record.file_line if layout.lines is None else int(layout.lines[record.record])
    if record.record not in layout.broken:
        return replace(record, file_line=line, problem=_placed(record.problem, record.record, layout))
    problem = _placed(layout.found[record.record][0], record.record, layout)
    return replace(record, file_line=line, key=layout.broken[record.record], problem=problem)


def _placed(problem: Problem, record: int, layout: Layout) -> Problem:
    """Return the problem at its record, on the line that it names itself where it knows better than the record."""
    own = problem.file_line is not None and problem.record is None
    if layout.lines is None or own:
        return replace(problem, record=record)
    return replace(problem, record=record, file_line=int(layout.lines[record]))
