"""A place that the endpoint suite looks at from behind, as the partner sees it."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exchange.kernel.endpoint import Endpoint
from exchange.kernel.model import SourceFile

EPOCH = 1_772_600_000
"""Files are put with times counted in seconds before this moment."""


class Place(ABC):
    """An endpoint and a look behind it, as the partner has."""

    endpoint: Endpoint
    makes_folders: bool = True
    """Whether a folder that is listed is made where it is missing."""
    may_replace: bool = True
    """Whether a file can be replaced in one step."""
    takes_odd_names: bool = True
    """Whether a name with control characters is taken like any other."""

    @abstractmethod
    def put(self, name: str, data: bytes = b"data", *, age: int = 100, folder: str = "orders") -> None:
        """Put a file there, as a partner does."""

    @abstractmethod
    def names(self, folder: str = "orders") -> list[str]:
        """Return everything that lies in a folder."""

    @abstractmethod
    def data(self, name: str, folder: str = "orders") -> bytes:
        """Return what lies under a name."""

    @abstractmethod
    def take(self, name: str, folder: str = "orders") -> None:
        """Take a file away, as a partner does."""

    @abstractmethod
    def go_away(self) -> None:
        """Be out of reach from now on."""


@dataclass
class FolderPlace(Place):
    """A place whose files really lie in a folder of this machine."""

    endpoint: Endpoint
    root: Path
    away: Callable[[], None]

    def put(self, name: str, data: bytes = b"data", *, age: int = 100, folder: str = "orders") -> None:
        """Write a file with a time of its own."""
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (EPOCH - age,) * 2)

    def names(self, folder: str = "orders") -> list[str]:
        """List it from behind."""
        place = self.root / folder
        return sorted(path.name for path in place.iterdir()) if place.is_dir() else []

    def data(self, name: str, folder: str = "orders") -> bytes:
        """Read it from behind."""
        return (self.root / folder / name).read_bytes()

    def take(self, name: str, folder: str = "orders") -> None:
        """Unlink it from behind."""
        (self.root / folder / name).unlink()

    def go_away(self) -> None:
        """As the maker said."""
        self.away()


def only(place: Place) -> SourceFile:
    """Return the only file that is listed."""
    [found] = place.endpoint.list("orders", "*").files
    return found
