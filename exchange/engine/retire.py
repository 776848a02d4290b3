"""The end of a source file: our copy goes to the archive, the original goes where its pick-up says, if it is still
the same file; its done file goes with it, after it."""

from __future__ import annotations

from pathlib import Path

from exchange.config.models import PickUp
from exchange.engine.claim import Duplicate, ensure_copy
from exchange.engine.control import Controls
from exchange.engine.house import House, endpoint_of, pick_up_of
from exchange.kernel.atomic import make_folder, move_synced
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.model import BY_HAND, UNPACKED, Claim, SourceFile
from exchange.kernel.naming import safe_name


def archive_path(house: House, claim: Claim) -> Path:
    """Return where the original lies afterwards, byte for byte: `<archive>/<flow>/<date>/<claim>.<name>`."""
    return archived(house.archive, claim)


def archived(archive: Path, claim: Claim) -> Path:
    """Return the same for an archive."""
    day = claim.claimed_at.strftime("%Y-%m-%d")
    return archive / claim.flow / day / f"{claim.id}.{safe_name(claim.source.shown)}"


def retire(house: House, claim: Claim) -> tuple[str, ...]:
    """Archive our copy and let go of the source; harmless the second time. Returns notes for the operator.

    Raises TryLater where the source cannot be removed or moved just now: the claim stays open, the next run tries
    this again and nothing else.
    """
    if claim.origin.of_held:
        return ()
    notes: tuple[str, ...] = ()
    if claim.then != "delete":
        crashpoint("retire.archive")
        notes = _archive(house, claim)
        crashpoint("retire.archived")
    if claim.then == "keep" or claim.source.endpoint == BY_HAND:
        house.ledger.files.note(claim.source, claim.sha256, claim.claimed_at)
        crashpoint("retire.kept")
        return notes
    pick_up = _pick_up(house, claim)
    source = _as_it_lies(house, claim)
    gone = source is not None and _let_go(house, source, claim.then, (pick_up, claim.id))
    crashpoint("retire.removed")
    if gone and pick_up is not None:
        control = house.controls.pop(claim.id, None) or _left_control(house, claim, pick_up)
        _let_go_of_control(house, control, claim.then, (pick_up, claim.id))
    if not gone:
        notes = (*notes, f"{claim.source.shown} was replaced meanwhile: the new file stays for the next run")
    return notes


def set_duplicate_aside(house: House, duplicate: Duplicate, then: str) -> None:
    """Take a duplicate out of its folder: its content lies in the archive already (or with the claim that has it)."""
    house.ledger.files.note(duplicate.source, duplicate.sha256, house.now())
    crashpoint("retire.duplicate_noted")
    if then != "keep" and duplicate.source.endpoint != BY_HAND:
        pick_up = house.flow.pick_up[duplicate.pick_up]
        if _let_go(house, duplicate.source, then, (pick_up, duplicate.earlier.claim.id)):
            _let_go_of_control(house, duplicate.control, then, (pick_up, duplicate.earlier.claim.id))
        crashpoint("retire.duplicate")


def _pick_up(house: House, claim: Claim) -> PickUp | None:
    """Return the pick-up that took a claim, in the flow as it is today; None where it is gone."""
    try:
        return house.flow.pick_up[pick_up_of(house.flow, claim)]
    except ConfigurationError:
        return None


def _as_it_lies(house: House, claim: Claim) -> SourceFile | None:
    """Return the source as it lies there now; None where another file has its name, size and time.

    What this run listed, its endpoint tells apart. Of what an earlier run listed, the ledger keeps size and time only:
    it is known by its content. A server is not asked for a whole file again.
    """
    source = claim.source
    endpoint = endpoint_of(house.endpoints, source.endpoint, claim.id)
    if source.changed_ns or endpoint.remote:
        return source
    found = next((each for each in endpoint.list(source.folder, "*").files if each.name == source.name), None)
    if found is None or (found.size, found.mtime_ns) != (source.size, source.mtime_ns):
        return source  # gone or replaced: letting go of it tells which
    copy = house.work.incoming()
    written = endpoint.fetch(found, copy)
    copy.unlink(missing_ok=True)
    return found if written is not None and written.sha256 == claim.sha256 else None


def _let_go(house: House, source: SourceFile, then: str, whose: tuple[PickUp | None, str]) -> bool:
    pick_up, claim = whose
    endpoint = endpoint_of(house.endpoints, source.endpoint, claim)
    if then != "move":
        return endpoint.remove(source)
    if pick_up is None or not pick_up.move_to:
        raise ConfigurationError(
            f"mappings/flows/{house.flow.flow}.yaml: {source.shown} (claim {claim}) was taken to be moved, but its "
            "pick-up names no `move_to` any more; bring it back until the claim is done"
        )
    return endpoint.move(source, pick_up.move_to)


def _let_go_of_control(house: House, control: SourceFile | None, then: str, whose: tuple[PickUp | None, str]) -> None:
    if control is not None:
        _let_go(house, control, then, whose)
        crashpoint("retire.control")


def _left_control(house: House, claim: Claim, pick_up: PickUp) -> SourceFile | None:
    """Return the done file that a run before this one left behind; none where a new file of that name has come."""
    source = claim.source
    if not pick_up.done_file or source.endpoint == UNPACKED:
        return None
    files = endpoint_of(house.endpoints, source.endpoint, claim.id).list(source.folder, "*").files
    if any(found.name == source.name for found in files):
        return None
    return Controls(pick_up.done_file, files).of(source)


def _archive(house: House, claim: Claim) -> tuple[str, ...]:
    copy, place = house.work.source(claim.id), archive_path(house, claim)
    if not copy.exists() and place.exists():
        return ()  # a run before this one was ended here
    if not ensure_copy(house, claim):
        return (
            f"{claim.source.shown} is not in the archive: its copy is gone from data/state/work, and so is the file",
        )
    make_folder(place.parent)
    move_synced(copy, place)
    return ()
