"""What timers are made for: where this installation and its workspace lie, and which flows run when."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation at work on one workspace; every path is absolute."""

    command: Path
    """The `exchange` command."""
    python: Path
    """The interpreter that it runs by."""
    workspace: Path
    user: str
    """Whom the work runs as."""
    reads: tuple[Path, ...] = ()
    """Besides the workspace: where the interpreter and its packages lie, and files that endpoints name."""
    writes: tuple[Path, ...] = ()
    """Besides `data/` in the workspace: folders of local endpoints."""
    mailto: str = "root"
    """Who gets mail when something failed."""
    name: str = "exchange"
    """How the units' names begin; two workspaces on one machine need two."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One flow with its schedule."""

    flow: str
    schedule: str
    zone: str
    credentials: tuple[str, ...] = ()
    """Names in the systemd credentials directory that its endpoints use."""
