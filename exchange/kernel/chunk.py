"""The shapes of data inside the pure middle: frames of columns, positions, and what leaves the stream.

Frames are pandas with Arrow-backed columns (`pandas.ArrowDtype`); `arrays` and `frame` go to and from plain Arrow
arrays without copying. Imported only where a file is really read: pandas costs most of a second.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from exchange.kernel.problems import Problem

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_NOTHING: Mapping[str, object] = {}
PLACES = "_places"
"""Column with how many digits amounts of money have; there is none where all have two."""


def frame(columns: Mapping[str, pa.Array]) -> pd.DataFrame:
    """Return an Arrow-backed frame of the given columns (equal lengths), sharing their memory."""
    return pd.DataFrame({name: pd.arrays.ArrowExtensionArray(column) for name, column in columns.items()}, copy=False)


def arrays(data: pd.DataFrame) -> dict[str, pa.Array]:
    """Return the columns of an Arrow-backed frame as Arrow arrays (one chunk each), sharing their memory."""
    return {str(name): one_array(pa.array(column.array, from_pandas=True)) for name, column in data.items()}


def one_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the values in one piece; nothing is copied where they are that already."""
    if not isinstance(values, pa.ChunkedArray):
        return values
    return values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()


def cells_of(values: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return where the cells of a text column lie in its bytes (one offset more than there are cells), and the bytes.

    A null cell may have bytes too; nothing of it means anything.
    """
    _, offsets, data = values.buffers()
    stored = np.frombuffer(offsets, np.int32, count=values.offset + len(values) + 1) if offsets else np.zeros(1, "i4")
    return stored[values.offset :], np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where each row of a frame lies in its file: one entry per row."""

    record: Ints
    """0-based ordinal of the record in the file."""
    file_line: Ints
    """1-based physical line on which the record starts."""
    start: Ints
    """Byte offset of the record."""
    length: Ints
    """Bytes of the record without its line end."""

    def take(self, rows: Ints | Mask) -> Positions:
        """Return the positions of some rows."""
        return Positions(self.record[rows], self.file_line[rows], self.start[rows], self.length[rows])


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that cannot be read into columns; kept as bytes."""

    record: int
    file_line: int
    start: int
    length: int
    key: str | None
    """The document it most likely belongs to (that document is rejected with it), None where nothing tells."""
    problem: Problem
    number: str = ""
    """The number that the mapping reads from `key`; filled by `prepare`."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The readable records of one span, as text."""

    frame: pd.DataFrame
    """The wanted columns, all text; blank cells are missing values."""
    positions: Positions
    broken: tuple[BrokenRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Problems of readable records (a control character, say); they reject the record's document."""


class CellFailure(NamedTuple):
    """One cell that a step or a check refused; a tuple, because a bad file has one for each of its rows."""

    row: int
    """Row in the frame the failing level was computed on."""
    field: str
    """The field being filled."""
    column: str | None
    """The input column its value came from, where there is one."""
    value: str | None
    code: str
    detail: Mapping[str, object] = _NOTHING
    warning: bool = False
    """Reported, but the document goes on."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Rendered documents, ready to be written one after the other."""

    data: bytes | memoryview
    ends: Ints
    """End offset in `data` of each document: one entry per document."""
    records: Ints
    """What each document counts for in the artifact (rows of a CSV file, orders of an XML file)."""
    documents: Ints
    """Index of each rendered document within its span."""
    lines: Ints = dataclasses.field(default_factory=lambda: np.zeros(0, np.int64))
    """Lines of each document, where the file tells how many it holds; else empty."""
    totals: Mapping[str, Sequence[Decimal]] = dataclasses.field(default_factory=dict)
    """Field -> what each document adds to the total that the file tells."""
    marks: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    """Placeholder -> value of each document, where files are cut or named by it."""
