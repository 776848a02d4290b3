"""Finds the rejects that waited for tables alone, where the tables have by now what was missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from exchange.engine.discover import Ready
from exchange.engine.events import Outcome
from exchange.engine.house import House
from exchange.engine.shelves import Shelves
from exchange.engine.single import guarded
from exchange.kernel.load import load
from exchange.kernel.reject_rows import Parked

_UNPARK = "exchange.engine.unpark:unpark"
ROWS = (_UNPARK,)
"""Imports pandas: loaded when there is something to take up again."""


def taken_up(house: House, only: Ready | None = None) -> Iterator[Outcome]:
    """Take up again what waited for a table alone and is there now, claim by claim, the oldest first.

    Not in a dry run, nor in one that is asked for a single file.
    """
    if house.dry or only is not None:
        return
    shelves = Shelves(house.root)
    waiting = house.ledger.rejects.parked(house.flow.flow, shelves.last_edit())
    waiting = [p for p in waiting if shelves.edited_since({miss.table for miss in p.misses}, p.reject.opened_at)]
    there = shelves.has(miss for parked in waiting for miss in parked.misses)
    groups: dict[str, list[Parked]] = {}
    for parked in waiting:
        if there.issuperset(parked.misses):
            groups.setdefault(parked.reject.claim, []).append(parked)
    if groups:
        house.sound()
    for claim, some in groups.items():  # a claim has one origin, so its documents go on together
        house.safe_point()
        name = f"rejects of claim {claim}"
        yield from guarded(house, name, partial(load(_UNPARK), house, claim, [parked.reject for parked in some]))
