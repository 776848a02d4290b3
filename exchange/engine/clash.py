"""Documents that the rules of a whole file allow only apart: which they are, and their refusal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from exchange.engine.facts import VOID, Facts, refuse
from exchange.engine.prepared import Spool
from exchange.kernel.chunk import Ints
from exchange.kernel.pipeline import Unfit
from exchange.kernel.problems import Problem

ROUNDS = 10
"""How often the files of a claim are made again without the documents that clash; others may meet in a file then."""
_SHOWN = 5
Place = tuple[int, int]
"""(span, document row)."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Documents by whose values together one finished file breaks a rule of its XSD."""

    target: str
    reason: str
    places: tuple[Place, ...]


class Clashed(Exception):
    """Files cannot be delivered as they were made; says which documents have to leave them."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        self.clashes = clashes
        super().__init__("; ".join(f"{clash.target}: {clash.reason}" for clash in clashes[:_SHOWN]))


def ensure_no_clash(clashes: Iterable[Clash]) -> None:
    """Raise Clashed where there are any."""
    if found := tuple(clashes):
        raise Clashed(found)


def clashes_of(target: str, unfit: Sequence[Unfit], sources: Sequence[tuple[int, Ints]]) -> list[Clash]:
    """Return whose fault it is that a file is unfit.

    `sources`: (span, document of each entry) of the file, in order.
    """
    sizes = [len(documents) for _, documents in sources]
    span = np.repeat([span for span, _ in sources], sizes)
    row = np.concatenate([documents for _, documents in sources])
    return [
        Clash(target, each.reason, tuple(dict.fromkeys((int(span[at]), int(row[at])) for at in each.entries)))
        for each in unfit
    ]


def refuse_clashing(facts: Facts, spool: Spool, clashes: Iterable[Clash]) -> None:
    """Reject the documents of the clashes; each is told of the others."""
    for clash in clashes:
        numbers = {place: spool.get(place[0], lines=False).header for place in clash.places}
        names = [str(header.column("_number")[row].as_py()) for (_, row), header in numbers.items()]
        shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        detail: dict[str, object] = {"target": clash.target, "reason": clash.reason, "documents": shown}
        for ((span, row), header), number in zip(numbers.items(), names, strict=True):
            if facts.spans[span].disposition[row] != VOID:
                line, record = header.column("_line")[row].as_py(), header.column("_first")[row].as_py()
                refuse(facts.spans[span], row, Problem("XSD_NOT_TOGETHER", line, record, None, number, detail))
