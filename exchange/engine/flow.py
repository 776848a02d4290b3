"""One run of one flow: recover what a run before left open, then take what is ready, file by file."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from exchange.config.models import Flow
from exchange.engine.answers import take_answers
from exchange.engine.archives import is_archive, then_of
from exchange.engine.claim import Duplicate, Incomplete, take
from exchange.engine.discover import LOOK_LATER, Discovered, Ready, Search, Settling, discover, identity
from exchange.engine.house import House, pick_up_of
from exchange.engine.members import members
from exchange.engine.reach import paused
from exchange.engine.retire import set_duplicate_aside
from exchange.kernel.atomic import disk_faults
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.model import Claim, ClaimState, FileReport, Origin
from exchange.kernel.problems import Problem

_RUN_CLAIM = "exchange.engine.run:run_claim"
_RUN_ARCHIVE = "exchange.engine.run_archive:run_archive"
_REFUSE = "exchange.engine.run:refuse_whole"
_CARRY_ON = "exchange.engine.run:carry_on"
_DUPLICATE = "exchange.engine.report:duplicate"
ROWS = (_RUN_CLAIM, _RUN_ARCHIVE, _REFUSE, _CARRY_ON, _DUPLICATE)
"""The heavy half of the engine (it imports pandas), loaded when there is a file to work on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be carried to its end in this run; others went on."""

    flow: str
    file: str
    exit: Exit
    message: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """Files that are ready, but more than a run takes."""

    flow: str
    files: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something in a pick-up folder that is never taken."""

    flow: str
    shown: str
    """Its name, printable."""
    why: str


Event = FileReport | Failed | Settling | Postponed | PassedOver


def run_flow(house: House, origin: Origin = Origin.PICK_UP, only: Ready | None = None) -> Iterator[Event]:
    """Yield what became of each file; the caller holds the flow's lock. A flow that is paused does nothing."""
    for brake in house.ledger.brakes.paused():
        if (brake.kind, brake.name) == ("flow", house.flow.flow):
            yield Failed(house.flow.flow, "", Exit.FINE, paused(brake))
            return
    if not house.dry:
        # First: what was acknowledged makes room for what waits.
        yield from settle_answers(house)
        yield from recover(house)
    left = members(house)
    found = Discovered((only,)) if only is not None else look(house)
    if found.ready or left:
        house.sound()
    if only is None:
        yield from _each(house, left, origin)
    yield from _each(house, found.ready, origin)
    if any(is_archive(house.flow.pick_up[ready.pick_up], ready.source) for ready in found.ready):
        seen = {ready.source.name for ready in left}
        yield from _each(house, [ready for ready in members(house) if ready.source.name not in seen], origin)
    yield from not_taken(house.flow, found)
    yield from still_waiting(house)


def still_waiting(house: House) -> Iterator[Failed]:
    """Say, once for each target, what waits for it after this run, and what else has to be tried again."""
    for waits in house.reach.said():
        yield Failed(house.flow.flow, "", waits.fault.exit, str(waits))
    for fault in house.reach.faults:
        yield Failed(house.flow.flow, "", fault.exit, str(fault))


def settle_answers(house: House) -> Iterator[Failed]:
    """Take in what targets have answered; one that cannot be asked is asked again by the next run."""
    for fault in take_answers(house):
        yield Failed(house.flow.flow, "", fault.exit, str(fault))


def look(house: House) -> Discovered:
    """Return what lies in the pick-up folders; what open claims have not let go of is left out."""
    open_claims = house.ledger.claims.open(house.flow.flow)
    paused = frozenset(brake.name for brake in house.ledger.brakes.paused() if brake.kind == "endpoint")
    search = Search(
        remember=not house.dry,
        pause=house.pause,
        owned=frozenset(identity(known.claim.source) for known in open_claims if not known.retired),
        paused=paused,
    )
    return discover(house.flow, house.endpoints, house.ledger.files, house.now, search)


def _each(house: House, files: Iterable[Ready], origin: Origin) -> Iterator[Event]:
    lost: Counter[str] = Counter()
    for ready in files:
        house.safe_point()
        if ready.source.endpoint in lost:
            lost[ready.source.endpoint] += 1
            continue
        why = ready.archive.origin if ready.archive is not None else origin
        for event in _guarded(house, ready.source.shown, partial(_work_on, house, ready, why)):
            yield event
            if isinstance(event, Failed) and _is_away(house, ready):
                lost[ready.source.endpoint] = 0
    for endpoint, files_left in lost.items():
        if files_left:
            waits = f"{endpoint} cannot be reached any more: {files_left} more of its files wait for the next run"
            yield Failed(house.flow.flow, "", Exit.UNAVAILABLE, waits)


def _is_away(house: House, ready: Ready) -> bool:
    """Tell whether it is its place that failed a file: a server that hangs is not waited for once for each file."""
    endpoint = house.endpoints[ready.source.endpoint]
    if not endpoint.remote:
        return False
    try:
        endpoint.list(ready.source.folder, "*")
    except Interrupted:
        raise
    except ExchangeError:
        return True
    return False


