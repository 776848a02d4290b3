"""A crosswalk table of the workspace, as a value: named columns of text."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Table:
    """The lines of one `mappings/tables/<name>.csv`."""

    name: str
    """File name without its ending."""
    columns: tuple[str, ...]
    """Header names in file order."""
    rows: dict[str, pa.Array]
    """Column name -> pa.string() array; all of equal length, a blank cell is null."""
