"""The end of a source file: our copy goes to the archive, the original is removed if it is still the same file."""

from __future__ import annotations

from pathlib import Path

from exchange.engine.claim import Duplicate
from exchange.engine.house import BY_HAND, House, endpoint_of
from exchange.kernel.atomic import make_folder, move_synced
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.model import Claim, Origin
from exchange.kernel.naming import safe_name


def archive_path(house: House, claim: Claim) -> Path:
    """Return where the original lies afterwards, byte for byte: `<archive>/<flow>/<date>/<claim>.<name>`."""
    day = claim.claimed_at.strftime("%Y-%m-%d")
    return house.archive / claim.flow / day / f"{claim.id}.{safe_name(claim.source.name)}"


def retire(house: House, claim: Claim) -> tuple[str, ...]:
    """Archive and remove the source; harmless the second time. Returns notes for the operator."""
    if claim.origin is Origin.RELEASE:
        return ()
    if claim.then != "delete":
        crashpoint("retire.archive")
        _archive(house.work.source(claim.id), archive_path(house, claim))
        crashpoint("retire.archived")
    if claim.then == "keep" or claim.source.endpoint == BY_HAND:
        house.ledger.files.note(claim.source, claim.sha256, claim.claimed_at)
        crashpoint("retire.kept")
        return ()
    removed = endpoint_of(house.endpoints, claim.source.endpoint, claim.id).remove(claim.source)
    crashpoint("retire.removed")
    return () if removed else (f"{claim.source.name} was replaced meanwhile: the new file stays for the next run",)


def set_duplicate_aside(house: House, duplicate: Duplicate, then: str) -> None:
    """Remove a duplicate from its folder: its content lies in the archive already (or with the claim that has it)."""
    house.ledger.files.note(duplicate.source, duplicate.sha256, house.now())
    crashpoint("retire.duplicate_noted")
    if then != "keep" and duplicate.source.endpoint != BY_HAND:
        house.endpoints[duplicate.source.endpoint].remove(duplicate.source)
        crashpoint("retire.duplicate")


def _archive(copy: Path, place: Path) -> None:
    if not copy.exists():
        return  # a run before this one was ended here
    make_folder(place.parent)
    move_synced(copy, place)
