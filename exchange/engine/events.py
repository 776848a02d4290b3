"""What a run of a flow has to tell, as values, and what it tells of files that are not taken; light, for idle runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exchange.config.models import Flow
from exchange.engine.discover import Discovered, Settling
from exchange.kernel.exits import Exit
from exchange.kernel.model import FileReport


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be carried to its end in this run; others went on."""

    flow: str
    file: str
    exit: Exit
    message: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """Files that are ready, but more than a run takes."""

    flow: str
    files: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something in a pick-up folder that is never taken."""

    flow: str
    shown: str
    """Its name, printable."""
    why: str


Outcome = FileReport | Failed | Settling
"""What became of one file."""
Event = Outcome | Postponed | PassedOver
"""What a run of a flow has to tell."""


def not_taken(flow: Flow, found: Discovered) -> Iterator[Event]:
    """Yield what lies there and is not taken."""
    yield from found.settling
    for ready in found.too_large:
        limit = flow.pick_up[ready.pick_up].max_size
        what = f"it has {ready.source.size:,} bytes, `max_size` of its pick-up is {limit:,}: it is left where it is"
        yield Failed(flow.flow, ready.source.shown, Exit.REJECTED, f"{what}; raise max_size or take it away")
    for odd in found.refused:
        yield PassedOver(flow.flow, odd.shown, odd.why)
    for fault in found.away:
        yield Failed(flow.flow, "", fault.exit, str(fault))
    if found.postponed:
        yield Postponed(flow.flow, found.postponed)
