"""Folders on this machine as endpoints: listed, copied from and published to without a torn file."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from exchange.kernel.atomic import (
    Written,
    advice_on,
    copy_synced,
    is_disk_full,
    make_folder,
    move_synced,
    replace_synced,
    sha256_of,
    sync_folder,
)
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.endpoint import Listing, RefusedName
from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, Receipt, SourceFile
from exchange.kernel.naming import final_names, in_the_way, matching, shown_name

_CANNOT_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EACCES}
_BYTES = re.compile("[\udc80-\udcff]")
"""What Python reads in a name where its bytes are no UTF-8."""
_ODD = {
    stat.S_IFLNK: "it is a symbolic link, not a regular file",
    stat.S_IFIFO: "it is a pipe, not a regular file",
    stat.S_IFSOCK: "it is a socket, not a regular file",
    stat.S_IFBLK: "it is a device, not a regular file",
    stat.S_IFCHR: "it is a device, not a regular file",
}


@dataclass(frozen=True, slots=True)
class LocalEndpoint:
    """A folder; it is made when first needed."""

    name: str
    root: Path
    """The folder itself."""
    workspace: Path
    """For paths as people read them: relative to the workspace where the folder lies in it."""
    mount_marker: str = ""
    """A file in the folder without which it is down (a share that is not mounted), not empty; blank for none."""

    @property
    def remote(self) -> bool:
        """This machine's clock, and a kernel that tells the truth about sizes."""
        return False

    def list(self, folder: str, match: str) -> Listing:
        """Return the regular files that match, oldest first; links, pipes and hidden names never."""
        place = self.root / folder
        with self._reported(f"cannot list {self._shown(place)}"):
            make_folder(place)
            with os.scandir(place) as entries:
                names = matching((entry.name for entry in entries), match)
            if self.mount_marker:
                names = [name for name in names if place / name != self.root / self.mount_marker]
            # A folder may hold a hundred thousand files: what they share is made once, as text.
            about = (f"{place}/", self._shown(place / "x")[:-1], folder)
            found = [self._looked_at(about, name) for name in names]
        files = [entry for entry in found if isinstance(entry, SourceFile)]
        refused = sorted((entry for entry in found if isinstance(entry, RefusedName)), key=lambda r: r.shown)
        return Listing(tuple(sorted(files, key=lambda s: (s.mtime_ns, s.name))), tuple(refused))

    def read(self, folder: str, name: str, limit: int) -> bytes | None:
        """Return a small file whole; None where it is not there; TryLater where it is longer than `limit` bytes."""
        path = self.root / folder / name
        with self._reported(f"cannot read {self._shown(path)}"):
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as stream:
                data = stream.read(limit + 1)
        if len(data) > limit:
            raise TryLater(
                f"{self._shown(path)} is longer than the {limit:,} bytes that a control file may have; "
                "look at it, then run again"
            )
        return data

    def fetch(self, source: SourceFile, copy: Path) -> Written | None:
        """Copy the file; None where it is gone, or changed while it was read."""
        path = self._path_of(source)
        with self._reported(f"cannot copy {self._shown(path)}"):
            try:
                # A pipe that took the file's place must not hold the run: it opens at once and is no regular file.
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as stream:
                before = os.fstat(descriptor)
                if not stat.S_ISREG(before.st_mode) or before.st_size != source.size:
                    return None
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
        """Rename into view. A file of that name and content is ours; what else has the name, `exists` decides on."""
        folder = self.root / artifact.folder
        staged = folder / artifact.temporary
        names = final_names(artifact.name, artifact.claim, artifact.exists)
        with self._reported(f"cannot write to {self._shown(folder)}"):
            for final in (folder / name for name in names):
                if final.exists() and sha256_of(final).sha256 == artifact.sha256:
                    staged.unlink(missing_ok=True)
                    sync_folder(folder)
                    return Receipt(self._shown(final), artifact.size)
            if not staged.exists():
                if not folder.is_dir():
                    raise TryLater(
                        f"the folder is gone in which {self._shown(staged)} was staged; bring it back (a share that "
                        "is not mounted?), then run again, nothing is lost"
                    )
                # Staged and noted, now gone: it was revealed before a crash and has been taken already.
                return Receipt(self._shown(folder / artifact.name), artifact.size, presumed=True)
            final = self._free(folder, names, artifact.exists)
            staged.rename(final)
            sync_folder(folder)
        return Receipt(self._shown(final), artifact.size)

    def remove(self, source: SourceFile) -> bool:
        """Remove the source if it is still the file that was listed."""
        path = self._path_of(source)
        with self._reported(f"cannot remove {self._shown(path)}"):
            same = self._is_same(source)
            if same:
                path.unlink()
                sync_folder(path.parent)
        return same is not False

    def move(self, source: SourceFile, folder: str) -> bool:
        """Move the source into another folder of this endpoint if it is still the file that was listed."""
        path, place = self._path_of(source), self.root / folder
        with self._reported(f"cannot move {self._shown(path)} to {self._shown(place)}"):
            same = self._is_same(source)
            if same:
                make_folder(place)
                self._make_room(place, path.name)
                crashpoint("local.move")
                move_synced(path, place / path.name)
                sync_folder(path.parent)
        return same is not False

    def close(self) -> None:
        """Nothing is held open."""

    def _looked_at(self, about: tuple[str, str, str], name: str) -> SourceFile | RefusedName | None:
        place, shown, folder = about
        with suppress(FileNotFoundError):
            found = os.lstat(place + name)
            if stat.S_ISREG(found.st_mode):
                raw = b"" if name.isascii() or not _BYTES.search(name) else os.fsencode(name)
                return SourceFile(
                    endpoint=self.name,
                    folder=folder,
                    name=name,
                    size=found.st_size,
                    mtime_ns=found.st_mtime_ns,
                    path=shown + name,
                    changed_ns=found.st_ctime_ns,
                    raw=raw,
                )
            if odd := _ODD.get(stat.S_IFMT(found.st_mode)):
                return RefusedName(shown_name(os.fsencode(name)), odd)
        return None

    def _is_same(self, source: SourceFile) -> bool | None:
        """Tell whether the file is still the one that was listed; None where it is gone."""
        try:
            found = self._path_of(source).lstat()
        except FileNotFoundError:
            return None
        # Another file may have size and time of this one (`rsync -t`, `put -p`): only the kernel's own note tells them
        # apart. It also changes with mode and links; the file is then looked at once more, and known by its content.
        changed = source.changed_ns or found.st_ctime_ns
        return (found.st_size, found.st_mtime_ns, found.st_ctime_ns) == (source.size, source.mtime_ns, changed)

    def _free(self, folder: Path, names: Sequence[str], exists: str) -> Path:
        """Return the path that a staged file may be renamed to; raises TryLater where a stranger has it."""
        for final in (folder / name for name in names):
            if exists == "replace" or not os.path.lexists(final):
                return final
        raise TryLater(
            f"{self._shown(folder / names[-1])} exists with other content and is not replaced; "
            "move it away, then run again: the delivery waits"
        )

    def _make_room(self, folder: Path, name: str) -> None:
        """Rename what has the name of a file that is moved here."""
        there = folder / name
        if not os.path.lexists(there):
            return
        stamp = datetime.fromtimestamp(there.lstat().st_mtime, UTC).strftime("%Y%m%dT%H%M%S")
        aside = (folder / in_the_way(name, stamp, number) for number in count(1))
        replace_synced(there, next(path for path in aside if not os.path.lexists(path)))

    def _path_of(self, source: SourceFile) -> Path:
        return self.root / source.folder / source.name

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self.workspace)) if path.is_relative_to(self.workspace) else str(path)

    @contextmanager
    def _reported(self, what: str) -> Iterator[None]:
        """Say a fault of the file system in words, as something that can succeed later."""
        if self.mount_marker and not (self.root / self.mount_marker).exists():
            raise TryLater(
                f"{what}: it is down, not empty: its mount marker {self._shown(self.root / self.mount_marker)} is "
                "missing; mount it, then run again, nothing is lost"
            )
        try:
            yield
        except OSError as fault:
            why = "the disk is full" if is_disk_full(fault) else (fault.strerror or str(fault))
            advice = advice_on(fault) or "look at that place"
            raise TryLater(f"{what}: {why}: {advice}; then run again, nothing is lost") from fault
