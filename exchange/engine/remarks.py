"""Keeps what was noted of a computed file beside it, so that a run after a kill notes the same; light."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from exchange.engine.house import House
from exchange.kernel.atomic import make_folder, replace_synced, write_synced
from exchange.kernel.model import COMPUTED, Claim

FOLDER = "data/state/computed"
"""What the product's own endpoint is, seen from the workspace."""


def remark(house: House, name: str, sha256: str, notes: Sequence[str]) -> None:
    """Keep the notes of a file that is about to be written, durably; a dry run keeps nothing."""
    if house.dry or not notes:
        return
    path = _path(house, name)
    make_folder(path.parent)
    hidden = path.with_name(f"{path.name}.tmp")
    write_synced(hidden, [json.dumps({"sha256": sha256, "notes": list(notes)}).encode()])
    replace_synced(hidden, path)


def remarks(house: House, claim: Claim) -> tuple[str, ...]:
    """Return what was noted of a claimed file when it was computed."""
    if claim.source.endpoint != COMPUTED:
        return ()
    if claim.sha256 in house.said:
        return house.said[claim.sha256]
    try:
        kept = json.loads(_path(house, claim.source.name).read_bytes())
    except FileNotFoundError:
        return ()
    return tuple(kept["notes"]) if kept["sha256"] == claim.sha256 else ()


def _path(house: House, name: str) -> Path:
    return house.root / FOLDER / house.flow.flow / f".{name}.notes"
