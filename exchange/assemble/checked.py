"""Remembers which configuration was found without a mistake: its files are looked at again after an edit; light."""

from __future__ import annotations

import hashlib
from pathlib import Path

from exchange.config.modelines import FOLDER as EDITOR_SCHEMAS
from exchange.kernel.atomic import write_hint

MARK = "data/state/checked"
"""Holds the hash of the configuration that was found without a mistake."""


def is_checked(root: Path) -> bool:
    """Tell whether the configuration is the one that was found without a mistake."""
    mark = root / MARK
    return mark.is_file() and mark.read_text(encoding="ascii") == digest_of(root)


def digest_of(root: Path) -> str:
    """Return what the configuration comes to as it is now; taken before it is looked at."""
    digest = hashlib.sha256()
    for folder in ("mappings", "templates"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_relative_to(root / EDITOR_SCHEMAS):
                content = path.read_bytes()
                digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def mark_sound(root: Path, digest: str) -> None:
    """Remember that this configuration has no mistakes, so that the next run need not look again."""
    write_hint(root / MARK, digest.encode())  # who may only read the workspace may check it too
