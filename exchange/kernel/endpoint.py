"""The role of a place with files: what every transport fulfils."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from exchange.kernel.atomic import Written
from exchange.kernel.model import Artifact, Receipt, SourceFile


class Endpoint(Protocol):
    """A folder, a server or a bucket. A place that cannot be reached raises TryLater."""

    def list(self, folder: str, match: str) -> list[SourceFile]:
        """Return the regular files in `folder` whose names match, oldest first; hidden and temporary names never."""
        ...

    def fetch(self, source: SourceFile, copy: Path) -> Written | None:
        """Write a complete, synced copy; None where the file is gone or changed since it was listed."""
        ...

    def stage(self, artifact: Artifact, local: Path) -> None:
        """Write `local` under the artifact's temporary name, complete, synced and compared in size."""
        ...

    def reveal(self, artifact: Artifact) -> Receipt:
        """Rename the staged file into view, or find out that this has happened already."""
        ...

    def remove(self, source: SourceFile) -> bool:
        """Remove a source that is still the file that was listed; False where it is not (it stays)."""
        ...
