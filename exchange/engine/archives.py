"""Alone knows which files are archives, and which pick-up takes a file that came in one."""

from __future__ import annotations

from exchange.config.models import Flow, PickUp
from exchange.kernel.model import UNPACKED, SourceFile
from exchange.kernel.naming import matching, returned_name

GZIP, ZIP = ".gz", ".zip"
NESTED = (GZIP, ZIP, ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst")
"""Endings of what is never unpacked out of an archive."""


def is_archive(pick_up: PickUp, source: SourceFile) -> bool:
    """Tell whether a file is one to unpack."""
    return pick_up.unpack == "auto" and source.endpoint != UNPACKED and source.name.lower().endswith((GZIP, ZIP))


def takes(pick_up: PickUp, name: str) -> bool:
    """Tell whether a pick-up takes a file of this name; of a .zip only its members can tell.

    Rejects of a file that it takes, as people send them back, are taken whatever they end with.
    """
    if matching([name], pick_up.match):
        return True
    if (source := returned_name(name)) and matching([name], "*") and matching([source], pick_up.match):
        return True
    if pick_up.unpack == "never" or not matching([name], "*"):
        return False
    lower = name.lower()
    return lower.endswith(ZIP) or (lower.endswith(GZIP) and bool(matching([inner_name(name)], pick_up.match)))


def inner_name(name: str) -> str:
    """Return what the one file in a .gz is called."""
    return name[: -len(GZIP)]


def pick_up_of_member(flow: Flow, archive: SourceFile, own: int, member: str) -> int | None:
    """Return the index of the pick-up that takes a member; None where no pick-up wants it.

    The first pick-up of the archive's folder whose pattern fits the member; else `own`, the one that took the
    archive, where its pattern names the archive itself (`*.zip`) or a person named it.
    """
    if not matching([member], "*"):
        return None
    place = (archive.endpoint, archive.folder)
    for index, pick_up in enumerate(flow.pick_up):
        if (pick_up.from_, pick_up.folder) == place and matching([member], pick_up.match):
            return index
    by_hand = all((pick_up.from_, pick_up.folder) != place for pick_up in flow.pick_up)
    named = own < len(flow.pick_up) and matching([archive.name], flow.pick_up[own].match)
    return own if by_hand or named else None


def then_of(pick_up: PickUp, source: SourceFile) -> str:
    """Return what happens to a source at the end; a member leaves our own folder, and is kept unless none are."""
    if source.endpoint != UNPACKED:
        return pick_up.then
    return "delete" if pick_up.then == "delete" else "archive"
