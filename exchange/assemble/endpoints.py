"""Makes the endpoints of a workspace, each when it is first used, and lets go of them at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from exchange.assemble.plugins import endpoint_part
from exchange.config.endpoints import LocalEndpoint as LocalModel
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.model import BY_HAND, COMPUTED, HELD, REJECTS, UNPACKED
from exchange.transports.local import LocalEndpoint

ENDPOINTS: dict[str, str] = {
    "local": "exchange.assemble.endpoints:local_endpoint",
    "sftp": "exchange.assemble.sftp:sftp_endpoint",
}
"""Endpoint type -> what makes it from (name, model, workspace folder); paramiko comes with the first SFTP endpoint."""
DATA = "data"


class Places(Mapping[str, Endpoint]):
    """The endpoints of one process by name, the product's own among them; each is made once, when it is asked for."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        own = {
            REJECTS: Path(DATA) / "rejects",
            HELD: Path(DATA) / "state" / "held",
            COMPUTED: Path(DATA) / "state" / "computed",
            UNPACKED: Path(DATA) / "state" / "unpacked",
            BY_HAND: Path("/"),
        }
        self._own = {name: partial(LocalEndpoint, name, setup.root / path, setup.root) for name, path in own.items()}
        self._made: dict[str, Endpoint] = {}

    def __getitem__(self, name: str) -> Endpoint:
        """Return an endpoint; KeyError where there is none of that name."""
        if name not in self._made:
            self._made[name] = self._own[name]() if name in self._own else self._from_model(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names; nothing is made for that."""
        return iter([*self._setup.workspace.endpoints, *self._own])

    def __len__(self) -> int:
        return len(self._setup.workspace.endpoints) + len(self._own)

    def __contains__(self, name: object) -> bool:
        return name in self._setup.workspace.endpoints or name in self._own

    def close(self) -> None:
        """Let go of every connection; an endpoint that is used again connects anew."""
        for endpoint in self._made.values():
            endpoint.close()

    def _from_model(self, name: str) -> Endpoint:
        model = self._setup.workspace.endpoints[name]
        made: Endpoint = endpoint_part(ENDPOINTS, model.type, name, model, self._setup.root)
        return made


def is_remote(setup: Setup, name: str) -> bool:
    """Tell whether an endpoint is on another machine, without making it."""
    return name != COMPUTED and setup.workspace.endpoints[name].type != "local"


def nearby(setup: Setup, flow: Flow) -> Flow:
    """Return the flow with those of its pick-ups only that are folders of this machine, perhaps none."""
    here = tuple(pick_up for pick_up in flow.pick_up if not is_remote(setup, pick_up.from_))
    return flow.model_copy(update={"pick_up": here})


def local_endpoint(name: str, model: LocalModel, root: Path) -> Endpoint:
    """Return a folder of this machine as an endpoint."""
    return LocalEndpoint(name, root / model.path, root, model.mount_marker)
