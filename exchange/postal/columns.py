"""Does work on columns once for each different value: addresses repeat countries, regions and whole streets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, Mask
from exchange.postal.refusal import Refusal

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class PerValue(Generic[Made]):
    """What came of each different combination of values, and which of them each row has."""

    results: list[Made]
    place: Ints
    """Entry of `results` for each row."""

    def texts(self, chosen: Callable[[Made], str | None]) -> pa.Array:
        """Return one text per row."""
        return pa.array([chosen(result) for result in self.results], pa.string()).take(pa.array(self.place))

    def rows(self, wanted: Callable[[Made], bool]) -> Mask:
        """Return the rows whose result is wanted."""
        hit = np.fromiter(map(wanted, self.results), np.bool_, len(self.results))
        made: Mask = hit[self.place] if len(hit) else np.zeros(len(self.place), np.bool_)
        return made


def per_value(work: Callable[..., Made], columns: Sequence[pa.Array]) -> PerValue[Made]:
    """Call `work` with the texts (None for blank) of each different row of some columns."""
    codes: Ints = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        encoded = pc.dictionary_encode(column)
        own = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)
        codes = codes * (len(encoded.dictionary) + 1) + own
        _, codes = np.unique(codes, return_inverse=True)  # keeps the product small, however many columns there are
    first = np.unique(codes, return_index=True)[1]
    cells = [column.take(pa.array(first)).to_pylist() for column in columns]
    return PerValue([work(*row) for row in zip(*cells, strict=True)], codes.astype(np.int64))


def text_of(result: str | Refusal | None) -> str | None:
    """Return what was made of a value; nothing where it was refused."""
    return None if isinstance(result, Refusal) else result
