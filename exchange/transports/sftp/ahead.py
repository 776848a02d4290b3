"""Guesses which small files are fetched next, so that several are in flight at once; forgets what grew old."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from exchange.kernel.atomic import Written
from exchange.kernel.model import SourceFile
from exchange.kernel.together import write_several_synced

SMALL = 64 * 1024
"""Bytes of a file that is worth fetching ahead; a larger one fills the line by itself."""
MOST_FILES = 32
MOST_BYTES = 1024 * 1024
FRESH = 60.0
"""Seconds for which a file that was fetched ahead may be used: later it is fetched again."""
Asked = tuple[str, str]
"""(folder, pattern) of a listing."""


class ReadAhead:
    """What was listed last in each folder, and the synced copies of files that nobody asked for yet.

    A file counts as fetched at the moment its bytes came, with a look before and a look after, as any other. A guess
    is made only when files are asked for in the order of the listing, and grows while it proves right. A copy that is
    left by a killed run lies where incoming copies lie, and is swept with them.
    """

    def __init__(self) -> None:
        self._orders: dict[Asked, list[SourceFile]] = {}
        self._places: dict[SourceFile, tuple[Asked, int]] = {}
        self._copies: dict[SourceFile, tuple[float, Path, Written]] = {}
        self._expected: SourceFile | None = None
        self._many = 1
        self._number = 0

    def listed(self, asked: Asked, files: Sequence[SourceFile]) -> None:
        """Remember the order of a listing; what was fetched ahead of the one before is forgotten."""
        for source in self._orders.get(asked, ()):
            self._places.pop(source, None)
            self._forget(source)
        self._orders[asked] = list(files)
        self._places.update((source, (asked, place)) for place, source in enumerate(files))

    def take(self, source: SourceFile, copy: Path) -> Written | None:
        """Give a file that was fetched ahead its path; None where it was not, or too long ago."""
        came, path, written = self._copies.pop(source, (0.0, copy, None))
        if written is None:
            return None
        if time.monotonic() - came < FRESH and path.parent == copy.parent:
            path.replace(copy)
            return written
        path.unlink(missing_ok=True)
        return None

    def next(self, source: SourceFile) -> list[SourceFile]:
        """Return the files to fetch with this one, itself first."""
        if source not in self._places or source.size > SMALL:
            return [source]
        asked, place = self._places[source]
        order = self._orders[asked]
        self._many = min(2 * self._many, MOST_FILES) if source == self._expected else 1
        chosen, room = [], MOST_BYTES
        for other in order[place : place + self._many]:
            room -= other.size
            if other.size > SMALL or room < 0:
                break
            chosen.append(other)
        last = place + len(chosen)
        self._expected = order[last] if last < len(order) else None
        return chosen

    def keep(self, found: Sequence[tuple[SourceFile, bytes | None]], copy: Path) -> None:
        """Write what has come, synced, beside where the first copy is to lie; what is None is not kept."""
        here = []
        for source, data in found:
            if data is not None:
                self._forget(source)
                self._number += 1
                here.append((source, copy.with_name(f"{copy.name}.{self._number}.part"), data))
        for _, path, _ in here:
            path.unlink(missing_ok=True)
        made = write_several_synced([(path, data) for _, path, data in here])
        came = time.monotonic()
        self._copies.update(
            (source, (came, path, written)) for (source, path, _), written in zip(here, made, strict=True)
        )

    def clear(self) -> None:
        """Forget and remove everything."""
        for source in list(self._copies):
            self._forget(source)
        self._orders.clear()
        self._places.clear()
        self._expected = None

    def _forget(self, source: SourceFile) -> None:
        if source in self._copies:
            with suppress(OSError):
                self._copies.pop(source)[1].unlink(missing_ok=True)
