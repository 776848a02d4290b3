"""What one run of one flow works with: every side effect the engine has goes through here."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from exchange.config.models import Flow
from exchange.engine.executor import Executor
from exchange.engine.reach import Reach
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import Claim, SourceFile
from exchange.kernel.plan import Plan


def _nothing() -> None:
    """Remember nothing."""


class Work(Protocol):
    """The work folders of one flow."""

    def incoming(self) -> Path:
        """Return a free path for a copy that is being fetched."""
        ...

    def folder(self, claim: str) -> Path:
        """Return the folder of a claim."""
        ...

    def source(self, claim: str) -> Path:
        """Return the path of a claim's copy of its source."""
        ...

    def adopt(self, incoming: Path, claim: str) -> Path:
        """Make a fetched, synced copy the source of a claim, durably."""
        ...

    def clear(self, claim: str) -> None:
        """Remove all but the source."""
        ...

    def remove(self, claim: str) -> None:
        """Remove the folder of a claim that is over."""
        ...

    def removed(self, missed: FileNotFoundError) -> Path | None:
        """Return the folder here that is gone, where that is why a file is missed; None for any other reason."""
        ...

    def sweep(self, owned: Collection[str]) -> list[str]:
        """Remove what no open claim owns."""
        ...


def pick_up_of(flow: Flow, claim: Claim) -> int:
    """Return the pick-up that took a claim, in the flow as it is today; raises ConfigurationError where it is gone."""
    places: tuple[int, ...] = (claim.pick_up, *range(len(flow.pick_up)))
    for index in places:
        if index < len(flow.pick_up) and flow.pick_up[index].mapping == claim.mapping:
            return index
    raise ConfigurationError(
        f"mappings/flows/{flow.flow}.yaml: claim {claim.id} ({claim.source.shown}) was taken with mapping "
        f"{claim.mapping}, which no pick-up of the flow names any more; bring that pick-up back until it is done"
    )


def endpoint_of(endpoints: Mapping[str, Endpoint], name: str, claim: str) -> Endpoint:
    """Return an endpoint that a claim needs; raises ConfigurationError where it is gone from the configuration."""
    if name not in endpoints:
        raise ConfigurationError(
            f"mappings/exchange.yaml: claim {claim} waits for endpoint {name}, which is not there any more; "
            "bring it back until the claim is done"
        )
    return endpoints[name]


@dataclass(frozen=True, slots=True)
class House:
    """One flow, ready to run."""

    root: Path
    """The workspace."""
    flow: Flow
    ledger: Ledger
    endpoints: Mapping[str, Endpoint]
    work: Work
    archive: Path
    plan: Callable[[int], Plan]
    """Pick-up index -> what to do with its files; loads and compiles on first use."""
    sound: Callable[[], None]
    """Raises ConfigurationError where the flow's files hold mistakes; asked before a file is taken."""
    now: Callable[[], datetime]
    safe_point: Callable[[], None]
    """Raises Interrupted when a signal asked the run to end."""
    progress: Callable[[Claim, str, int, int], None]
    """Told (claim, stage, bytes done, bytes in all) now and then."""
    executor: Executor
    run: int
    """Number of the run in the ledger."""
    reach: Reach
    """Which targets can be delivered to in this run."""
    dry: bool = False
    pause: Callable[[float], None] = time.sleep
    """Waits so many seconds."""
    settled: Callable[[], None] = _nothing
    """Remembers that what is computed from the ledger is as the ledger stands, so that an idle run need not look."""
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """sha256 of a computed file -> what its claim notes."""
    by: tuple[str, str] = ("", "")
    """Who had this run take a file, and why; blank where the file lay at an endpoint."""
    controls: dict[str, SourceFile] = field(default_factory=dict)
    """Claim -> the done file that was seen with its source; a run after a crash looks for it again."""
