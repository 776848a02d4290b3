"""How stock stands at one moment, as the ledger has it: what computed pick-ups are computed from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from exchange.kernel.backorder_rows import Want
from exchange.kernel.stock_rows import Available, StockLevel, StockMove


@dataclass(frozen=True, slots=True)
class Standing:
    """Stock, what orders took of it, and what waits for it."""

    now: datetime
    """UTC."""
    available: Sequence[Available]
    """What is there and may be sold, with what was handed over since it was told."""
    levels: Sequence[StockLevel]
    """Everything that was told, also what is only compared."""
    waiting: Sequence[Want]
    """What orders wait for: it is promised, and not handed over yet."""
    moved: Callable[[datetime], Sequence[StockMove]]
    """What was handed over after a moment, by location, item and unit."""


@dataclass(frozen=True, slots=True)
class Computation:
    """What a computed pick-up comes to."""

    content: bytes
    """CSV with a header, in a stable order."""
    rows: int
    notes: tuple[str, ...] = ()
    """What a person should know."""


class Computing(Protocol):
    """Computes the file of one pick-up."""

    def __call__(self, standing: Standing) -> Computation:
        """Return the file as stock stands."""
        ...

    def explain(self, standing: Standing, name: str) -> list[str]:
        """Return how the figures of an item, or of a SKU, came about; a line for each place and sum."""
        ...

    def warning(self, content: bytes) -> str:
        """Return what people are to be told of a file that was computed and goes out; blank for nothing."""
        ...
