"""A place that lives in this process: for tests, and for trying a flow without touching a disk or a partner."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from exchange.kernel.atomic import Written, write_synced
from exchange.kernel.endpoint import Listing
from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, Receipt, SourceFile
from exchange.kernel.naming import final_names, in_the_way, matching


@dataclass(frozen=True, slots=True)
class Kept:
    """One file."""

    data: bytes
    mtime_ns: int


@dataclass(slots=True)
class MemoryEndpoint:
    """Files by (folder, name)."""

    name: str
    remote: bool = False
    """What it claims to be."""
    files: dict[tuple[str, str], Kept] = field(default_factory=dict)
    """What lies there, temporary names too."""
    away: str = ""
    """Why it cannot be reached; blank while it can."""

    def list(self, folder: str, match: str) -> Listing:
        """Return what matches, oldest first."""
        self._reach()
        names = matching((name for place, name in self.files if place == folder), match)
        made = (self._source(folder, name) for name in names)
        return Listing(tuple(sorted(made, key=lambda source: (source.mtime_ns, source.name))))

    def read(self, folder: str, name: str, limit: int) -> bytes | None:
        """Return a small file whole."""
        self._reach()
        kept = self.files.get((folder, name))
        if kept is not None and len(kept.data) > limit:
            raise TryLater(
                f"{self.name}:{folder}/{name} is longer than the {limit:,} bytes of a control file; look at it"
            )
        return None if kept is None else kept.data

    def fetch(self, source: SourceFile, copy: Path) -> Written | None:
        """Write a synced copy to a disk of this machine."""
        self._reach()
        kept = self.files.get((source.folder, source.name))
        return write_synced(copy, [kept.data]) if kept is not None and _is(kept, source) else None

    def stage(self, artifact: Artifact, local: Path) -> None:
        """Read the sealed bytes in."""
        self._reach()
        data = local.read_bytes()
        if len(data) != artifact.size:
            raise TryLater(f"{artifact.temporary} came out other than {artifact.size} bytes; run again")
        self.put(artifact.folder, artifact.temporary, data)

    def reveal(self, artifact: Artifact) -> Receipt:
        """Give the staged file its name."""
        self._reach()
        staged = (artifact.folder, artifact.temporary)
        names = final_names(artifact.name, artifact.claim, artifact.exists)
        for name in names:
            kept = self.files.get((artifact.folder, name))
            if kept is not None and hashlib.sha256(kept.data).hexdigest() == artifact.sha256:
                self.files.pop(staged, None)
                return self._receipt(artifact, name)
        if staged not in self.files:
            return self._receipt(artifact, artifact.name, presumed=True)
        name = next(self._free(artifact, names), "")
        if not name:
            raise TryLater(
                f"{self.name}:{artifact.folder}/{names[-1]} exists with other content and is not replaced; "
                "move it away, then run again: the delivery waits"
            )
        self.files[artifact.folder, name] = self.files.pop(staged)
        return self._receipt(artifact, name)

    def remove(self, source: SourceFile) -> bool:
        """Forget a file that is still the listed one."""
        self._reach()
        kept = self.files.get((source.folder, source.name))
        if kept is None:
            return True
        if same := _is(kept, source):
            del self.files[source.folder, source.name]
        return same

    def move(self, source: SourceFile, folder: str) -> bool:
        """Put a file that is still the listed one elsewhere."""
        self._reach()
        kept = self.files.get((source.folder, source.name))
        if kept is None or not _is(kept, source):
            return kept is None
        if there := self.files.get((folder, source.name)):
            stamp = datetime.fromtimestamp(there.mtime_ns // 10**9, UTC).strftime("%Y%m%dT%H%M%S")
            aside = (in_the_way(source.name, stamp, number) for number in count(1))
            self.files[folder, next(name for name in aside if (folder, name) not in self.files)] = there
        self.files[folder, source.name] = self.files.pop((source.folder, source.name))
        return True

    def close(self) -> None:
        """Nothing is held open; the files stay."""

    def put(self, folder: str, name: str, data: bytes, mtime_ns: int | None = None) -> None:
        """Put a file there, as a partner does; changed now unless a time is given."""
        self.files[folder, name] = Kept(data, time.time_ns() if mtime_ns is None else mtime_ns)

    def _source(self, folder: str, name: str) -> SourceFile:
        kept = self.files[folder, name]
        return SourceFile(self.name, folder, name, len(kept.data), kept.mtime_ns)

    def _free(self, artifact: Artifact, names: Sequence[str]) -> Iterator[str]:
        return (name for name in names if artifact.exists == "replace" or (artifact.folder, name) not in self.files)

    def _receipt(self, artifact: Artifact, name: str, *, presumed: bool = False) -> Receipt:
        return Receipt(f"{self.name}:{artifact.folder}/{name}", artifact.size, presumed)

    def _reach(self) -> None:
        if self.away:
            raise TryLater(f"{self.name} is away: {self.away}; run again, nothing is lost")


def _is(kept: Kept, source: SourceFile) -> bool:
    return (len(kept.data), kept.mtime_ns) == (source.size, source.mtime_ns)
