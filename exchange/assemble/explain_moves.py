"""Finds again what a claim told of orders that were sent before: changes and cancellations, by what was sent then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from exchange.engine.moves import ACTIONS, NEW, Moves
from exchange.engine.prepared import Prepared
from exchange.engine.sent import Blocks, recall
from exchange.kernel.document_rows import DocumentRow
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import Claim


@dataclass(frozen=True, slots=True)
class Told:
    """The documents of a claim that stand in files, and what was told of each."""

    actions: Mapping[str, int]
    """Number -> place in `ACTIONS`."""
    earlier: Mapping[str, str] = field(default_factory=dict)
    """Number of one that is not new -> the claim that sent it before."""
    blocks: Blocks | None = None

    def moves(self, prepared: Prepared) -> Moves | None:
        """Return what was told of the documents of a span; None where all are new."""
        numbers = dict(enumerate(prepared.header.column("_number").to_pylist()))
        again = {row: number for row, number in numbers.items() if number in self.earlier}
        if not again or self.blocks is None:
            return None
        [before] = recall(self.blocks, {number: self.earlier[number] for number in again.values()}, [again])
        if before is None:
            return None
        action = np.full(len(numbers), NEW)
        for row in before.document.tolist():
            action[row] = self.actions[again[row]]
        return Moves(action, before)


def told_by(ledger: Ledger, kind: str, claim: Claim, rows: Sequence[DocumentRow]) -> Told:
    """Return what a claim told of the documents that stand in its files (`kind`: the document's name)."""
    actions = {row.number: ACTIONS.index(row.action) if row.action in ACTIONS else NEW for row in rows}
    earlier = {}
    for number in (number for number, action in actions.items() if action != NEW):
        before = ""
        for found in ledger.documents.trace(kind, number, claim.channel):
            if found.claim.id == claim.id:
                break
            before = found.claim.id if found.row.sent else before
        earlier[number] = before
    return Told(actions, earlier, ledger.sent)
