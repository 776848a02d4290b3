"""One run of one flow: recover what a run before left open, then take what is ready, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from exchange.engine.answers import take_answers
from exchange.engine.archives import is_archive
from exchange.engine.claim import ensure_copy
from exchange.engine.computed import computed
from exchange.engine.discover import Discovered, Ready, Search, discover, identity
from exchange.engine.events import Event, Failed, not_taken
from exchange.engine.house import House
from exchange.engine.members import members
from exchange.engine.merge import apart, joins_again
from exchange.engine.overdue import held_too_long
from exchange.engine.parked import taken_up
from exchange.engine.reach import paused
from exchange.engine.sequence import in_sequence, in_turn, waits_in_turn
from exchange.engine.single import each, guarded, recovered, restarted
from exchange.engine.together import run_together
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.model import Claim, FileReport, Origin

_COMPLETE = "exchange.engine.backorders:complete"
ROWS = (_COMPLETE,)
"""It imports pandas: loaded when something waits for stock."""


def run_flow(house: House, origin: Origin = Origin.PICK_UP, only: Ready | None = None) -> Iterator[Event]:
    """Yield what became of each file; the caller holds the flow's lock. A flow that is paused does nothing."""
    for brake in house.ledger.brakes.paused():
        if (brake.kind, brake.name) == ("flow", house.flow.flow):
            yield Failed(house.flow.flow, "", Exit.FINE, paused(brake))
            return
    left_open: list[Claim] = []
    if not house.dry:
        # First: what was acknowledged makes room for what waits.
        yield from settle_answers(house)
        yield from recover(house, left_open)
        if only is None:
            yield from sent_on(house)
    left = members(house)
    found = Discovered((only,)) if only is not None else look(house)
    if found.ready or left:
        house.sound()
    together: list[Ready] = []
    if only is None:
        yield from each(house, apart(house.flow, left, together), origin)
    alone = found.ready if only is not None else apart(house.flow, found.ready, together)
    yield from in_turn(house, each(house, in_sequence(house.flow, alone), origin))
    if any(is_archive(house.flow.pick_up[ready.pick_up], ready.source) for ready in alone):
        seen = {ready.source.name for ready in left}
        unpacked = [ready for ready in members(house) if ready.source.name not in seen]
        yield from each(house, apart(house.flow, unpacked, together), origin)
    yield from run_together(house, left_open, together, origin)
    # Behind new files: what they say of a document is newer than what was rejected.
    yield from taken_up(house, only)
    yield from computed(house, only)
    yield from held_too_long(house)
    yield from not_taken(house.flow, found)
    yield from still_waiting(house)


def sent_on(house: House) -> Iterator[Event]:
    """Send on what waited for stock that has come since."""
    waiting = house.ledger.backorders.of_flow(house.flow.flow) if house.flow.rules.availability is not None else []
    if waiting:
        yield from load(_COMPLETE)(house, waiting)


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


def recover(house: House, together: list[Claim]) -> Iterator[Event]:
    """Carry on with what an earlier run left open: before the seal from the start, after it from the sealed bytes.

    What goes out with other files is made ready and added to `together`.
    """
    known = house.ledger.claims.open(house.flow.flow)
    house.work.sweep([entry.claim.id for entry in known])
    crashpoint("recover.swept")
    for entry in _in_order(house, known):
        house.safe_point()
        if waits_in_turn(house.flow, entry):
            continue
        work = partial(_joined, together) if joins_again(house.flow, entry) else recovered
        yield from guarded(house, entry.claim.source.shown, partial(work, house, entry))


def _joined(together: list[Claim], house: House, known: KnownClaim) -> FileReport | None:
    if not ensure_copy(house, known.claim):
        return recovered(house, known)
    restarted(house, known)
    together.append(known.claim)
    return None


def _in_order(house: House, known: list[KnownClaim]) -> list[KnownClaim]:
    """Return open claims as they go on: what waits for a target in the order of the seals, then the others."""
    if len(known) < 2:
        return known
    queue = [sealed.claim.id for sealed in house.ledger.deliveries.waiting(house.flow.flow)]
    places = {claim: place for place, claim in enumerate(queue)}
    return sorted(known, key=lambda entry: places.get(entry.claim.id, len(places)))
