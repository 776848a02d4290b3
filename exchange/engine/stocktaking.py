"""What a file of stock comes to: which of its figures are outdated, and what the seal records of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.units import same_as
from exchange.engine.ages import AGE
from exchange.engine.facts import BASELINE, FILTERED, OUT, REJECTED, SUPERSEDED, VOID, SpanFacts, refuse
from exchange.engine.lifecycle import UNCHANGED, pass_over
from exchange.engine.prepared import Prepared, Spool, as_ints
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import NOT_WANTED, Claim, Origin
from exchange.kernel.pipeline import StockRules
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import RejectRow
from exchange.kernel.stock_rows import DIGITS, EACH, StockLevel, StockStream

BLOCKED = ("blocked", "quarantine", "damaged", "expired")
"""States in which nothing can be sold."""
_COUNTS = (UNCHANGED, NOT_WANTED, BASELINE)
"""Reasons for which a document is filtered whose figures are right all the same."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = -(2**62)
_SCALE = pa.scalar(Decimal(10**DIGITS), pa.decimal128(7, 0))


@dataclass(slots=True)
class Taken:
    """The figures of a file, span by span."""

    levels: list[pa.Table] = field(default_factory=list)
    """location, item, unit, on_hand, reserved, blocked (in millionths)."""
    refused: set[str] = field(default_factory=set)
    """Items that the file names and whose figures do not count."""


def is_part(claim: Claim, *, returned: bool) -> bool:
    """Tell whether a claim holds some items of a file only: corrected rejects, or what a person released."""
    return returned or claim.origin is Origin.RELEASE


def judged(
    spans: Sequence[SpanFacts],
    spool: Spool,
    whose: tuple[Claim, StockRules | None],
    ledger: Ledger,
    returned: Mapping[str, RejectRow],
) -> dict[str, StockStream]:
    """Filter what is older than what took effect; refuse what is of several ages, or several units.

    A snapshot of a warehouse takes the place of all that is older; changes only of the items that they name.
    Returns how far the sender had come; nothing for files that are not of stock. `returned`: number -> reject that it
    was corrected from.
    """
    claim, rules = whose
    if rules is None:
        return {}
    streams = ledger.stock.streams(claim.channel)
    ages = {number: reject.as_of for number, reject in returned.items()}
    changed = _changed(ledger, claim, rules, streams, min([claim.as_of, *ages.values()]))
    for index, facts in enumerate(spans):
        prepared = spool.get(index)
        owner = as_ints(prepared.lines, "_owner")
        location = locations_of(prepared.lines, rules)
        moments = _moments(prepared, claim.as_of, ages)[owner]
        older = _older(location, streams, moments)
        behind = _behind(prepared, location, changed, moments)
        late = older.copy()
        late[list(behind)] = True
        lines = np.bincount(owner, minlength=len(facts.disposition))
        outdated = np.bincount(owner[late], minlength=len(facts.disposition))
        rows, firsts = np.unique(owner[late], return_index=True)
        for row, line in zip(rows.tolist(), np.flatnonzero(late)[firsts].tolist(), strict=True):
            if facts.disposition[row] == VOID:
                continue
            place = location[line].as_py()
            by = streams[place].claim if older[line] else behind[line].claim
            if outdated[row] == lines[row]:
                facts.problems.pop(row, None)
                newer = f"figures of {place}" if older[line] else f"changes of this item at {place}"
                pass_over(facts, row, f"{SUPERSEDED}newer {newer} took effect ({by})")
            elif facts.disposition[row] != REJECTED:
                _refuse(facts, prepared, (row, line), "STOCK_PARTLY_OLDER", {"location": place, "claim": by})
        _refuse_mixed(facts, prepared, location, owner)
    return streams


def locations_of(lines: pa.Table, rules: StockRules) -> pa.Array:
    """Return the warehouse of each line; null where none is told."""
    default = pa.scalar(rules.numbered or None, pa.string())
    if "warehouse" not in lines.column_names:
        return pa.repeat(default, lines.num_rows)
    column = lines.column("warehouse").combine_chunks().cast(pa.string())
    return column.fill_null(default) if rules.numbered else column


