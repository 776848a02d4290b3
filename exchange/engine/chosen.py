"""What of the documents a delivery takes at all by its `only:`, and what ships and is taken by none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.prepared import Found, Prepared, as_ints
from exchange.kernel.chunk import Mask
from exchange.kernel.pipeline import Target
from exchange.kernel.problems import Problem

GOES_TO = "_to"
"""Column of kept lines: the targets that each went to, where a target takes some lines only."""


def chosen(table: pa.Table, only: Mapping[str, tuple[str, ...]]) -> Mask:
    """Return the rows that have one of the values in each of the fields."""
    made = np.ones(table.num_rows, bool)
    for name, values in only.items():
        if name not in table.column_names:
            return np.zeros(table.num_rows, bool)
        texts = table.column(name).cast(pa.string())
        made &= pc.is_in(texts, value_set=pa.array(values, pa.string())).to_numpy()
    return made


def had(lines: pa.Table, target: Target) -> Mask:
    """Return the kept lines that went to a target, whatever it takes by now."""
    if GOES_TO not in lines.column_names:
        return np.ones(lines.num_rows, bool)
    encoded = lines.column(GOES_TO).combine_chunks().dictionary_encode()
    known = np.array([*(target.name in text.split(",") for text in encoded.dictionary.to_pylist()), True], bool)
    made: Mask = known[pc.fill_null(encoded.indices, len(known) - 1).to_numpy()]  # blank: from before anybody chose
    return made


def goes_to(takes: Mapping[str, Mask]) -> pa.Array:
    """Return the column that keeps which targets take each line."""
    # Blank and not null: Arrow's join drops rows of which all is null where it is told to skip them.
    columns = [pc.if_else(pa.array(mask), pa.scalar(label), pa.scalar("")) for label, mask in takes.items()]
    return pc.binary_join_element_wise(*columns, ",")


def unclaimed(prepared: Prepared, taken: Sequence[tuple[Mask, Mask]]) -> Iterator[Found]:
    """Yield a problem for each document with a line that a delivery of parts would take, but for its `only:`.

    `taken`: for each such delivery, the lines it would take without its `only:`, and those it takes.
    """
    wanted = np.zeros(prepared.lines.num_rows, bool)
    got = np.zeros(prepared.lines.num_rows, bool)
    for would, takes in taken:
        wanted |= would
        got |= takes
    owner = as_ints(prepared.lines, "_owner")
    told: set[int] = set()
    for row in np.flatnonzero(wanted & ~got).tolist():
        if int(owner[row]) not in told:
            told.add(int(owner[row]))
            yield int(owner[row]), _problem(prepared, row)


def _problem(prepared: Prepared, row: int) -> Problem:
    lines = prepared.lines
    line, record = int(as_ints(lines, "_line")[row]), int(as_ints(lines, "_record")[row])
    warehouse = lines.column("warehouse")[row].as_py() if "warehouse" in lines.column_names else None
    return Problem("PART_GOES_NOWHERE", line, record, None, warehouse or "")
