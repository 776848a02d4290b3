"""Pick-ups that are computed from the ledger: each run writes the file as stock stands, and takes it like any other."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from exchange.engine.discover import Ready
from exchange.engine.events import Failed, Outcome
from exchange.engine.house import House
from exchange.engine.remarks import FOLDER, remark
from exchange.engine.single import guarded as guarding
from exchange.engine.single import run_file
from exchange.kernel.atomic import make_folder, replace_synced, write_synced
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.ledger import Ledger
from exchange.kernel.load import load
from exchange.kernel.model import COMPUTED, ClaimState, FileReport, Origin
from exchange.kernel.standing import Computation, Standing

_COMPUTE = "exchange.engine.computing:compute"
ROWS = (_COMPUTE,)
"""It imports pandas: loaded where something is computed."""


def standing(ledger: Ledger, now: datetime) -> Standing:
    """Return how stock stands."""
    stock = ledger.stock
    wants = [want for order in ledger.backorders.find("order") for want in order.wants]
    return Standing(now, stock.available(), stock.levels(), wants, stock.moved)


def computed(house: House, only: Ready | None = None) -> Iterator[Outcome]:
    """Compute the files of a flow one by one and carry them to their end; one that came out as before is left.

    Nothing where a person asked for one file only.
    """
    fine = only is None
    for index, pick_up in enumerate(house.flow.pick_up if only is None else ()):
        if pick_up.computed is None:
            continue
        house.safe_point()
        name = f"{pick_up.computed.name}.{pick_up.channel}.csv"
        for event in guarding(house, name, partial(_taken, house, index, name)):
            fine = fine and not isinstance(event, Failed)
            yield event
    if fine and not house.dry:
        house.settled()


def _taken(house: House, index: int, name: str) -> FileReport | None:
    made: Computation = load(_COMPUTE)(house, index, standing(house.ledger, house.now()))
    sha256 = hashlib.sha256(made.content).hexdigest()
    if not made.rows and house.ledger.claims.newest(house.flow.flow, COMPUTED, name) is None:
        return None  # nobody waits for the news that there is nothing
    if _came_out_before(house, index, name, sha256):
        return None
    house.said[sha256] = made.notes
    remark(house, name, sha256, made.notes)
    ready = _written(house, index, name, made.content)
    try:
        return run_file(house, ready, Origin.PICK_UP)
    finally:
        if house.dry:
            house.endpoints[COMPUTED].remove(ready.source)


def _came_out_before(house: House, index: int, name: str, sha256: str) -> bool:
    """Tell whether the file is the one before, and nothing that it goes through was edited since."""
    newest = house.ledger.claims.newest(house.flow.flow, COMPUTED, name)
    if newest is None or newest.claim.sha256 != sha256:
        return False
    if newest.state is not ClaimState.DONE:
        return newest.state is not ClaimState.REJECTED
    return house.ledger.claims.sealed(newest.claim.id).versions == house.plan(index).files


def _written(house: House, index: int, name: str, content: bytes) -> Ready:
    """Write the file where it is taken from; one that a killed run left there is replaced."""
    folder = house.root / FOLDER / house.flow.flow
    make_folder(folder)
    hidden = folder / f".{name}.tmp"
    crashpoint("computed.write")
    write_synced(hidden, [content])
    moment = int(house.now().timestamp() * 1_000_000) * 1000
    os.utime(hidden, ns=(moment, moment))
    replace_synced(hidden, folder / name)
    crashpoint("computed.written")
    [source] = [each for each in house.endpoints[COMPUTED].list(house.flow.flow, name).files if each.name == name]
    return Ready(source, index)
