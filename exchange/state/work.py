"""The folders a flow works in: incoming copies, one folder for each claim, and nothing that nobody owns.

    <root>/<flow>/incoming/<n>     being fetched; nobody's yet
    <root>/<flow>/<claim>/source   the claimed copy
    <root>/<flow>/<claim>/...      spool and artifacts until the claim is over

Used under the flow's lock: two runs never share a flow's folders.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from exchange.kernel.atomic import make_folder, replace_synced, sync_folder

WORK = "data/state/work"
"""Where the work folders of a workspace lie."""
ARCHIVE = "data/archive"
"""Where a workspace keeps what it took, and below `<flow>/<date>/<claim>.sent` what it sent."""
SOURCE = "source"
_INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class WorkFolders:
    """The work folders of one flow."""

    root: Path
    """`WORK` of the workspace."""
    flow: str

    def incoming(self) -> Path:
        """Return a path, free at the moment, for a copy that is being fetched."""
        folder = self.root / self.flow / _INCOMING
        make_folder(folder)
        return next(path for number in count(1) if not (path := folder / str(number)).exists())

    def folder(self, claim: str) -> Path:
        """Return the folder of a claim, whether it exists or not."""
        return self.root / self.flow / claim

    def source(self, claim: str) -> Path:
        """Return the path of a claim's copy of its source file."""
        return self.folder(claim) / SOURCE

    def adopt(self, incoming: Path, claim: str) -> Path:
        """Make a fetched, synced copy the source of a claim, durably, and return its new path.

        What lies in the folder already is left over from a claim that was never recorded, and is removed.
        """
        folder = self.folder(claim)
        self.remove(claim)
        folder.mkdir(parents=True)
        for made in (folder.parent, self.root, self.root.parent):
            sync_folder(made)
        replace_synced(incoming, folder / SOURCE)
        return folder / SOURCE

    def clear(self, claim: str) -> None:
        """Remove all but the source, so that the work on a claim starts afresh; the folder may be gone altogether."""
        self.folder(claim).mkdir(parents=True, exist_ok=True)
        for entry in self.folder(claim).iterdir():
            if entry.name != SOURCE:
                _remove(entry)

    def remove(self, claim: str) -> None:
        """Remove the folder of a claim that is over; none is fine."""
        if self.folder(claim).exists():
            _remove(self.folder(claim))

    def removed(self, missed: FileNotFoundError) -> Path | None:
        """Return the folder here that is gone, where that is why a file is missed; None for any other reason."""
        home = self.root / self.flow
        if missed.filename is None:
            return None if home.is_dir() else home
        for path in (Path(name) for name in (missed.filename, missed.filename2) if name is not None):
            inside = path.parts[len(home.parts) :] if path.is_relative_to(home) else ()
            gone = [folder for folder in (home.joinpath(*inside[:1]), path.parent) if inside and not folder.is_dir()]
            if gone:
                return gone[0]
        return None

    def is_clean(self) -> bool:
        """Tell whether nothing lies here; what a killed run has left is swept by the next one that looks."""
        home = self.root / self.flow
        if not home.is_dir():
            return True
        incoming = home / _INCOMING
        left = [entry for entry in home.iterdir() if entry != incoming]
        return not left and not (incoming.is_dir() and any(incoming.iterdir()))

    def sweep(self, owned: Collection[str]) -> list[str]:
        """Remove incoming copies and the folders of claims that are not among the open ones; return their names."""
        home = self.root / self.flow
        if not home.is_dir():
            return []
        left = sorted(entry for entry in home.iterdir() if entry.name not in owned and entry.name != _INCOMING)
        left += sorted((home / _INCOMING).iterdir()) if (home / _INCOMING).is_dir() else []
        for entry in left:
            _remove(entry)
        return [str(entry.relative_to(home)) for entry in left]


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)
