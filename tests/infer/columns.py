"""Columns for the tests of what is inferred from them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.assemble.infer import readable
from exchange.infer.kinds import Looks, looks_of
from exchange.infer.sample import Column, Sample, sample_of


def column(*cells: str | None, name: str = "x") -> Column:
    """Return a column whose first cell stands on line 2."""
    return sample({name: cells}).columns[name]


def sample(cells: dict[str, tuple[str | None, ...]]) -> Sample:
    """Return a sample of these columns."""
    rows = max(map(len, cells.values()))
    made = {name: pa.array(texts, pa.string()) for name, texts in cells.items()}
    return sample_of(made, np.arange(2, rows + 2, dtype=np.int64))


def looks(cells: dict[str, tuple[str | None, ...]]) -> dict[str, Looks]:
    """Return what these columns look like."""
    return {name: looks_of(each, readable) for name, each in sample(cells).columns.items()}
