"""Proposes which rows belong to one document: a column that repeats while others stay the same or are blank below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exchange.infer.kinds import Looks
from exchange.infer.sample import Column, Sample
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.plural import many, which

_ROWS = 5000
"""Rows by which keys are compared."""
_STARTS = 3
_ENOUGH = 0.3
_LIKELY = 0.75


_EACH = "each with its lines in it"


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which rows belong together."""

    key: str
    """Column whose value they share."""
    on_first_row: bool
    """Whether the key stands on the first of them only."""
    starts: tuple[str, ...]
    """Columns that are filled on the first row of each document and blank below."""
    header: frozenset[str]
    """Columns that say the same on all rows of a document, or stand on its first row only."""
    varying: frozenset[str]
    """Columns that differ between the rows of a document: they tell of its lines."""
    documents: int
    together: bool
    """Whether the rows of each document lie one below the other."""
    by_record: bool = False
    """Whether each record of the file is a document, with its lines in it."""

    @property
    def reason(self) -> str:
        """Why, in one sentence."""
        if self.by_record:
            return f'"{self.key}" numbers the records: {many(self.documents, "document")}, {_EACH}'
        where = "one below the other" if self.together else "in different places"
        way = "stands on the first row of each" if self.on_first_row else "repeats"
        told = f"{many(self.documents, 'document')}, {which(self.documents, 'its', 'their')} rows"
        return f'"{self.key}" {way}: {told} {where}'


def propose(sample: Sample, looks: Mapping[str, Looks], called: Mapping[str, float]) -> Grouping | None:
    """Return how the rows of a file belong together, None where each row stands for itself.

    `called`: how much each column is called like the number of a document, from 0 to 1.
    """
    best: tuple[float, str, bool] | None = None
    for name, look in looks.items():
        if look.kind in {"blank", "decimal", "boolean", "date"}:
            continue
        for carried in {False, not bool(look.column.filled[:_ROWS].all())}:
            likely = called.get(name, 0.0)
            shape = _shape(sample, look.column, carried=carried, alone=likely >= _LIKELY)
            score = 0.45 * likely + 0.55 * shape - 0.05 * carried
            if shape and (shape >= _ENOUGH or likely >= _LIKELY) and (best is None or score > best[0]):
                best = (score, name, carried)
    return None if best is None else _grouping(sample, best[1], carried=best[2])


def nested(sample: Sample, key: str) -> Grouping:
    """Return how the rows belong together where records of the file hold their lines."""
    header = frozenset(sample.columns) - sample.inner
    begins = 0 if sample.begins is None else int(sample.begins.sum())
    columns = {"header": header, "varying": sample.inner}
    return Grouping(key, on_first_row=False, starts=(), **columns, documents=begins, together=True, by_record=True)


def _owners(column: Column, rows: slice, *, carried: bool) -> Ints | None:
    """Return the document of each row, None where a row would have none."""
    codes = column.codes[rows]
    if carried:
        if codes[0] < 0:
            return None
        filled = np.where(codes >= 0, np.arange(len(codes)), 0)
        codes = codes[np.maximum.accumulate(filled)]
    return None if (codes < 0).any() else codes


def _first_rows(owners: Ints) -> Ints:
    """Return for each row the first row of its document."""
    _, first, inverse = np.unique(owners, return_index=True, return_inverse=True)
    made: Ints = first[inverse]
    return made


def _shape(sample: Sample, column: Column, *, carried: bool, alone: bool) -> float:
    """Return how well a key explains the other columns, from 0 to 1; 0 where it groups nothing.

    `alone`: whether all rows may be one document.
    """
    rows = slice(0, _ROWS)
    owners = _owners(column, rows, carried=carried)
    documents = 0 if owners is None else len(np.unique(owners))
    if owners is None or documents == len(owners) or (documents == 1 and not alone):
        return 0.0
    runs = int(np.count_nonzero(np.diff(owners))) + 1
    first = _first_rows(owners)
    below = first != np.arange(len(owners))
    others = [other for other in sample.columns.values() if other is not column and other.filled[rows].any()]
    steady = sum(_steady(other.codes[rows], first, below) for other in others)
    return documents / runs * max(steady, 0.1) / max(len(others), 1)


def _steady(codes: Ints, first: Ints, below: Mask) -> bool:
    return not (below & (codes >= 0) & (codes != codes[first])).any()


def _grouping(sample: Sample, key: str, *, carried: bool) -> Grouping:
    every = slice(0, sample.rows)
    column = sample.columns[key]
    owners = _owners(column, every, carried=carried)
    if owners is None:  # a blank key further down: a row of no document
        owners = np.where(column.codes < 0, sample.rows + np.arange(sample.rows), column.codes)
    first = _first_rows(owners)
    below = first != np.arange(len(owners))
    header, varying, starts = [], [], []
    for name, other in sample.columns.items():
        if _steady(other.codes, first, below):
            header.append(name)
        else:
            varying.append(name)
        only_first = other.filled[~below].any() and not other.filled[below].any()
        if only_first and name != key:
            starts.append(name)
    documents = len(np.unique(owners))
    together = documents == int(np.count_nonzero(np.diff(owners))) + 1
    chosen = _covering([sample.columns[name] for name in starts], ~below)
    return Grouping(key, carried, chosen, frozenset(header), frozenset(varying), documents, together)


def _covering(columns: list[Column], firsts: Mask) -> tuple[str, ...]:
    """Return a few columns one of which is filled on each first row; none where that cannot be had."""
    chosen: list[str] = []
    left = firsts.copy()
    for column in sorted(columns, key=lambda each: -int(each.filled[firsts].sum())):
        if len(chosen) == _STARTS:
            break
        chosen.append(column.name)
        left &= ~column.filled
    return () if left.any() else tuple(chosen)
