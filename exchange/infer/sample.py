"""The rows of a sample file, column by column, as everything that is inferred sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, Mask

ROWS = 100_000
"""Rows of a file that are looked at."""
BYTES = 64 * 1024 * 1024
"""Bytes of a file that are looked at."""
_ODD = 0.1
"""Cells that may be something else, for each that is what a column is said to be."""


@dataclass(frozen=True)
class Column:
    """One column of a sample."""

    name: str
    cells: pa.Array
    """Trimmed text; null where the cell is blank."""
    lines: Ints
    """Physical line of each cell."""

    @cached_property
    def filled(self) -> Mask:
        """Which cells hold something."""
        made: Mask = self.cells.is_valid().to_numpy(zero_copy_only=False)
        return made

    @cached_property
    def distinct(self) -> pa.Array:
        """Each text once, in the order of appearance."""
        return pc.unique(self.cells.drop_null())

    @cached_property
    def codes(self) -> Ints:
        """The place of each cell's text in `distinct`; -1 where it is blank."""
        made: Ints = pc.index_in(self.cells, value_set=self.distinct).fill_null(-1).to_numpy(zero_copy_only=False)
        return made.astype(np.int64)

    def mostly(self, good: pa.Array) -> bool:
        """Tell whether nearly all cells hold one of the `good` texts (a mask of `distinct`); one may always be odd."""
        fitting = int(good.to_numpy(zero_copy_only=False)[self.codes[self.filled]].sum())
        odd = int(self.filled.sum()) - fitting
        return fitting > 0 and (odd == 0 or (fitting > 1 and (odd == 1 or odd <= _ODD * fitting)))

    def line_of(self, text: str) -> int:
        """Return the line on which a text stands first."""
        place = pc.index(self.cells, pa.scalar(text, pa.string())).as_py()
        return int(self.lines[place])


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of a file."""

    columns: Mapping[str, Column]
    """By name, in the order of the file."""
    rows: int
    begins: Mask | None = None
    """Rows on which a record begins, where records hold their lines; None where each row stands for itself."""
    inner: frozenset[str] = frozenset()
    """Columns of the lines in such records."""
    cut: str = ""
    """What was left out, where the file was too large; blank where all of it was read."""


def sample_of(cells: Mapping[str, pa.Array], lines: Ints, begins: Mask | None = None) -> Sample:
    """Return the sample of columns of text, one cell for each line."""
    made = {name: Column(name, _trimmed(column), lines) for name, column in cells.items()}
    return Sample(made, len(lines), begins)


def _trimmed(cells: pa.Array) -> pa.Array:
    text = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
