"""Numbers the parts of split documents: by first appearance, and as they were numbered when they were sent before."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.pieces import rounds
from exchange.engine.prepared import Prepared, as_ints, picked
from exchange.engine.sent import Recalled, parts_given
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.pipeline import Machine

_LATER = "\x1e"
"""Between the key of a part and its shipment."""


def parts_of(prepared: Prepared, lines: Mask, machine: Machine, recalled: Recalled | None = None) -> Ints:
    """Return the part of each line, from 1 within its document; 0 for lines that are not in `lines`."""
    rows = np.flatnonzero(lines)
    made = np.zeros(len(lines), np.int64)
    if not len(rows):
        return made
    owner = as_ints(prepared.lines, "_owner")[rows]
    keys = keys_of(prepared.lines, rows, machine)
    made[rows] = numbered(keys, owner)
    if recalled is not None:
        _as_before(made, rows, owner, keys, machine, recalled)
    return made


def keys_of(lines: pa.Table, rows: Ints, machine: Machine) -> pa.Array:
    """Return what says to which part of its document each of these lines belongs."""
    keys = machine.split(picked(lines, machine.split_columns, rows), len(rows))
    shipment = rounds(lines, rows)
    if shipment is None:
        return keys
    # What had to wait for stock is a part of its own, whoever ships it.
    later = pc.binary_join_element_wise(keys, pa.array(shipment).cast(pa.string()), _LATER)
    return pc.if_else(pa.array(shipment > 0), later, keys)


def numbered(keys: pa.Array, owner: Ints) -> Ints:
    """Return the part of each line, from 1, numbered by first appearance of its key within its document.

    `owner`: document of each line, ascending.
    """
    codes = keys.dictionary_encode().indices.to_numpy().astype(np.int64)
    base = int(codes.max()) + 1
    if base == 1:
        return np.ones(len(owner), np.int64)
    pairs = owner.astype(np.int64) * base + codes
    _, first, inverse = np.unique(pairs, return_index=True, return_inverse=True)
    # Distinct pairs sorted by where they appear first are, within a document, its parts in order.
    rank = np.empty(len(first), np.int64)
    by_appearance = np.argsort(first)
    rank[by_appearance] = np.arange(len(first))
    owner_of_pair = owner[first[by_appearance]]
    begins = np.searchsorted(owner_of_pair, owner_of_pair)
    part_of_pair = np.arange(len(first)) - begins + 1
    made: Ints = part_of_pair[rank[inverse]]
    return made


def _as_before(made: Ints, rows: Ints, owner: Ints, keys: pa.Array, machine: Machine, recalled: Recalled) -> None:
    """Give the parts of documents that were sent before the numbers they had; a part that is new gets a number of its
    own, because a target knows the others by theirs.
    """
    old_keys = keys_of(recalled.lines, np.arange(recalled.lines.num_rows), machine).to_pylist()
    old_owner, old_part = as_ints(recalled.lines, "_owner").tolist(), as_ints(recalled.lines, "_part").tolist()
    before: dict[int, dict[str, int]] = {}
    for place, part, key in zip(old_owner, old_part, old_keys, strict=True):
        if part:
            before.setdefault(int(recalled.document[place]), {}).setdefault(key, part)
    given = parts_given(recalled)
    for document, known in before.items():
        first, stop = np.searchsorted(owner, [document, document + 1]).tolist()
        for at in range(first, stop):
            key = keys[at].as_py()
            made[rows[at]] = known.setdefault(key, max(given[document], *known.values()) + 1)
