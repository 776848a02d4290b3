"""Folders on this machine as endpoints: listed, copied from and published to without a torn file."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from exchange.kernel.atomic import Written, copy_synced, is_disk_full, make_folder, sha256_of, sync_folder
from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, Receipt, SourceFile
from exchange.kernel.naming import matching

_CANNOT_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EACCES}


@dataclass(frozen=True, slots=True)
class LocalEndpoint:
    """A folder; it is made when first needed."""

    name: str
    root: Path
    """The folder itself."""
    workspace: Path
    """For paths as people read them: relative to the workspace where the folder lies in it."""

    def list(self, folder: str, match: str) -> list[SourceFile]:
        """Return the regular files that match, oldest first; links, pipes and hidden names never."""
        place = self.root / folder
        with self._reported(f"cannot list {self._shown(place)}"):
            place.mkdir(parents=True, exist_ok=True)
            found = [self._source(folder, name) for name in matching((entry.name for entry in place.iterdir()), match)]
        return sorted((source for source in found if source is not None), key=lambda s: (s.mtime_ns, s.name))

    def fetch(self, source: SourceFile, copy: Path) -> Written | None:
        """Copy the file; None where it is gone, or changed while it was read."""
        path = self._path_of(source)
        with self._reported(f"cannot copy {self._shown(path)}"):
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as stream:
                before = os.fstat(descriptor)
                written = copy_synced(stream, copy)
                after = os.fstat(descriptor)
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if same and written.size == after.st_size == source.size and after.st_mtime_ns == source.mtime_ns:
            return written
        copy.unlink(missing_ok=True)
        return None

    def stage(self, artifact: Artifact, local: Path) -> None:
        """Put the bytes under the temporary name: by a link where the disk is the same, else by a synced copy."""
        folder = self.root / artifact.folder
        staged = folder / artifact.temporary
        with self._reported(f"cannot write to {self._shown(folder)}"):
            make_folder(folder)
            staged.unlink(missing_ok=True)  # a leftover of our own: the name holds the claim
            try:
                os.link(local, staged)
            except OSError as fault:
                if fault.errno not in _CANNOT_LINK:
                    raise
                with local.open("rb") as stream:
                    copy_synced(stream, staged)
            if staged.stat().st_size != artifact.size:
                raise TryLater(f"{self._shown(staged)} came out shorter than {artifact.size} bytes; run again")
            sync_folder(folder)

    def reveal(self, artifact: Artifact) -> Receipt:
        """Rename into view. An existing file of the same content is ours from before; another is never replaced."""
        folder = self.root / artifact.folder
        staged, final = folder / artifact.temporary, folder / artifact.name
        with self._reported(f"cannot write to {self._shown(folder)}"):
            if final.exists():
                if sha256_of(final).sha256 != artifact.sha256:
                    raise TryLater(
                        f"{self._shown(final)} exists with other content and is not replaced; "
                        "move it away, then run again: the delivery waits"
                    )
                staged.unlink(missing_ok=True)
            elif not staged.exists():
                # Staged and noted, now gone: it was revealed before a crash and has been taken already.
                return Receipt(self._shown(final), artifact.size, presumed=True)
            else:
                staged.rename(final)
            sync_folder(folder)
        return Receipt(self._shown(final), artifact.size)

    def remove(self, source: SourceFile) -> bool:
        """Remove the source if it is still the file that was listed."""
        path = self._path_of(source)
        with self._reported(f"cannot remove {self._shown(path)}"):
            try:
                found = path.lstat()
            except FileNotFoundError:
                return True
            if (found.st_size, found.st_mtime_ns) != (source.size, source.mtime_ns):
                return False
            path.unlink()
            sync_folder(path.parent)
        return True

    def _source(self, folder: str, name: str) -> SourceFile | None:
        path = self.root / folder / name
        with suppress(FileNotFoundError):
            found = path.lstat()
            if stat.S_ISREG(found.st_mode):
                return SourceFile(
                    self.name, folder, name, found.st_size, found.st_mtime_ns, self._shown(path), found.st_ctime_ns
                )
        return None

    def _path_of(self, source: SourceFile) -> Path:
        return self.root / source.folder / source.name

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self.workspace)) if path.is_relative_to(self.workspace) else str(path)

    @contextmanager
    def _reported(self, what: str) -> Iterator[None]:
        """Say a fault of the file system in words, as something that can succeed later."""
        try:
            yield
        except OSError as fault:
            why = "the disk is full: free some space" if is_disk_full(fault) else (fault.strerror or str(fault))
            raise TryLater(f"{what}: {why}; then run again, nothing is lost") from fault
