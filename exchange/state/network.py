"""Tells whether a path lies on a network file system, where SQLite's locks cannot be trusted."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone")
)
"""File systems shared over a network; 9p is not one of them: virtual machines mount their own disk by it."""
_ESCAPE = re.compile(r"\\([0-7]{3})")


def network_type(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the network file system `path` lies on (nfs4, cifs ...), None for a local one.

    Where the system has no `/proc` nothing is known and None is returned. Format: proc(5), mountinfo.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    place, best, found = path.resolve(), -1, ""
    for line in lines:
        mounted, _, described = line.partition(" - ")
        point = Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), mounted.split(" ")[4]))
        # `>=`: of two mounts on one point the later line lies on top.
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), described.split(" ")[0]
    return found if found in NETWORK else None
