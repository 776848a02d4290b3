"""Finds texts that occur more than once over all spans of a file, without keeping them all in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from xxhash import xxh3_64_intdigest

Place = tuple[int, int]
"""(span, row)."""


def repeated(parts: Sequence[pa.Array], counts: Callable[[int, int], bool] | None = None) -> dict[str, list[Place]]:
    """Return the places of each text that occurs more than once, in order of first appearance; blanks are no text.

    `parts`: one array of text for each span. `counts`: which places count (all).
    """
    starts = np.cumsum([0] + [len(part) for part in parts])
    if not starts[-1]:
        return {}
    # 8 bytes a text instead of the text: two texts of one hash are told apart below.
    hashes = np.concatenate([np.fromiter(map(xxh3_64_intdigest, _texts(part)), np.uint64, len(part)) for part in parts])
    order = np.argsort(hashes, kind="stable")
    same = hashes[order[1:]] == hashes[order[:-1]]
    if not same.any():
        return {}
    among = np.zeros(len(hashes), bool)
    among[order[1:][same]] = True
    among[order[:-1][same]] = True
    found: dict[str, list[Place]] = {}
    for place in np.flatnonzero(among).tolist():
        span = int(np.searchsorted(starts, place, side="right")) - 1
        row = place - int(starts[span])
        text = parts[span][row].as_py()
        if text and (counts is None or counts(span, row)):
            found.setdefault(text, []).append((span, row))
    return {text: places for text, places in found.items() if len(places) > 1}


def _texts(part: pa.Array) -> list[bytes]:
    made: list[bytes] = part.fill_null("").cast(pa.binary()).to_pylist()
    return made
