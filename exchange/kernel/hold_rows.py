"""What the ledger tells of documents that are held for too long, and the port through which they are settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from exchange.kernel.claim_rows import HeldDocument
from exchange.kernel.reject_rows import ProblemRow, RejectRow


@dataclass(frozen=True, slots=True)
class Overdue:
    """A document that is held for longer than it may be."""

    held: HeldDocument
    """As it is held now."""
    since: datetime
    """When it was held first, of all the files in a row that held it."""
    first_claim: str
    """The claim that held it first."""
    position: int
    """Its place among that claim's documents."""


class HoldLedger(Protocol):
    """Held documents, and for how long they are held."""

    def crossed(self, flow: str, before: datetime) -> bool:
        """Tell whether a document was held before a moment by a file that was not looked at for this yet."""
        ...

    def overdue(self, flow: str, before: datetime) -> list[Overdue]:
        """Return the documents that are held since before a moment and were not told of, by number."""
        ...

    def settle(
        self,
        flow: str,
        before: datetime,
        *,
        told: Sequence[tuple[RejectRow, ProblemRow]] = (),
        let_go: Iterable[tuple[Overdue, str]] = (),
    ) -> None:
        """Record, durably and in one step, what was told or let go (with its reason), and that all was looked at."""
        ...
