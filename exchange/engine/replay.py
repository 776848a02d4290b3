"""Runs an archived original once more: a claim of its own, linked to the first, which takes effect."""

from __future__ import annotations

import os
from pathlib import Path

from exchange.engine.discover import Ready
from exchange.engine.house import House, pick_up_of
from exchange.engine.retire import archive_path
from exchange.engine.single import run_file
from exchange.kernel.atomic import copy_synced, sha256_of
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import Stop
from exchange.kernel.ledger import ActionRow
from exchange.kernel.model import BY_HAND, Claim, FileReport, Origin, SourceFile
from exchange.kernel.naming import safe_name


def replay(house: House, original: Claim, action: ActionRow) -> FileReport | None:
    """Run a claim's original again; None where it is not in the archive. Raises Stop where it is another file by now.

    The new claim is as old as the first one: what was sent since then is newer and stays.
    """
    archived = archive_path(house, original)
    if not archived.is_file():
        return None
    if sha256_of(archived).sha256 != original.sha256:
        raise Stop(f"{archived} is not what was taken as claim {original.id}: restore it from a backup")
    house.ledger.runs.act(action)
    crashpoint("replay.recorded")
    place = house.work.incoming().with_name("replay")
    place.mkdir(parents=True, exist_ok=True)
    copy = place / safe_name(original.source.shown)
    _link(archived, copy)
    os.utime(copy, ns=(round(original.as_of.timestamp() * 10**6) * 1000,) * 2)
    crashpoint("replay.laid_out")
    found = copy.stat()
    source = SourceFile(
        BY_HAND, str(place.relative_to("/")), copy.name, found.st_size, found.st_mtime_ns, original.source.path
    )
    try:
        return run_file(house, Ready(source, pick_up_of(house.flow, original)), Origin.REPLAY, original.id)
    finally:
        copy.unlink(missing_ok=True)
        place.rmdir()


def _link(archived: Path, copy: Path) -> None:
    """Give the original a second name; where the disk is another one, a copy."""
    copy.unlink(missing_ok=True)
    try:
        os.link(archived, copy)
    except OSError:
        with archived.open("rb") as stream:
            copy_synced(stream, copy)
