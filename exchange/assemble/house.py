"""Opens what a command works with: the ledger, and a house for each flow; light, because an idle run ends here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.engine.executor import Threads
from exchange.engine.house import BY_HAND, HELD, REJECTS, House
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.kernel.load import load
from exchange.kernel.model import Claim
from exchange.kernel.plan import Plan
from exchange.state.locks import flow_lock
from exchange.state.work import WorkFolders
from exchange.transports.local import LocalEndpoint

LEDGER = "exchange.state.ledger:open_ledger"
PLAN = "exchange.assemble.plan:load_plan"
SOUND = "exchange.assemble.sound:ensure_sound"
ROWS = (LEDGER, PLAN, SOUND)
"""Loaded when first needed: SQLAlchemy by commands that use the ledger, pandas by runs that found a file."""
ENDPOINTS: dict[str, str] = {"local": "exchange.transports.local:LocalEndpoint"}
"""Endpoint type -> its class, built from (name, folder, workspace)."""
DATA, ARCHIVE = "data", "data/archive"


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def _never() -> None:
    """A safe point of a command that no signal handler watches."""


def _silent(claim: Claim, stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
    del claim, stage, done, total


@dataclass(frozen=True, slots=True)
class Session:
    """One command at work in one workspace."""

    root: Path
    setup: Setup
    ledger: Ledger
    run: int
    safe_point: Callable[[], None] = _never
    progress: Callable[[Claim, str, int, int], None] = _silent
    dry: bool = False


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
    yield number
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
            endpoints=endpoints(session.setup),
            work=WorkFolders(root / DATA / "state" / "work", flow.flow),
            archive=root / ARCHIVE,
            plan=cache(partial(_plan, root, flow)),
            sound=partial(_sound, root, flow),
            now=now,
            safe_point=session.safe_point,
            progress=session.progress,
            executor=Threads(min(2, os.cpu_count() or 1)),
            run=session.run,
            dry=session.dry,
        )


def endpoints(setup: Setup) -> dict[str, Endpoint]:
    """Return every endpoint of the workspace, the product's own among them."""
    made: dict[str, Endpoint] = {
        name: load(ENDPOINTS[model.type])(name, setup.root / model.path, setup.root)
        for name, model in setup.workspace.endpoints.items()
    }
    made[REJECTS] = LocalEndpoint(REJECTS, setup.root / DATA / "rejects", setup.root)
    made[HELD] = LocalEndpoint(HELD, setup.root / DATA / "state" / "held", setup.root)
    made[BY_HAND] = LocalEndpoint(BY_HAND, Path("/"), setup.root)
    return made


def _sound(root: Path, flow: Flow) -> None:
    load(SOUND)(root, flow)


def _plan(root: Path, flow: Flow, pick_up: int) -> Plan:
    made: Plan = load(PLAN)(root, flow, pick_up)
    return made
