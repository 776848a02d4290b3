"""The endpoints that the suite runs against: one row for each transport."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exchange.kernel.endpoint import Endpoint
from exchange.transports.local import LocalEndpoint


@dataclass(frozen=True, slots=True)
class Place:
    """An endpoint and a look behind it, as the partner has."""

    endpoint: Endpoint
    root: Path
    """Where its files really lie."""

    def put(self, name: str, data: bytes = b"data", *, age: int = 100, folder: str = "orders") -> Path:
        """Put a file there, as a partner does."""
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_772_600_000 - age,) * 2)
        return path

    def names(self, folder: str = "orders") -> list[str]:
        """Return everything that lies in a folder."""
        return sorted(path.name for path in (self.root / folder).iterdir())


def local(top: Path) -> Place:
    """Return a folder on this machine."""
    return Place(LocalEndpoint("wms", top / "place", top), top / "place")


PLACES: dict[str, Callable[[Path], Place]] = {"local": local}
"""Transport -> how a place of it is made below a folder. A new transport is one row here."""
