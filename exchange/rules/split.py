"""Splits a document into parts, one for each warehouse; every line belongs to exactly one part."""

from __future__ import annotations

import numpy as np

from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Columns


def by_warehouse(lines: Columns, owner: Ints) -> Ints:
    """Return the part of each line, from 1, numbered by first appearance of the warehouse within its document.

    `owner`: document of each line, ascending. Lines without a warehouse are a part of their own.
    """
    if "warehouse" not in lines or not len(owner):
        return np.ones(len(owner), np.int64)
    codes = lines["warehouse"].fill_null("").dictionary_encode().indices.to_numpy().astype(np.int64)
    base = int(codes.max()) + 1
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


def whole(lines: Columns, owner: Ints) -> Ints:
    """Return one part for every document."""
    del lines
    return np.ones(len(owner), np.int64)


SPLITS = {"warehouse": by_warehouse, "none": whole}
"""Value of `split:` in a flow's rules -> how the parts are numbered."""
