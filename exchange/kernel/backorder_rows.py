"""What the ledger keeps of documents that wait for stock, whole or in part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol


class Want(NamedTuple):
    """What is missing of one line."""

    location: str
    """The warehouse; blank where the stock of all is one."""
    item: str
    unit: str
    quantity: int
    called: str = ""
    """What the shop calls the item."""

    @property
    def shown(self) -> str:
        """How people are told of it: `2 KNIFE-PAR at LYO`."""
        of = "" if self.unit in {"", "EA"} else f" {self.unit} of"
        return f"{self.quantity}{of} {self.called or self.item}" + (f" at {self.location}" if self.location else "")


class Backorder(NamedTuple):
    """A document that waits for stock."""

    flow: str
    kind: str
    channel: str
    number: str
    claim: str
    """The claim that sent the rest of it, or holds it whole; its rows lie in that claim's held file."""
    first_record: int
    """0-based ordinal of its first record there."""
    records: int
    as_of: datetime
    """The age of its content."""
    since: datetime
    """Since when it waits."""
    partly: bool
    """Whether some of it was sent."""
    wants: tuple[Want, ...]


@dataclass(frozen=True, slots=True)
class BackorderRecord:
    """What one seal records of documents that wait for stock."""

    kind: str
    channel: str
    waiting: tuple[Backorder, ...] = ()
    over: tuple[str, ...] = ()
    """Numbers of documents that do not wait any more."""


class BackorderLedger(Protocol):
    """Documents that wait for stock."""

    def of_flow(self, flow: str) -> list[Backorder]:
        """Return those of a flow, the oldest first."""
        ...

    def find(self, kind: str, numbers: Collection[str] | None = None, channel: str | None = None) -> list[Backorder]:
        """Return those of a kind, the oldest first; None means any."""
        ...
