"""Remembers the line that each row of a flat copy comes from: in memory while they are few, else in a file."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

KEPT = 128 * 1024
"""Lines kept in memory, 8 bytes each."""


class LineBook:
    """The lines of one copy, in the order of its rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recent = array("q")
        self._stream: BinaryIO | None = None
        self._spilled = 0

    def __len__(self) -> int:
        """Return how many lines there are."""
        return self._spilled + len(self._recent)

    def append(self, line: int) -> None:
        """Remember the line of the next row."""
        self._recent.append(line)
        if len(self._recent) >= KEPT:
            self._spill()

    def extend(self, lines: Iterable[int]) -> None:
        """Remember the lines of the next rows."""
        self._recent.extend(lines)
        if len(self._recent) >= KEPT:
            self._spill()

    def close(self) -> Sequence[int]:
        """Return all lines; those of a large copy stay in their file."""
        if self._stream is None:
            return self._recent
        if self._recent:
            self._spill()
        self._stream.close()
        return cast("Sequence[int]", np.memmap(self._path, np.int64, mode="r"))

    def _spill(self) -> None:
        if self._stream is None:
            self._stream = self._path.open("wb")
        self._recent.tofile(self._stream)
        self._spilled += len(self._recent)
        self._recent = array("q")
