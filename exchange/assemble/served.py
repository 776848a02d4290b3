"""Asks the ledger which flows had their turn, and tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from exchange.assemble.due import Turn
from exchange.assemble.house import ledger_of
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger


def still(whose: Turn, ledger: Ledger, flow: Flow) -> bool:
    """Tell whether it is a flow's turn still: another run may have served it while we were at the one before."""
    last = ledger.schedules.last(flow.flow) if whose.at else None
    return whose.at is None or last is None or last < whose.at


def serve(whose: Turn, ledger: Ledger, flow: Flow, codes: Sequence[Exit]) -> None:
    """Note that a flow had its turn, whatever came of it: what failed is tried at its next moment, as by cron.

    One that another run held, or that is paused, has not had its turn; a killed run notes nothing either.
    """
    paused = any(brake.kind == "flow" and brake.name == flow.flow for brake in ledger.brakes.paused())
    if whose.at is not None and Exit.LOCKED not in codes and not paused:
        ledger.schedules.served(flow.flow, whose.at)


def last(setup: Setup, flows: Sequence[Flow]) -> dict[str, datetime]:
    """Return, by flow, the moment that was served last; those that never were are left out."""
    with ledger_of(setup) as ledger:
        found = {flow.flow: ledger.schedules.last(flow.flow) for flow in flows}
    return {flow: moment for flow, moment in found.items() if moment is not None}


def remember(setup: Setup, moments: Mapping[str, datetime]) -> None:
    """Note the moments up to which flows count as served."""
    with ledger_of(setup) as ledger:
        for flow, moment in moments.items():
            ledger.schedules.served(flow, moment)
