"""The role of a place with files: what every transport fulfils."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from exchange.kernel.atomic import Written
from exchange.kernel.model import Artifact, Receipt, SourceFile


@dataclass(frozen=True, slots=True)
class RefusedName:
    """Something in a folder that is never taken: a name that could not be used safely, or no regular file."""

    shown: str
    """The name as it can be printed: unprintable bytes are written as escapes."""
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in one folder."""

    files: tuple[SourceFile, ...] = ()
    """Regular files whose names match, oldest first; hidden and temporary names never."""
    refused: tuple[RefusedName, ...] = ()


class Endpoint(Protocol):
    """A folder, a server or a bucket. A place that cannot be reached raises TryLater."""

    @property
    def remote(self) -> bool:
        """Whether another machine's clock and other machine's writers are at work: one look tells too little."""
        ...

    def list(self, folder: str, match: str) -> Listing:
        """Return the files in `folder` whose names match the pattern, without regard to case."""
        ...

    def read(self, folder: str, name: str, limit: int) -> bytes | None:
        """Return a small control file whole; None where it is not there. Raises TryLater past `limit` bytes."""
        ...

    def fetch(self, source: SourceFile, copy: Path) -> Written | None:
        """Write a complete, synced copy; None where the file is gone or not what was listed, before or after."""
        ...

    def stage(self, artifact: Artifact, local: Path) -> None:
        """Write `local` under the artifact's temporary name, complete, synced and compared in size."""
        ...

    def reveal(self, artifact: Artifact) -> Receipt:
        """Rename the staged file into view, or find out that this has happened already.

        A file of that name with the same content is ours; with other content `artifact.exists` says what to do.
        """
        ...

    def remove(self, source: SourceFile) -> bool:
        """Remove a source that is still the file that was listed; False where it is not (it stays)."""
        ...

    def move(self, source: SourceFile, folder: str) -> bool:
        """Move a source into a folder of this endpoint (made if needed); False where it is another file by now.

        True too where it is gone already. A file of that name there gets out of the way under a name of its own.
        """
        ...

    def close(self) -> None:
        """Let go of a connection, if there is one; the endpoint may be used again and connects anew."""
        ...
