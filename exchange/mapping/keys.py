"""Finds text among distinct keys by an index that is built once, and not for each column that is looked up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, cells_of

_WORD = 8
_LONGEST = 8 * _WORD
"""Bytes of a key that are worth an index of their own; past that Arrow's own look-up does."""
_FEW = 1_000
"""Keys that Arrow indexes faster than anything can be prepared."""
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Odd constants of xxHash and of the golden ratio: they only have to spread bits."""

Words = npt.NDArray[np.uint64]


class Keys:
    """Distinct texts and their places; safe to use from several threads."""

    def __init__(self, keys: pa.Array) -> None:
        self._keys = keys
        self._index: pd.Index[int] | None = None
        width = pc.max(pc.binary_length(keys)).as_py() or 0
        if len(keys) < _FEW or width > _LONGEST:
            return
        self._width = -(-width // _WORD) * _WORD
        index = pd.Index(self._hashes(keys))
        if index.is_unique:
            index.get_indexer(index[:1])  # builds its table here, before threads share it
            self._index = index

    def find(self, wanted: pa.Array) -> Ints:
        """Return the place of each text, -1 where it is null or not among the keys."""
        if self._index is None:
            places = pc.index_in(wanted, value_set=self._keys, skip_nulls=True).fill_null(-1)
            return np.asarray(places, dtype=np.int64)
        found: Ints = self._index.get_indexer(pd.Index(self._hashes(wanted))).astype(np.int64)
        # Another text may have the same hash; of the keys no two have.
        same = pc.equal(self._keys.take(pa.array(found, mask=found < 0)), wanted)
        found[~same.fill_null(False).to_numpy(zero_copy_only=False)] = -1  # noqa: FBT003 - a value, not a switch
        return found

    def _hashes(self, values: pa.Array) -> Words:
        offsets, data = cells_of(values)
        padded = np.concatenate((data, np.zeros(self._width, np.uint8)))
        cells = np.lib.stride_tricks.sliding_window_view(padded, self._width)[offsets[:-1]]
        length = np.diff(offsets)
        cells[np.arange(self._width) >= length[:, None]] = 0
        mixed: Words = length.astype(np.uint64)
        for word in cells.view(np.uint64).T:
            mixed = (mixed ^ word) * np.uint64(_MIX[0])
            mixed ^= mixed >> np.uint64(29)
            mixed *= np.uint64(_MIX[1])
            mixed ^= mixed >> np.uint64(32)
        return mixed
