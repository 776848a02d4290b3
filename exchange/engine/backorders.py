"""Sends on, at each run of a flow, what waited for stock that has come since: the oldest first, before new files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from exchange.engine.events import Outcome
from exchange.engine.house import House, pick_up_of
from exchange.engine.release import Kept, release_rows
from exchange.engine.single import guarded
from exchange.engine.supply import Supply, supply_of
from exchange.engine.waiting import is_open
from exchange.kernel.backorder_rows import Backorder, Want
from exchange.kernel.claim_rows import UNDELIVERED, SealedClaim
from exchange.kernel.model import Artifact, Origin
from exchange.kernel.pipeline import Allotting, machine_of


def complete(house: House, waiting: Sequence[Backorder]) -> Iterator[Outcome]:
    """Yield what became of documents of which something can be sent now; those of one file go on together."""
    house.sound()
    by_kind: dict[tuple[str, str], list[Backorder]] = {}
    for waits in waiting:
        by_kind.setdefault((waits.kind, waits.channel), []).append(waits)
    current: list[Backorder] = []
    for (kind, channel), some in by_kind.items():
        known = house.ledger.documents.known(kind, channel, [waits.number for waits in some])
        current += [waits for waits in some if waits.number in known and is_open(waits, known[waits.number])]
    groups: dict[tuple[str, datetime], list[Backorder]] = {}
    for waits in _served(house, sorted(current, key=lambda waits: waits.since)):
        groups.setdefault((waits.claim, waits.as_of), []).append(waits)
    for (claim, as_of), some in groups.items():
        house.safe_point()
        sealed = house.ledger.claims.sealed(claim)
        artifact = _held_file(sealed)
        if artifact is not None and artifact.state in UNDELIVERED:
            continue  # its claim is not over yet: the next run sends them on
        numbers = tuple(waits.number for waits in some)
        rows = tuple(range(waits.first_record, waits.first_record + waits.records) for waits in some)
        kept = Kept(sealed.claim, artifact, as_of, numbers, rows)
        yield from guarded(
            house, f"waiting for stock: {kept.named}", partial(release_rows, house, kept, Origin.BACKORDER)
        )


def _held_file(sealed: SealedClaim) -> Artifact | None:
    return next((each.artifact for each in sealed.deliveries if each.artifact.kind == "held"), None)


def _served(house: House, waiting: Sequence[Backorder]) -> Iterator[Backorder]:
    """Yield the documents that get something of what is there now."""
    rules = _rules(house, waiting)
    if rules is None:
        return
    wanted = {(want.location, want.item) for waits in waiting for want in waits.wants}
    supply = supply_of(house.ledger.stock, rules, wanted)
    for waits in waiting:
        given = list(_given(waits.wants, supply))
        enough = all(quantity == want.quantity for quantity, want in zip(given, waits.wants, strict=True))
        if enough or (rules.short == "backorder" and any(given)) or rules.short in {"send", "reject"}:
            for want, quantity in zip(waits.wants, given, strict=True):
                supply.give((want.location, want.item), want.unit, quantity)
            yield waits


def _given(wants: Sequence[Want], supply: Supply) -> Iterator[int]:
    ahead: dict[tuple[str, str], int] = {}
    for want in wants:
        key = (want.location, want.item)
        quantity = supply.units(key, want.unit, want.quantity, ahead.get(key, 0))
        ahead[key] = ahead.get(key, 0) + quantity * (supply.size(want.item, want.unit) or 0)
        yield quantity


def _rules(house: House, waiting: Sequence[Backorder]) -> Allotting | None:
    if not waiting:
        return None
    claim = house.ledger.claims.sealed(waiting[0].claim).claim
    return machine_of(house.plan(pick_up_of(house.flow, claim))).life.allot