def _changed(
    ledger: Ledger, claim: Claim, rules: StockRules, streams: Mapping[str, StockStream], since: datetime
) -> dict[tuple[str, str], StockLevel]:
    """Return the figures, by warehouse and item, that are newer than a snapshot that may come after newer changes.

    The ledger has the sum of all changes only: which of them such a figure holds, and the snapshot does not, nobody
    can tell. It is kept; the items that no newer change names take the snapshot's figures.
    """
    places = [place for place, stream in streams.items() if place and stream.as_of > since]
    if rules.mode != "snapshot" or not places:
        return {}
    levels = ledger.stock.levels(places, sources=(claim.channel,))
    return {(level.location, level.item): level for level in levels if level.as_of > since}


def _behind(
    prepared: Prepared, location: pa.Array, changed: Mapping[tuple[str, str], StockLevel], moments: Ints
) -> dict[int, StockLevel]:
    """Return the figures that are newer than the lines of their item and warehouse, by line."""
    if not changed:
        return {}
    numbers = prepared.header.column("_number").combine_chunks().cast(pa.string())
    item = numbers.take(pa.array(as_ints(prepared.lines, "_owner")))
    named = pc.is_in(item, value_set=pa.array(sorted({item for _, item in changed}), pa.string()))
    found = {}
    for line in np.flatnonzero(named.to_numpy(zero_copy_only=False)).tolist():
        level = changed.get((location[line].as_py(), item[line].as_py()))
        if level is not None and micros(level.as_of) > moments[line]:
            found[line] = level
    return found


def _moments(prepared: Prepared, as_of: datetime, ages: Mapping[str, datetime]) -> Ints:
    """Return the age of each document in microseconds: that of its file, or of the reject that it corrects."""
    if not ages:
        return np.full(prepared.header.num_rows, micros(as_of), np.int64)
    numbers = prepared.header.column("_number").to_pylist()
    return np.array([micros(ages.get(number, as_of)) for number in numbers], np.int64)


