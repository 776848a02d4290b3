"""Gathers what timers are made of: this installation, its workspace, and the flows with their schedules and secrets."""

from __future__ import annotations

import pwd
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import exchange
from exchange.config.endpoints import LocalEndpoint, SecretReference
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.kernel.errors import ConfigurationError
from exchange.triggers.installation import Installation, Timed

USER = "exchange"
"""Whom the work runs as where the workspace belongs to root."""


def timed(setup: Setup, flows: Sequence[Flow]) -> tuple[Timed, ...]:
    """Return the flows that have a schedule, each with the credentials that its endpoints name."""
    return tuple(
        Timed(flow.flow, flow.schedule, flow.timezone, _credentials(setup, flow)) for flow in flows if flow.schedule
    )


def installation(setup: Setup, command: str | None = None) -> Installation:
    """Return where everything lies; raises ConfigurationError where there is no `exchange` command to be found."""
    beside = Path(sys.prefix) / "bin" / "exchange"
    found = command or (str(beside) if beside.is_file() else shutil.which("exchange"))
    if found is None:
        raise ConfigurationError(
            f"there is no command `exchange` in {beside.parent} or on the PATH: install it there with pip, "
            "then run `exchange timers` again"
        )
    root = setup.root
    made = Installation(Path(found).absolute(), Path(sys.executable), root, owner(root))
    # An editable installation has its packages elsewhere.
    packages = Path(exchange.__file__).parents[1]
    files = sorted({root / reference.file for reference in _references(setup, None) if reference.file})
    reads = (Path(sys.prefix), Path(sys.base_prefix), made.command.parent, packages, *files)
    return replace(made, reads=_outermost(reads), writes=_folders(setup))


def owner(folder: Path) -> str:
    """Return whom a folder belongs to; `exchange` where that is root, as whom nothing should run."""
    number = folder.stat().st_uid
    if number == 0:
        return USER
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _folders(setup: Setup) -> tuple[Path, ...]:
    """Return the folders of local endpoints that lie outside the workspace's own `data/`."""
    places = [setup.root / e.path for e in setup.workspace.endpoints.values() if isinstance(e, LocalEndpoint)]
    return _outermost(place for place in places if not place.is_relative_to(setup.root / "data"))


def _outermost(paths: Iterator[Path] | Sequence[Path]) -> tuple[Path, ...]:
    """Return paths, sorted, without those that lie within another one."""
    kept: list[Path] = []
    for path in sorted(set(paths)):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return tuple(kept)


def _credentials(setup: Setup, flow: Flow) -> tuple[str, ...]:
    return tuple(sorted({reference.credential for reference in _references(setup, flow) if reference.credential}))


def _references(setup: Setup, flow: Flow | None) -> Iterator[SecretReference]:
    """Yield the references to secrets of the endpoints that a flow uses, or of all."""
    used = set(setup.workspace.endpoints)
    if flow is not None:
        used &= {*(pick_up.from_ for pick_up in flow.pick_up), *(delivery.to for delivery in flow.deliver)}
    for name in used:
        endpoint = setup.workspace.endpoints[name]
        for field in type(endpoint).model_fields:
            value = getattr(endpoint, field)
            entries = value if isinstance(value, tuple) else (value,)
            yield from (entry for entry in entries if isinstance(entry, SecretReference))
