"""What a claim takes of stock: what it hands over, less what changes and cancellations take back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.facts import OUT, SpanFacts
from exchange.engine.handed import selected
from exchange.engine.moves import CANCEL, RETURN, Moves, before
from exchange.engine.pieces import taken_by
from exchange.engine.prepared import Prepared, as_ints
from exchange.engine.stocktaking import millionths, units_of
from exchange.kernel.chunk import Mask
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.model import Claim, Origin
from exchange.kernel.pipeline import Machine, ReserveRules, Target

Place = tuple[str, str, str]
"""(location, item, unit)."""


def add_taken(
    taken: Counter[Place],
    prepared: Prepared,
    facts: SpanFacts,
    machine: Machine,
    whose: tuple[Claim, Mapping[str, KnownDocument]],
) -> None:
    """Add what the documents of one span take, in millionths; they are decided upon and written."""
    rules, claim = machine.life.reserve, whose[0]
    if rules is None or claim.origin is Origin.BASELINE:
        return
    goes = facts.disposition == OUT
    if claim.origin is Origin.REPLAY:  # what is sent once more was taken once
        goes &= ~_sent_before(prepared, whose[1])
    targets = [target for target in machine.targets if target.name in rules.targets]
    lines = np.zeros(prepared.lines.num_rows, bool)
    for target in targets:
        lines |= selected(prepared, facts.disposition, target)[1]
    lines &= taken_by(prepared.lines, parts=True)
    if facts.moves is not None:
        goes_on = goes & ~np.isin(facts.moves.action, (CANCEL, RETURN))
        _add(taken, prepared.lines.filter(pa.array(lines & goes_on[as_ints(prepared.lines, "_owner")])), rules, 1)
        given_back = _given_back(facts.moves, goes, targets)
        _add(taken, facts.moves.recalled.lines.filter(pa.array(given_back)), rules, -1)
    else:
        _add(taken, prepared.lines.filter(pa.array(lines & goes[as_ints(prepared.lines, "_owner")])), rules, 1)


def _given_back(moves: Moves, goes: Mask, targets: list[Target]) -> Mask:
    """Return the lines that the warehouses had; what comes back as a return is there when the warehouse says so."""
    back = np.zeros(moves.recalled.lines.num_rows, bool)
    document = moves.recalled.document[as_ints(moves.recalled.lines, "_owner")]
    for target in targets:
        back[before(moves, target).lines] = True
    back &= taken_by(moves.recalled.lines, parts=True)
    back &= goes[document] & (moves.action[document] != RETURN)
    return back


def _sent_before(prepared: Prepared, known: Mapping[str, KnownDocument]) -> Mask:
    sent = pa.array([number for number, document in known.items() if document.sent_claim is not None], pa.string())
    made: Mask = pc.is_in(prepared.header.column("_number"), value_set=sent).to_numpy().astype(bool)
    return made


def _add(taken: Counter[Place], lines: pa.Table, rules: ReserveRules, sign: int) -> None:
    table = pa.table(
        {
            "location": _text(lines, ("warehouse",), rules.location),
            "item": _text(lines, ("item_number", "sku"), ""),
            "unit": units_of(lines),
            "quantity": millionths(lines, "quantity"),
        }
    )
    summed = table.group_by(["location", "item", "unit"]).aggregate([("quantity", "sum")])
    for location, item, unit, quantity in zip(*(column.to_pylist() for column in summed.columns), strict=True):
        taken[location, item, unit] += sign * quantity


def _text(lines: pa.Table, names: tuple[str, ...], default: str) -> pa.Array:
    """Return the first of some columns that is filled, line by line."""
    columns = [lines.column(name).combine_chunks().cast(pa.string()) for name in names if name in lines.column_names]
    return pc.coalesce(*columns, pa.repeat(pa.scalar(default), lines.num_rows))
