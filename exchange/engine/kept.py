"""Where the bytes of an artifact lie: in the work folder, waiting for their target, or kept after they were sent."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from exchange.engine.house import House
from exchange.engine.reach import PENDING
from exchange.kernel.atomic import copy_synced, make_folder, move_synced, sha256_of, sync_folder
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import Stop
from exchange.kernel.model import Artifact, Claim
from exchange.kernel.naming import is_row_rejects, safe_name

KEPT = frozenset(("output", "done"))
"""Kinds whose bytes are kept after they were sent; the others lie with us anyway."""


def work_path(house: House, artifact: Artifact) -> Path:
    """Return where it was made: the claim's work folder."""
    return house.work.folder(artifact.claim) / artifact.work_path


def pending_path(house: House, artifact: Artifact) -> Path:
    """Return where it waits: `data/outbox/.pending/<endpoint>/<claim>/<number>.<name>`."""
    return house.root / PENDING / artifact.endpoint / artifact.claim / _name(artifact)


def sent_path(house: House, claim: Claim, artifact: Artifact) -> Path:
    """Return where it is kept: `<archive>/<flow>/<date>/<claim>.sent/<number>.<name>`."""
    return sent(house.archive, claim, artifact)


def sent(archive: Path, claim: Claim, artifact: Artifact) -> Path:
    """Return the same for an archive."""
    day = claim.claimed_at.strftime("%Y-%m-%d")
    return archive / claim.flow / day / f"{claim.id}.sent" / _name(artifact)


def find(house: House, claim: Claim, artifact: Artifact) -> Path | None:
    """Return where the bytes of an artifact are; None where they are gone."""
    places = (work_path(house, artifact), pending_path(house, artifact), sent_path(house, claim, artifact))
    return next((place for place in places if place.is_file()), None)


def there(house: House, claim: Claim, artifact: Artifact) -> Path:
    """Return where the bytes of an artifact are; raises Stop where they are gone."""
    path = find(house, claim, artifact)
    if path is None:
        raise _damaged(work_path(house, artifact), "gone", artifact)
    return path


def verified(house: House, claim: Claim, artifact: Artifact) -> Path:
    """Return where the bytes of an artifact are, read and compared with the seal; raises Stop where they differ."""
    path = there(house, claim, artifact)
    if sha256_of(path).sha256 != artifact.sha256:
        raise _damaged(path, "not what was sealed", artifact)
    return path


def _damaged(place: Path, what: str, artifact: Artifact) -> Stop:
    return Stop(
        f"{place} is {what}: {artifact.name} for {artifact.endpoint} (claim {artifact.claim}) is not delivered; the "
        "file was changed or removed by hand, or the disk is at fault. Bring it back from a backup, then run again"
    )


def keep_sent(house: House, claim: Claim, sent: Iterable[Artifact]) -> None:
    """Keep what was delivered as it was sent: `exchange resend` sends these bytes again. Harmless the second time."""
    folders: dict[Path, None] = {}
    for artifact in sent:
        place = sent_path(house, claim, artifact)
        path = find(house, claim, artifact)
        if path is None or path == place:
            continue
        _keep_rows(place, artifact, path)
        if artifact.kind in KEPT:
            if place.parent not in folders:
                make_folder(place.parent)
                folders[place.parent] = None
            crashpoint("keep.sent")
            _move(path, place)
        elif path == pending_path(house, artifact):
            path.unlink()
        _clean(house, path)
    for folder in folders:
        sync_folder(folder)
        crashpoint("keep.synced")


def keep_waiting(house: House, claim: Claim, waiting: Iterable[Artifact]) -> None:
    """Move what could not be delivered to where it waits for its target, whole and synced."""
    for artifact in waiting:
        place = pending_path(house, artifact)
        path = find(house, claim, artifact)
        if path is not None and path != place:
            make_folder(place.parent)
            crashpoint("keep.waiting")
            move_synced(path, place)


def _keep_rows(place: Path, artifact: Artifact, made: Path) -> None:
    """Keep a copy of a file of rejected rows: a link would change with the file that people correct in place."""
    if artifact.kind != "reject" or not is_row_rejects(artifact.name) or place.is_file():
        return
    make_folder(place.parent)
    copy = place.with_name(f"{place.name}.part")
    copy.unlink(missing_ok=True)
    crashpoint("keep.rows")
    with made.open("rb") as stream:
        written = copy_synced(stream, copy)
    if written.sha256 == artifact.sha256:
        copy.replace(place)
        sync_folder(place.parent)
    else:  # somebody works in it already: there is nothing to compare with
        copy.unlink()


def _move(path: Path, place: Path) -> None:
    """Move a synced file; one folder gets many of them and is synced once, by the caller."""
    try:
        path.replace(place)
    except OSError as fault:
        if fault.errno != errno.EXDEV:
            raise
        move_synced(path, place)


def _clean(house: House, path: Path) -> None:
    """Remove the folders of what waited once nothing is in them."""
    top = house.root / PENDING
    for folder in path.parents:
        if folder == top or not folder.is_relative_to(top) or any(folder.iterdir()):
            return
        folder.rmdir()


def _name(artifact: Artifact) -> str:
    return f"{artifact.number:03}.{safe_name(artifact.name)}"