def _older(location: pa.Array, streams: Mapping[str, StockStream], moments: Ints) -> Mask:
    """Return the lines that are older than the newest snapshot of their warehouse; `moments`: the age of each."""
    newest = {
        place: micros(stream.snapshot_as_of)
        for place, stream in streams.items()
        if place and stream.snapshot_as_of is not None
    }
    if not newest or not len(moments) or max(newest.values()) <= moments.min():
        return np.zeros(len(location), bool)
    encoded = location.dictionary_encode()
    places = [newest.get(place, _NEVER) for place in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(len(places)).to_numpy(zero_copy_only=False).astype(np.int64)
    made: Mask = np.array([*places, _NEVER], np.int64)[codes] > moments
    return made


def micros(moment: datetime) -> int:
    """Return a moment in microseconds since 1970 (UTC)."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _refuse_mixed(facts: SpanFacts, prepared: Prepared, location: pa.Array, owner: Ints) -> None:
    for row, line, detail in _mixed(prepared, location, owner):
        if facts.disposition[row] not in {REJECTED, VOID, FILTERED}:
            _refuse(facts, prepared, (row, line), "STOCK_UNITS_MIXED", detail)


def _mixed(prepared: Prepared, location: pa.Array, owner: Ints) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Yield the items that are counted in several units at one warehouse: document, line, what is told of it."""
    unit = units_of(prepared.lines)
    if len(pc.unique(unit)) < 2:
        return
    table = pa.table({"owner": owner, "location": location, "unit": unit, "line": np.arange(len(owner))})
    found = table.group_by(["owner", "location"]).aggregate([("unit", "distinct"), ("line", "min")])
    for row in found.filter(pc.greater(pc.list_value_length(found.column("unit_distinct")), 1)).to_pylist():
        units = " and ".join(sorted(row["unit_distinct"]))
        yield row["owner"], row["line_min"], {"units": units, "location": row["location"]}


def _refuse(
    facts: SpanFacts, prepared: Prepared, place: tuple[int, int], code: str, detail: Mapping[str, object]
) -> None:
    row, line = place
    number = prepared.header.column("_number")[row].as_py()
    at, record = int(as_ints(prepared.lines, "_line")[line]), int(as_ints(prepared.lines, "_record")[line])
    refuse(facts, row, Problem(code, at, record, None, number, detail))


def take_down(taken: Taken, prepared: Prepared, facts: SpanFacts, rules: StockRules) -> None:
    """Add the figures of one span whose documents are decided upon and written."""
    reason = np.array(facts.reason, object)
    counts = (facts.disposition == OUT) | ((facts.disposition == FILTERED) & np.isin(reason, _COUNTS))
    numbers = prepared.header.column("_number").combine_chunks()
    others = pa.array(~counts & (facts.disposition != VOID))
    taken.refused.update(numbers.filter(others).to_pylist())
    lines = prepared.lines
    owner = as_ints(lines, "_owner")
    rows = pa.array(counts[owner])
    figures = _figures(lines)
    table = pa.table(
        {
            "location": locations_of(lines, rules),
            "item": numbers.take(pa.array(owner)),
            "unit": units_of(lines),
            "as_of": _ages(prepared.header).take(pa.array(owner)),
            **figures,
        }
    ).filter(rows)
    keys = ["location", "item", "unit", "as_of"]
    summed = table.group_by(keys).aggregate([(name, "sum") for name in figures])
    taken.levels.append(summed.rename_columns([*keys, *figures]))


def _ages(header: pa.Table) -> pa.Array:
    """Return the age of each document in microseconds, null where it is as old as its file."""
    if AGE not in header.column_names:
        return pa.nulls(header.num_rows, pa.int64())
    return header.column(AGE).combine_chunks().cast(pa.int64())


def _figures(lines: pa.Table) -> dict[str, pa.Array]:
    """Return what each line says is there, promised and blocked, in millionths."""
    quantity = millionths(lines, "quantity")
    rows = lines.num_rows
    status = lines.column("status").combine_chunks() if "status" in lines.column_names else pa.nulls(rows, pa.string())
    blocked = pc.fill_null(pc.is_in(status, value_set=pa.array(BLOCKED)), fill_value=False)
    promised = pc.fill_null(pc.equal(status, "reserved"), fill_value=False)
    free = millionths(lines, "available", none=None)
    reserved = pc.coalesce(millionths(lines, "reserved", none=None), pc.subtract(quantity, free), pa.scalar(0))
    nothing = pa.repeat(pa.scalar(0, pa.int64()), rows)
    return {
        "on_hand": pc.if_else(blocked, nothing, quantity),
        "reserved": pc.if_else(blocked, nothing, pc.if_else(promised, quantity, reserved)),
        "blocked": pc.if_else(blocked, quantity, nothing),
    }


def millionths(lines: pa.Table, name: str, none: int | None = 0) -> pa.Array:
    """Return a column of quantities in millionths; `none` for blanks."""
    if name not in lines.column_names:
        return pa.repeat(pa.scalar(none, pa.int64()), lines.num_rows)
    column = lines.column(name).combine_chunks()
    if pa.types.is_decimal(column.type):
        narrow = column.cast(pa.decimal128(24, column.type.scale))
        column = pc.multiply(narrow, _SCALE).cast(pa.int64())
    else:
        column = pc.multiply(column.cast(pa.int64()), 10**DIGITS)
    return column if none is None else column.fill_null(none)


def units_of(lines: pa.Table) -> pa.Array:
    """Return the unit of each line, one spelling for each: `EA`, `C62` and `PCE` are the same."""
    if "unit" not in lines.column_names:
        return pa.repeat(pa.scalar(EACH), lines.num_rows)
    encoded = lines.column("unit").combine_chunks().cast(pa.string()).fill_null(EACH).dictionary_encode()
    return pa.array([same_as(name) for name in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
