"""A folder that is treated as one on another machine: what a workspace does with it, without a server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exchange.assemble.endpoints import ENDPOINTS
from exchange.config.endpoints import LocalEndpoint as Model
from exchange.kernel.endpoint import Endpoint, Listing
from exchange.transports.local import LocalEndpoint


class FarFolder(LocalEndpoint):
    """A local folder that says it is remote."""

    @property
    def remote(self) -> bool:
        """Another machine's, as far as anybody can tell."""
        return True

    def list(self, folder: str, match: str) -> Listing:
        """Return what lies there, by nothing but its own clock."""
        found = LocalEndpoint.list(self, folder, match)
        return replace(found, files=tuple(replace(source, changed_ns=0) for source in found.files))


def far_folder(name: str, model: Model, root: Path) -> Endpoint:
    """Return a folder as a remote endpoint."""
    return FarFolder(name, root / model.path, root)


def make_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every folder of the workspace as a remote one."""
    monkeypatch.setitem(ENDPOINTS, "local", "tests.flows.far:far_folder")
    monkeypatch.setattr("exchange.assemble.idle.is_remote", lambda *_: True)
