"""The work on one file, from the claim to the end; what it costs where it fails: that file, and no other."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

from exchange.engine.archives import is_archive, then_of
from exchange.engine.claim import Duplicate, Incomplete, as_of, ensure_copy, take
from exchange.engine.discover import LOOK_LATER, Ready, Settling
from exchange.engine.events import Failed, Outcome
from exchange.engine.holding import left_alone
from exchange.engine.house import House, pick_up_of
from exchange.engine.merge import most_tries
from exchange.engine.removal import passing_faults
from exchange.engine.repetition import renew
from exchange.engine.retire import set_duplicate_aside
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit
from exchange.kernel.guard_rows import Decision
from exchange.kernel.load import load
from exchange.kernel.model import Claim, ClaimState, FileReport, Origin, SourceFile
from exchange.kernel.problems import Problem

_RUN_CLAIM = "exchange.engine.run:run_claim"
_RUN_ARCHIVE = "exchange.engine.run_archive:run_archive"
_REFUSE = "exchange.engine.run:refuse_whole"
_CARRY_ON = "exchange.engine.run:carry_on"
_DUPLICATE = "exchange.engine.report:duplicate"
_DECLINE = "exchange.engine.declined:decline"
_WORTH_WARMING = 16 * 1024 * 1024
"""Bytes of a file whose copy takes about as long as those imports."""
ROWS = (_RUN_CLAIM, _RUN_ARCHIVE, _REFUSE, _CARRY_ON, _DUPLICATE, _DECLINE)
"""The heavy half of the engine (it imports pandas), loaded when there is a file to work on."""


Work = Callable[[House, Ready, Origin], FileReport | Settling | None]


def each(house: House, files: Iterable[Ready], origin: Origin, work: Work | None = None) -> Iterator[Outcome]:
    """Work on files one by one; those of an endpoint that is lost on the way wait."""
    lost: Counter[str] = Counter()
    for ready in files:
        house.safe_point()
        if ready.source.endpoint in lost:
            lost[ready.source.endpoint] += 1
            continue
        why = ready.archive.origin if ready.archive is not None else origin
        for event in guarded(house, ready.source.shown, partial(work or _work_on, house, ready, why)):
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


def recovered(house: House, known: KnownClaim) -> FileReport | None:
    """Carry on with a claim that a run before left open; None where it waits as it waited."""
    claim = known.claim
    if known.state is ClaimState.SEALED:
        delivered: FileReport | None = load(_CARRY_ON)(house, claim)
        return delivered
    waits = left_alone(house, known)
    if waits is not None:
        return waits
    return attempt(house, claim, partial(_again, house, claim, restarted(house, known)))


def restarted(house: House, known: KnownClaim) -> int:
    """Forget what was done before the seal, and return how often the work on the file has died or is begun now."""
    # A claim that a guard held did not die on its way.
    died = known.state is ClaimState.CLAIMED
    tries = house.ledger.claims.restart(known.claim.id, counted=died)
    crashpoint("recover.restarted")
    house.work.clear(known.claim.id)
    crashpoint("recover.cleared")
    return tries if died else 0


def _again(house: House, claim: Claim, tries: int) -> FileReport:
    limit = most_tries(house.flow.pick_up[pick_up_of(house.flow, claim)])
    if tries > limit:
        refused: FileReport = load(_REFUSE)(house, claim, Problem("POISON_FILE", detail={"times": limit}))
        return refused
    if not ensure_copy(house, claim):
        lost: FileReport = load(_REFUSE)(house, claim, Problem("COPY_LOST"))
        return lost
    hold = house.ledger.guards.held(claim.id)
    if hold is not None and hold.decision is Decision.DECLINED:
        declined: FileReport = load(_DECLINE)(house, claim, hold)
        return declined
    return first(house, claim)


def first(house: House, claim: Claim) -> FileReport:
    """Carry a claimed file to its end."""
    made: FileReport = load(_way_of(house, pick_up_of(house.flow, claim), claim.source))(house, claim)
    return made


def run_file(
    house: House, ready: Ready, origin: Origin = Origin.PICK_UP, parent: str | None = None
) -> FileReport | None:
    """Claim one file and carry it to its end; None where it is gone or still being written."""
    made = _work_on(house, ready, origin, parent)
    return made if isinstance(made, FileReport) else None


def _work_on(house: House, ready: Ready, origin: Origin, parent: str | None = None) -> FileReport | Settling | None:
    with _warming(house, ready):
        taken = claimed(house, ready, origin, parent)
    if not isinstance(taken, Claim):
        return taken
    try:
        return attempt(house, taken, partial(first, house, taken))
    finally:
        if house.dry:
            house.work.remove(taken.id)


@contextmanager
def _warming(house: House, ready: Ready) -> Iterator[None]:
    """Load what the work on a big file needs while its bytes are copied: neither waits for the other.

    What fails here fails again where it is asked for, and is told there.
    """
    if ready.source.size < _WORTH_WARMING:
        yield
        return
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_warm, house, ready)
        yield


def _warm(house: House, ready: Ready) -> None:
    load(_way_of(house, ready.pick_up, ready.source))
    house.plan(ready.pick_up)


def claimed(
    house: House, ready: Ready, origin: Origin, parent: str | None = None
) -> Claim | FileReport | Settling | None:
    """Claim one file; what is not taken, and does not stay there for the next run without a word, is reported."""
    taken = take(house, ready, origin, parent)
    if isinstance(taken, Incomplete):
        return Settling(taken.source, LOOK_LATER, taken.why)
    if isinstance(taken, Duplicate):
        return _set_aside(house, taken, ready)
    return taken


def _set_aside(house: House, found: Duplicate, ready: Ready) -> FileReport:
    if not house.dry:
        renew(house, ready, found.earlier, as_of(house, ready, Origin.PICK_UP))
        set_duplicate_aside(house, found, then_of(house.flow.pick_up[ready.pick_up], ready.source))
    earlier = house.ledger.claims.sealed(found.earlier.claim.id)
    rows = [d.path for d in earlier.deliveries if d.artifact.kind == "reject" and not d.path.endswith(".jsonl")]
    noted: FileReport = load(_DUPLICATE)(found, house.flow.flow, tuple(rows))
    return noted


def _way_of(house: House, pick_up: int, source: SourceFile) -> str:
    return _RUN_ARCHIVE if is_archive(house.flow.pick_up[pick_up], source) else _RUN_CLAIM


def attempt(house: House, claim: Claim, work: Callable[[], FileReport]) -> FileReport:
    """Do the work; where something else than the file ends it, the try does not count against the file."""
    try:
        with passing_faults(house):
            return work()
    except ExchangeError:
        if not house.dry:
            with suppress(ExchangeError):
                house.ledger.claims.excuse(claim.id)
        raise


def guarded(house: House, name: str, work: Callable[[], Outcome | None]) -> Iterator[Outcome]:
    """Run one file's work; a fault is said and costs this file only."""
    try:
        with passing_faults(house):
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
