"""Who dropped a file: the account that it belongs to where the system tells, else where it came in."""

from __future__ import annotations

from pathlib import Path

from exchange.kernel.model import SourceFile


def dropped_by(root: Path, source: SourceFile) -> str:
    """Return the owner of a file in a local folder with the endpoint, `ann (shopify)`; else the endpoint alone.

    On a server, and where the file was taken away before (a run after a crash), only the endpoint is known.
    """
    try:
        owner = (root / source.path).owner() if source.path else ""
    except (OSError, KeyError, NotImplementedError):
        owner = ""
    return f"{owner} ({source.endpoint})" if owner else source.endpoint
