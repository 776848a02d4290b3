"""Finds the flows that are due; light, because most runs of a timer end here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.kernel.load import load
from exchange.state.glance import served_moments
from exchange.triggers.due import due

_LAST = "exchange.assemble.served:last"
_REMEMBER = "exchange.assemble.served:remember"
ROWS = (_LAST, _REMEMBER)
"""They open the ledger: SQLAlchemy is loaded where a first look cannot tell, and where there is something to note."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The flows whose turn it is in this run."""

    flows: tuple[Flow, ...]
    at: datetime | None = None
    """When the schedules were asked; None where a run was asked for by name."""
    coming: Mapping[str, datetime] = field(default_factory=dict)
    """When the others are due, in UTC."""


def turn(setup: Setup, flows: Sequence[Flow], at: datetime, *, dry: bool) -> Turn:
    """Return the flows that are due at `at`; flows that are seen for the first time are remembered (unless `dry`)."""
    served = served_moments(setup.workspace.ledger, setup.root)
    if served is None:
        served = load(_LAST)(setup, flows)
    came = due(flows, served, at)
    if came.first_seen and not dry:
        load(_REMEMBER)(setup, came.first_seen)
    return Turn(came.flows, at, came.coming)
