"""What the ledger keeps of documents as they were sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class SentBlock(NamedTuple):
    """The documents of one span as they were sent, as two Arrow IPC streams (compressed)."""

    header: bytes
    """One row a document: its fields, and beside them _number, _ships, _targets (labels, joined by commas) and
    _highest (the highest part it ever had)."""
    lines: bytes
    """One row a line: its fields, and beside them _owner (row of `header`) and _part (0: in no part)."""


class SentLedger(Protocol):
    """Documents as they were sent."""

    def add(self, claim: str, number: int, block: SentBlock) -> None:
        """Add block `number` of a claim that is not sealed yet (Stop where it is); it counts from the seal on."""

    def blocks(self, claim: str) -> Iterator[SentBlock]:
        """Yield the blocks of a sealed claim, in the order of its file."""
