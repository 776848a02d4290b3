"""Finds the flows that are due, without SQLAlchemy where none is, and notes which had their turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from exchange.assemble.house import ledger_of
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.state.glance import served_moments
from exchange.triggers.due import due


@dataclass(frozen=True, slots=True)
class Turn:
    """The flows whose turn it is in this run."""

    flows: tuple[Flow, ...]
    at: datetime | None = None
    """When the schedules were asked; None where a run was asked for by name."""
    coming: Mapping[str, datetime] = field(default_factory=dict)
    """When the others are due, in UTC."""

    def still(self, ledger: Ledger, flow: Flow) -> bool:
        """Tell whether it is the flow's turn still: another run may have served it while we were at the one before."""
        last = ledger.schedules.last(flow.flow) if self.at else None
        return self.at is None or last is None or last < self.at

    def serve(self, ledger: Ledger, flow: Flow, codes: Sequence[Exit]) -> None:
        """Note that the flow had its turn, whatever came of it: what failed is tried at its next moment, as by cron.

        One that another run held, or that is paused, has not had its turn; a killed run notes nothing either.
        """
        paused = any(brake.kind == "flow" and brake.name == flow.flow for brake in ledger.brakes.paused())
        if self.at is not None and Exit.LOCKED not in codes and not paused:
            ledger.schedules.served(flow.flow, self.at)


def turn(setup: Setup, flows: Sequence[Flow], at: datetime, *, dry: bool) -> Turn:
    """Return the flows that are due at `at`; flows that are seen for the first time are remembered (unless `dry`)."""
    served = served_moments(setup.workspace.ledger, setup.root)
    if served is None:
        with ledger_of(setup) as ledger:
            found = {flow.flow: ledger.schedules.last(flow.flow) for flow in flows}
        served = {flow: moment for flow, moment in found.items() if moment is not None}
    came = due(flows, served, at)
    if came.first_seen and not dry:
        with ledger_of(setup) as ledger:
            for flow, moment in came.first_seen.items():
                ledger.schedules.served(flow, moment)
    return Turn(came.flows, at, came.coming)
