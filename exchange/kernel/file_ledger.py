"""The port through which the engine asks and tells what was seen in pick-up folders; light, because idle runs look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from exchange.kernel.model import SourceFile


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it lay in a pick-up folder when somebody looked."""

    size: int
    """Bytes."""
    mtime_ns: int
    """The endpoint's own clock."""
    first_seen: datetime
    """Since when size and modification time are as they are, by our clock."""
    last_seen: datetime


class FileLedger(Protocol):
    """What was seen in pick-up folders.

    Of files that stay where they are (`then: keep`) the content is noted, so that it is not fetched and hashed again;
    of files that may still be written to, how they looked.
    """

    def sighting(self, source: SourceFile) -> str | None:
        """Return the sha256 noted for this very name, size and time; None where anything differs."""

    def note(self, source: SourceFile, sha256: str, at: datetime) -> None:
        """Remember the content of a file as it was seen."""

    def looks(self, endpoint: str, folder: str) -> dict[str, Look]:
        """Return the last look at each file of a folder, by name."""

    def look(self, endpoint: str, folder: str, seen: Sequence[SourceFile], at: datetime) -> None:
        """Remember how the files of a folder look now; names that are not among them any more are forgotten.

        `first_seen` is kept while size and modification time stay as they were.
        """
