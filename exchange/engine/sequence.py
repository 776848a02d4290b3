"""Numbered files of changes in their order; what waits for one that is missing goes on once that has come; light."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from exchange.config.models import Flow
from exchange.config.stock import Stock
from exchange.engine.discover import Ready
from exchange.engine.events import Outcome
from exchange.engine.house import House, pick_up_of
from exchange.engine.repetition import number_in_name
from exchange.engine.single import guarded, recovered
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.model import Claim, ClaimState, FileReport


def in_sequence(flow: Flow, files: Iterable[Ready]) -> list[Ready]:
    """Return files with those that are numbered by name in the order of their numbers, at the places they have."""
    made = list(files)
    for index, pick_up in enumerate(flow.pick_up):
        if pick_up.stock is not None and pick_up.stock.sequence is not None:
            places = [place for place, ready in enumerate(made) if ready.pick_up == index]
            ordered = sorted(
                (made[place] for place in places), key=lambda ready: number_in_name(flow, index, ready.source)
            )
            for place, ready in zip(places, ordered, strict=True):
                made[place] = ready
    return made


def waits_in_turn(flow: Flow, known: KnownClaim) -> bool:
    """Tell whether an open claim is looked at once what is new was taken: a numbered file that was held."""
    return known.state is ClaimState.HELD and _is_numbered(flow, known.claim)


def in_turn(house: House, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield what became of files, then carry on with numbered ones that waited, as far as that gets.

    Of one that waits still it is said at the end, once.
    """
    if house.dry or not any(_numbered(pick_up.stock) for pick_up in house.flow.pick_up):
        yield from outcomes
        return
    yield from (event for event in outcomes if not _is_held(house, event))
    waiting = [known for known in house.ledger.claims.open(house.flow.flow) if waits_in_turn(house.flow, known)]
    waiting.sort(key=partial(_place, house.flow))
    still: dict[str, Outcome] = {}
    while waiting:
        left = []
        for known in waiting:
            house.safe_point()
            for event in guarded(house, known.claim.source.shown, partial(recovered, house, known)):
                if _is_held(house, event):
                    still[known.claim.id] = event
                    left.append(known)
                else:
                    still.pop(known.claim.id, None)
                    yield event
        if len(left) == len(waiting):
            break
        waiting = left
    yield from still.values()


def _is_held(house: House, event: Outcome) -> bool:
    if not isinstance(event, FileReport) or event.state != ClaimState.HELD.value:
        return False
    known = house.ledger.claims.get(event.claim)
    return known is not None and waits_in_turn(house.flow, known)


def _is_numbered(flow: Flow, claim: Claim) -> bool:
    try:
        return _numbered(flow.pick_up[pick_up_of(flow, claim)].stock)
    except ConfigurationError:
        return False  # said when it is tried


def _place(flow: Flow, known: KnownClaim) -> tuple[int, datetime]:
    claim = known.claim
    return number_in_name(flow, pick_up_of(flow, claim), claim.source), claim.as_of


def _numbered(stock: Stock | None) -> bool:
    return stock is not None and stock.sequence is not None
