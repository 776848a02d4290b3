"""Examines endpoints for real, folder by folder as the flows use them, and keeps the profile of each server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from exchange.assemble.endpoints import Places
from exchange.assemble.sftp import settings_of, store_profile
from exchange.config.endpoint_references import endpoint_mistakes
from exchange.config.endpoints import TYPES, LocalEndpoint, SftpEndpoint
from exchange.config.workspace import Setup, read_settings
from exchange.kernel.errors import ExchangeError
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.plural import many
from exchange.state.network import network_type
from exchange.transports.local_probe import probe_folder
from exchange.transports.probing import ProbeRow

PROBE = "exchange.transports.sftp.probe:probe"
ROWS = (PROBE,)
"""Loaded when there is a server to probe: it imports paramiko."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One endpoint or one folder of it, and what was found there."""

    endpoint: str
    type: str
    place: str
    """The folder as people know it: a path, or `user@host:port/folder`."""
    rows: tuple[ProbeRow, ...]
    exit: Exit


def places(setup: Setup, name: str) -> list[str]:
    """Return the folders of an endpoint that would be examined, as people know them; nothing is touched."""
    model = setup.workspace.endpoints[name]
    folders = sorted(_folders(setup, name)) or [""]
    if isinstance(model, LocalEndpoint):
        return [_shown(setup, setup.root / model.path / folder) for folder in folders]
    if model.type not in TYPES:
        return [_below(name, folder) for folder in folders]
    return [_place(model, folder) for folder in folders]


def examine(setup: Setup, name: str) -> Iterator[Examined]:
    """Yield what was found at each folder of an endpoint that a flow uses (its own folder where none does)."""
    model = setup.workspace.endpoints[name]
    folders = sorted(_folders(setup, name)) or [""]
    if isinstance(model, LocalEndpoint):
        for folder in folders:
            yield _local(setup, name, model, folder)
        return
    if model.type not in TYPES:
        yield from (_listed(setup, name, folder) for folder in folders)
        return
    wrong = [each for each in endpoint_mistakes(setup.root, read_settings(setup.root)) if each.endpoint == name]
    rows = [ProbeRow("configuration", ok=False, found=m.what, advice=m.instead) for m in (w.mistake for w in wrong)]
    if rows:
        yield Examined(name, model.type, _place(model, ""), tuple(rows), Exit.CONFIGURATION)
        return
    for number, folder in enumerate(folders):
        found = _sftp(setup, name, model, folder)
        yield found
        if found.exit is not Exit.FINE and number == 0 and len(found.rows) == 1:
            return  # not even a connection: the other folders would only say it again


def _folders(setup: Setup, name: str) -> set[str]:
    flows = setup.flows.values()
    taken = {pick_up.folder for flow in flows for pick_up in flow.pick_up if pick_up.from_ == name}
    return taken | {delivery.folder for flow in flows for delivery in flow.deliver if delivery.to == name}


def _local(setup: Setup, name: str, model: LocalEndpoint, folder: str) -> Examined:
    root = setup.root / model.path
    shown = root / folder
    rows = tuple(probe_folder(shown, root / model.mount_marker if model.mount_marker else None))
    if rows[-1].what == "free space":
        rows = (*rows, _file_system(shown, marked=bool(model.mount_marker)))
    return Examined(name, model.type, _shown(setup, shown), rows, _verdict(rows))


def _file_system(folder: Path, *, marked: bool) -> ProbeRow:
    kind = network_type(folder)
    if kind is None:
        return ProbeRow("file system", ok=True, found="of this machine")
    advice = "" if marked else "name a `mount_marker` file, so that an unmounted share is not taken for an empty folder"
    return ProbeRow("file system", ok=True, found=f"{kind}, shared over a network: `watch` polls it", advice=advice)


def _sftp(setup: Setup, name: str, model: SftpEndpoint, folder: str) -> Examined:
    settings = settings_of(name, model, setup.root)
    here = replace(settings, root=str(PurePosixPath(model.path) / folder) if folder else model.path, profile=None)
    try:
        tried, profile = load(PROBE)(here)
    except ExchangeError as fault:
        row = ProbeRow("connect", ok=False, found=str(fault))
        return Examined(name, model.type, _place(model, folder), (row,), fault.exit)
    rows = (*tried, *_legacy(model))
    if profile is not None:
        store_profile(name, model, setup.root, profile)
    return Examined(name, model.type, _place(model, folder), rows, _verdict(rows))


def _legacy(model: SftpEndpoint) -> Iterator[ProbeRow]:
    if model.legacy:
        advice = "ask the partner for an up-to-date server, then remove `legacy:` from exchange.yaml"
        yield ProbeRow("legacy", ok=True, found=f"weak, switched on here: {', '.join(model.legacy)}", advice=advice)


def _listed(setup: Setup, name: str, folder: str) -> Examined:
    """Look into a folder of a type that another distribution adds: nothing more is known of it."""
    places, type_ = Places(setup), setup.workspace.endpoints[name].type
    try:
        found = places[name].list(folder, "*")
    except ExchangeError as fault:
        row, end = ProbeRow("list", ok=False, found=str(fault)), fault.exit
    else:
        row, end = ProbeRow("list", ok=True, found=many(len(found.files), "file")), Exit.FINE
    finally:
        places.close()
    return Examined(name, type_, _below(name, folder), (row,), end)


def _below(name: str, folder: str) -> str:
    return f"{name}/{folder}".rstrip("/")


def _shown(setup: Setup, folder: Path) -> str:
    return str(folder.relative_to(setup.root) if folder.is_relative_to(setup.root) else folder)


def _place(model: SftpEndpoint, folder: str) -> str:
    path = PurePosixPath(model.path) / folder
    return f"{model.user}@{model.host}:{model.port}" + ("" if path == PurePosixPath() else f" {path}")


def _verdict(rows: tuple[ProbeRow, ...]) -> Exit:
    return Exit.FINE if all(row.ok for row in rows) else Exit.UNAVAILABLE