def not_taken(flow: Flow, found: Discovered) -> Iterator[Event]:
    """Yield what lies there and is not taken."""
    yield from found.settling
    for ready in found.too_large:
        limit = flow.pick_up[ready.pick_up].max_size
        what = f"it has {ready.source.size:,} bytes, `max_size` of its pick-up is {limit:,}: it is left where it is"
        yield Failed(flow.flow, ready.source.shown, Exit.REJECTED, f"{what}; raise max_size or take it away")
    for odd in found.refused:
        yield PassedOver(flow.flow, odd.shown, odd.why)
    for fault in found.away:
        yield Failed(flow.flow, "", fault.exit, str(fault))
    if found.postponed:
        yield Postponed(flow.flow, found.postponed)


def recover(house: House) -> Iterator[Event]:
    """Carry on with what an earlier run left open: before the seal from the start, after it from the sealed bytes."""
    known = house.ledger.claims.open(house.flow.flow)
    house.work.sweep([entry.claim.id for entry in known])
    crashpoint("recover.swept")
    for entry in _in_order(house, known):
        house.safe_point()
        yield from _guarded(house, entry.claim.source.shown, partial(_recovered, house, entry))


def _in_order(house: House, known: list[KnownClaim]) -> list[KnownClaim]:
    """Return open claims as they go on: what waits for a target in the order of the seals, then the others."""
    if len(known) < 2:
        return known
    queue = [sealed.claim.id for sealed in house.ledger.deliveries.waiting(house.flow.flow)]
    places = {claim: place for place, claim in enumerate(queue)}
    return sorted(known, key=lambda entry: places.get(entry.claim.id, len(places)))


def _recovered(house: House, known: KnownClaim) -> FileReport | None:
    claim = known.claim
    if known.state is ClaimState.SEALED:
        delivered: FileReport | None = load(_CARRY_ON)(house, claim)
        return delivered
    # A claim that a guard held did not die on its way.
    died = known.state is ClaimState.CLAIMED
    tries = house.ledger.claims.restart(claim.id, counted=died)
    crashpoint("recover.restarted")
    house.work.clear(claim.id)
    crashpoint("recover.cleared")
    return _try(house, claim, partial(_again, house, claim, tries if died else 0))


def _again(house: House, claim: Claim, tries: int) -> FileReport:
    limit = house.flow.pick_up[pick_up_of(house.flow, claim)].tries
    if tries > limit:
        refused: FileReport = load(_REFUSE)(house, claim, Problem("POISON_FILE", detail={"times": limit}))
        return refused
    made: FileReport = load(_way_of(house, claim))(house, claim)
    return made


def run_file(
    house: House, ready: Ready, origin: Origin = Origin.PICK_UP, parent: str | None = None
) -> FileReport | None:
    """Claim one file and carry it to its end; None where it is gone or still being written."""
    made = _work_on(house, ready, origin, parent)
    return made if isinstance(made, FileReport) else None


def _work_on(house: House, ready: Ready, origin: Origin, parent: str | None = None) -> FileReport | Settling | None:
    taken = take(house, ready, origin, parent)
    if taken is None:
        return None
    if isinstance(taken, Incomplete):
        return Settling(taken.source, LOOK_LATER, taken.why)
    if isinstance(taken, Duplicate):
        return _set_aside(house, taken, ready)
    try:
        return _try(house, taken, partial(load(_way_of(house, taken)), house, taken))
    finally:
        if house.dry:
            house.work.remove(taken.id)


def _set_aside(house: House, found: Duplicate, ready: Ready) -> FileReport:
    if not house.dry:
        set_duplicate_aside(house, found, then_of(house.flow.pick_up[ready.pick_up], ready.source))
    earlier = house.ledger.claims.sealed(found.earlier.claim.id)
    rows = [d.path for d in earlier.deliveries if d.artifact.kind == "reject" and not d.path.endswith(".jsonl")]
    noted: FileReport = load(_DUPLICATE)(found, house.flow.flow, tuple(rows))
    return noted


def _way_of(house: House, claim: Claim) -> str:
    pick_up = house.flow.pick_up[pick_up_of(house.flow, claim)]
    return _RUN_ARCHIVE if is_archive(pick_up, claim.source) else _RUN_CLAIM


def _try(house: House, claim: Claim, work: Callable[[], FileReport]) -> FileReport:
    """Do the work; where something else than the file ends it, the try does not count against the file."""
    try:
        with disk_faults():
            return work()
    except ExchangeError:
        if not house.dry:
            with suppress(ExchangeError):
                house.ledger.claims.excuse(claim.id)
        raise


def _guarded(house: House, name: str, work: Callable[[], FileReport | Settling | None]) -> Iterator[Event]:
    """Run one file's work; a fault is said and costs this file only."""
    try:
        with disk_faults():
            report = work()
    except Interrupted:
        raise
    except ExchangeError as fault:
        yield Failed(house.flow.flow, name, fault.exit, str(fault))
    except Exception:  # noqa: BLE001 - one file's bug must not cost the next file; it is shown whole and exits 1
        yield Failed(house.flow.flow, name, Exit.BUG, f"this is a bug in exchange:\n{traceback.format_exc()}")
    else:
        if report is not None:
            yield report
