"""The work on files that go out together: all are claimed, then each set of them is carried to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from exchange.engine.discover import Ready, Settling
from exchange.engine.events import Failed, Outcome
from exchange.engine.house import House
from exchange.engine.merge import sets
from exchange.engine.single import attempt, claimed, each, first, guarded, recovered
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.model import Claim, ClaimState, FileReport, Origin

_RUN_MERGED = "exchange.engine.run_merged:run_merged"
ROWS = (_RUN_MERGED,)
"""It imports pandas: loaded when there are files to work on."""
_NAMED = 3
"""Files that a message names."""


def run_together(house: House, left_open: Sequence[Claim], files: Sequence[Ready], origin: Origin) -> Iterator[Outcome]:
    """Yield what became of files that go out together, and of claims of such files that a run before left open."""
    taking = _Taking({claim.id: claim for claim in left_open})
    try:
        yield from each(house, files, origin, taking.take)
        for claims in sets(house.flow, taking.claims.values()):
            house.safe_point()
            yield from _carried(house, claims)
    except Interrupted:
        _excuse(house, taking.claims.values())
        raise
    finally:
        for claim in taking.claims if house.dry else ():
            house.work.remove(claim)
    # Content that came twice: the first one is done with now, so that the second is a duplicate.
    yield from each(house, taking.again, origin)


@dataclass(slots=True)
class _Taking:
    """Claims files one by one."""

    claims: dict[str, Claim]
    again: list[Ready] = field(default_factory=list)
    """Files that were not taken because their content is being worked on, or they are gone."""

    def take(self, house: House, ready: Ready, origin: Origin) -> FileReport | Settling | None:
        made = claimed(house, ready, origin)
        if made is None or (isinstance(made, Claim) and made.id in self.claims):
            self.again.append(ready)
            return None
        if isinstance(made, Claim):
            self.claims[made.id] = made
            return None
        return made


def _carried(house: House, claims: Sequence[Claim]) -> Iterator[Outcome]:
    """Carry a set of files to its end; where it fails for what is in them, each is tried by itself."""
    if len(claims) == 1:
        [claim] = claims
        yield from guarded(house, claim.source.shown, partial(attempt, house, claim, partial(first, house, claim)))
        return
    reports: list[FileReport] = []
    try:
        failures = list(guarded(house, _named(claims), partial(_run, house, claims, reports)))
    except Interrupted:
        yield from reports
        raise
    yield from (*reports, *failures)
    for failed in failures:
        if isinstance(failed, Failed) and failed.exit is not Exit.BUG:
            _excuse(house, claims)
        if isinstance(failed, Failed) and failed.exit in {Exit.BUG, Exit.INTEGRITY}:
            yield from _each_by_itself(house, claims)


def _run(house: House, claims: Sequence[Claim], reports: list[FileReport]) -> None:
    reports.extend(load(_RUN_MERGED)(house, claims))


def _named(claims: Sequence[Claim]) -> str:
    names = ", ".join(claim.source.shown for claim in claims[:_NAMED])
    return names if len(claims) <= _NAMED else f"{names} and {len(claims) - _NAMED} more"


def _each_by_itself(house: House, claims: Iterable[Claim]) -> Iterator[Outcome]:
    for claim in claims:
        house.safe_point()
        yield from guarded(house, claim.source.shown, partial(_by_itself, house, claim))


def _by_itself(house: House, claim: Claim) -> FileReport | None:
    if house.dry:
        house.work.clear(claim.id)
        return first(house, claim)
    known = house.ledger.claims.get(claim.id)
    if known is None or known.state not in {ClaimState.CLAIMED, ClaimState.SEALED}:
        return None  # it is over, or held: said already
    return recovered(house, known)


def _excuse(house: House, claims: Iterable[Claim]) -> None:
    """Take back a try of each: something else than the files ended it."""
    for claim in () if house.dry else claims:
        with suppress(ExchangeError):
            house.ledger.claims.excuse(claim.id)
