"""The endpoint type `logged`: a folder that writes down what was delivered to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exchange.config.endpoints import EndpointModel, EndpointType
from exchange.kernel.model import Artifact, Receipt
from exchange.transports.local import LocalEndpoint


class LoggedModel(EndpointModel):
    """A folder with a log."""

    type: Literal["logged"]
    """What kind of place it is."""
    path: str
    """The folder, relative to the workspace."""
    log: str
    """The log, relative to the workspace."""


@dataclass(frozen=True, slots=True)
class LoggedFolder(LocalEndpoint):
    """A folder that writes down what was delivered to it; all else it does as any folder."""

    log: Path = Path("log")
    """Where it is written."""

    def reveal(self, artifact: Artifact) -> Receipt:
        """Deliver it, then write it down."""
        receipt = LocalEndpoint.reveal(self, artifact)
        with self.log.open("a", encoding="utf-8") as stream:
            stream.write(f"{receipt.path} {receipt.size}\n")
        return receipt


def logged(name: str, model: LoggedModel, root: Path) -> LoggedFolder:
    """Make the endpoint that exchange.yaml calls `name`."""
    return LoggedFolder(name, root / model.path, root, log=root / model.log)


LOGGED = EndpointType(LoggedModel, "acme_exchange.endpoints:logged")
