"""Finds what a file named by hand is to a flow: which pick-up takes it, and whether it lies in its folder."""

from __future__ import annotations

from pathlib import Path

from exchange.config.endpoints import LocalEndpoint
from exchange.config.models import Flow, PickUp, Workspace
from exchange.engine.discover import Ready
from exchange.kernel.errors import TryLater
from exchange.kernel.model import BY_HAND, SourceFile
from exchange.kernel.naming import matching


def ready_file(root: Path, workspace: Workspace, flow: Flow, file: Path) -> Ready:
    """Return `file` as ready, whatever its age; raises TryLater where there is none.

    A file in a pick-up's own folder is taken from there (and retired from there); any other is copied and stays, and
    the first pick-up whose pattern fits its name, else the first of all, says how it is read.
    """
    path = file.absolute()
    if not path.is_file():
        raise TryLater(f"there is no file {file}; look for the name, then run again")
    found = path.stat()
    for index, pick_up in enumerate(flow.pick_up):
        if _lies_in(path, root, workspace, pick_up):
            source = SourceFile(pick_up.from_, pick_up.folder, path.name, found.st_size, found.st_mtime_ns, str(file))
            return Ready(source, index)
    picked = [(index, each.match) for index, each in enumerate(flow.pick_up) if each.computed is None]
    fitting = (index for index, match in picked if matching([path.name], match))
    folder = str(path.parent.relative_to("/"))
    source = SourceFile(BY_HAND, folder, path.name, found.st_size, found.st_mtime_ns, str(file))
    return Ready(source, next(fitting, 0))


def _lies_in(path: Path, root: Path, workspace: Workspace, pick_up: PickUp) -> bool:
    endpoint = workspace.endpoints.get(pick_up.from_)
    return isinstance(endpoint, LocalEndpoint) and path.parent == root / endpoint.path / pick_up.folder
