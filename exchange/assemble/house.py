"""Opens what a command works with: the ledger, and a house for each flow; light, because an idle run ends here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property, partial
from pathlib import Path

from exchange.assemble.checked import is_checked
from exchange.assemble.clock import now
from exchange.assemble.endpoints import DATA, Places
from exchange.assemble.settled import settle
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.engine.executor import Threads
from exchange.engine.house import House
from exchange.engine.reach import Limit, Reach
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.kernel.load import load
from exchange.kernel.model import Claim
from exchange.kernel.plan import Plan
from exchange.state.locks import flow_lock
from exchange.state.work import ARCHIVE, WORK, WorkFolders

LEDGER = "exchange.state.ledger:open_ledger"
PLAN = "exchange.assemble.plan:load_plan"
SOUND = "exchange.assemble.sound:ensure_sound"
JOURNAL = "exchange.assemble.journal:journal"
ROWS = (LEDGER, PLAN, SOUND, JOURNAL)
"""Loaded when first needed: SQLAlchemy by commands that use the ledger, pandas by runs that found a file."""


def _never() -> None:
    """A safe point of a command that no signal handler watches."""


def _silent(claim: Claim, stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
    del claim, stage, done, total


@dataclass(frozen=True)
class Session:
    """One command at work in one workspace."""

    root: Path
    setup: Setup
    ledger: Ledger
    run: int
    safe_point: Callable[[], None] = _never
    progress: Callable[[Claim, str, int, int], None] = _silent
    dry: bool = False
    now: Callable[[], datetime] = field(default_factory=lambda: now)
    """The clock; `exchange demo` plays a day that is over."""
    by: tuple[str, str] = ("", "")
    """Who has a file taken by hand, and why."""

    @cached_property
    def places(self) -> Places:
        """The endpoints; all flows of a command share them, and with them one connection to each server."""
        return Places(self.setup)

    @contextmanager
    def at_work(self) -> Iterator[Session]:
        """Keep the journal meanwhile, and let go of every connection at the end."""
        with load(JOURNAL)(self.root):
            try:
                yield self
            finally:
                self.places.close()


@contextmanager
def ledger_of(setup: Setup) -> Iterator[Ledger]:
    """Open the workspace's ledger and let go of it at the end."""
    ledger: Ledger = load(LEDGER)(setup.workspace.ledger, setup.root)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def recorded(ledger: Ledger, command: str, ended: list[Exit]) -> Iterator[int]:
    """Record a run: its start, and how it ended (`ended` is asked at the end); a killed run has no end."""
    number = ledger.runs.start(command, now())
    try:
        yield number
    except Interrupted:
        raise
    except ExchangeError as fault:
        with suppress(ExchangeError):  # the ledger itself may be what fails
            ledger.runs.end(number, int(fault.exit), now())
        raise
    ledger.runs.end(number, int(ended[-1] if ended else Exit.FINE), now())


@contextmanager
def house_of(session: Session, flow: Flow) -> Iterator[House]:
    """Hold the flow's lock and yield its house; raises FlowLocked where another run holds it."""
    root = session.root
    with flow_lock(root / DATA / "state" / "locks", flow.flow):
        yield House(
            root=root,
            flow=flow,
            ledger=session.ledger,
            endpoints=session.places,
            work=WorkFolders(root / WORK, flow.flow),
            archive=root / ARCHIVE,
            plan=cache(partial(_plan, root, flow)),
            sound=partial(_sound, root, flow),
            now=session.now,
            safe_point=session.safe_point,
            progress=session.progress,
            executor=Threads(min(2, os.cpu_count() or 1)),
            run=session.run,
            reach=Reach(session.ledger, flow.flow, _limits(session.setup)),
            dry=session.dry,
            settled=partial(_settled, session, flow),
            by=session.by,
        )


def _limits(setup: Setup) -> dict[str, Limit]:
    """Return how many delivered files each endpoint may leave lying, whichever flow delivers them."""
    folders: dict[str, dict[str, None]] = {}
    for delivery in (each for flow in setup.flows.values() for each in flow.deliver):
        folders.setdefault(delivery.to, {})[delivery.folder] = None
    return {
        name: Limit(model.max_in_flight, tuple(folders.get(name, ())))
        for name, model in setup.workspace.endpoints.items()
        if model.max_in_flight is not None
    }


def _sound(root: Path, flow: Flow) -> None:
    if not is_checked(root):
        load(SOUND)(root, flow)


def _settled(session: Session, flow: Flow) -> None:
    settle(session.setup, flow, session.now())


def _plan(root: Path, flow: Flow, pick_up: int) -> Plan:
    made: Plan = load(PLAN)(root, flow, pick_up)
    return made
