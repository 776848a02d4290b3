"""One run of one flow: recover what a run before left open, then take what is ready, file by file."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from exchange.engine.claim import Duplicate, take
from exchange.engine.discover import Discovered, Ready, Settling, discover
from exchange.engine.house import House
from exchange.engine.retire import set_duplicate_aside
from exchange.kernel.atomic import disk_faults
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.model import Claim, ClaimState, FileReport, Origin

_RUN_CLAIM = "exchange.engine.run:run_claim"
_DELIVER = "exchange.engine.run:deliver"
_DUPLICATE = "exchange.engine.report:duplicate"
ROWS = (_RUN_CLAIM, _DELIVER, _DUPLICATE)
"""The heavy half of the engine (it imports pandas), loaded when there is a file to work on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be carried to its end in this run; others went on."""

    flow: str
    file: str
    exit: Exit
    message: str


Event = FileReport | Failed | Settling


def run_flow(house: House, origin: Origin = Origin.PICK_UP, only: Ready | None = None) -> Iterator[Event]:
    """Yield what became of each file; the caller holds the flow's lock."""
    if not house.dry:
        yield from recover(house)
    if only is not None:
        found = Discovered((only,), ())
    else:
        found = discover(house.flow, house.endpoints, house.ledger.files, house.now)
    if found.ready:
        house.sound()
    for ready in found.ready:
        house.safe_point()
        yield from _guarded(house, ready.source.name, partial(run_file, house, ready, origin))
    yield from found.settling


def recover(house: House) -> Iterator[Event]:
    """Carry on with what an earlier run left open: before the seal from the start, after it from the sealed bytes."""
    known = house.ledger.claims.open(house.flow.flow)
    house.work.sweep([entry.claim.id for entry in known])
    crashpoint("recover.swept")
    for entry in known:
        house.safe_point()
        yield from _guarded(house, entry.claim.source.name, partial(_recovered, house, entry.claim, entry.state))


def _recovered(house: House, claim: Claim, state: ClaimState) -> FileReport:
    if state is ClaimState.SEALED:
        delivered: FileReport = load(_DELIVER)(house, claim, time.monotonic(), recovering=True)
        return delivered
    house.ledger.claims.restart(claim.id)
    crashpoint("recover.restarted")
    house.work.clear(claim.id)
    crashpoint("recover.cleared")
    made: FileReport = load(_RUN_CLAIM)(house, claim)
    return made


def run_file(
    house: House, ready: Ready, origin: Origin = Origin.PICK_UP, parent: str | None = None
) -> FileReport | None:
    """Claim one file and carry it to its end; None where it is gone or still being written."""
    taken = take(house, ready, origin, parent)
    if taken is None:
        return None
    if isinstance(taken, Duplicate):
        if not house.dry:
            set_duplicate_aside(house, taken, house.flow.pick_up[ready.pick_up].then)
        earlier = house.ledger.claims.sealed(taken.earlier.claim.id)
        rows = [d.path for d in earlier.deliveries if d.artifact.kind == "reject" and not d.path.endswith(".jsonl")]
        noted: FileReport = load(_DUPLICATE)(taken, house.flow.flow, tuple(rows))
        return noted
    try:
        made: FileReport = load(_RUN_CLAIM)(house, taken)
    finally:
        if house.dry:
            house.work.remove(taken.id)
    return made


def _guarded(house: House, name: str, work: Callable[[], FileReport | None]) -> Iterator[Event]:
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
