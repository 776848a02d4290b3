"""Carries the key of a document on to its further rows, where it stands on the first one only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange.formats.delimited.flat import FlatCopy, Flatten
from exchange.kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class Carried:
    """Flattens a file as `flatten` does, with the key carried on to the rows below it; picklable, without state."""

    flatten: Flatten
    key: str
    """The column whose blank cells mean "as above"."""

    def __call__(self, path: Path, copy: FlatCopy) -> Iterable[Problem]:
        """Write the file's rows into the copy; yield what is wrong with the file as a whole."""
        return self.flatten(path, _Carrying(copy, self.key))


class _Carrying(FlatCopy):
    """A flat copy that carries the key on; rows of nothing stay what they are.

    Behind a record that cannot be read nobody knows whose the next rows are: it may have begun a document. Rows without
    a key get none then, and the document above is rejected with the record.
    """

    def __init__(self, copy: FlatCopy, key: str) -> None:
        super().__init__(copy.path)
        self._copy, self._key = copy, key
        self._at = -1
        self._own: str | None = None

    @property
    def rows(self) -> int:
        """How many rows were written."""
        return self._copy.rows

    def header(self, columns: Sequence[str]) -> None:
        """Write the header."""
        self._copy.header(columns)
        self.columns = self._copy.columns
        self._at = self.columns.index(self._key) if self._key in self.columns else -1

    def add(self, cells: Sequence[str | None], line: int, problems: Sequence[Problem] = ()) -> None:
        """Write a row, with the key of the row before it where it has none."""
        if self._at >= 0:
            cell = cells[self._at]
            if cell is not None and cell.strip():
                self._own = cell
            elif self._own is not None and any(text is not None and text.strip() for text in cells[1:]):
                cells = [*cells[: self._at], self._own, *cells[self._at + 1 :]]
        self._copy.add(cells, line, problems)

    def add_broken(self, raw: str, line: int, problem: Problem, key: str | None = None) -> None:
        """Write a record that cannot become a row, as one of the document above it."""
        self._copy.add_broken(raw, line, problem, self._own if key is None else key)
        self._own = None
