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
from exchange.kernel.stock_rows import DIGITS, EACH, StockStream

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
    """Filter what is older than what took effect of its warehouse; refuse what is of several ages, or several units.

    Returns how far the sender had come; nothing for files that are not of stock. `returned`: number -> reject that it
    was corrected from.
    """
    claim, rules = whose
    if rules is None:
        return {}
    streams = ledger.stock.streams(claim.channel)
    ages = {number: reject.as_of for number, reject in returned.items()}
    for index, facts in enumerate(spans):
        prepared = spool.get(index)
        owner = as_ints(prepared.lines, "_owner")
        location = locations_of(prepared.lines, rules)
        older = _older(prepared, location, (streams, rules.mode), (claim.as_of, ages))
        lines = np.bincount(owner, minlength=len(facts.disposition))
        outdated = np.bincount(owner[older], minlength=len(facts.disposition))
        for row in np.flatnonzero(outdated.astype(bool) & (facts.disposition != VOID)).tolist():
            line = int(np.flatnonzero(older & (owner == row))[0])
            stream = streams[location[line].as_py()]
            if outdated[row] == lines[row]:
                facts.problems.pop(row, None)
                pass_over(facts, row, f"{SUPERSEDED}newer figures of {stream.location} took effect ({stream.claim})")
            elif facts.disposition[row] != REJECTED:
                detail: dict[str, object] = {"location": stream.location, "claim": stream.claim}
                _refuse(facts, prepared, (row, line), "STOCK_PARTLY_OLDER", detail)
        _refuse_mixed(facts, prepared, location, owner)
    return streams


def locations_of(lines: pa.Table, rules: StockRules) -> pa.Array:
    """Return the warehouse of each line; null where none is told."""
    default = pa.scalar(rules.numbered or None, pa.string())
    if "warehouse" not in lines.column_names:
        return pa.repeat(default, lines.num_rows)
    column = lines.column("warehouse").combine_chunks().cast(pa.string())
    return column.fill_null(default) if rules.numbered else column


def _older(
    prepared: Prepared,
    location: pa.Array,
    known: tuple[Mapping[str, StockStream], str],
    age: tuple[datetime, Mapping[str, datetime]],
) -> Mask:
    """Return the lines that are older than what took effect of their warehouse."""
    streams, mode = known
    newest = {
        place: moment
        for place, stream in streams.items()
        if place and (moment := stream.as_of if mode == "snapshot" else stream.snapshot_as_of) is not None
    }
    if not newest or (max(newest.values()) <= age[0] and not age[1]):
        return np.zeros(len(location), bool)
    encoded = location.dictionary_encode()
    places = [micros(newest[place]) if place in newest else _NEVER for place in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(len(places)).to_numpy(zero_copy_only=False).astype(np.int64)
    moments = np.array([*places, _NEVER], np.int64)[codes]
    ages = np.full(prepared.header.num_rows, micros(age[0]), np.int64)
    if age[1]:
        numbers = prepared.header.column("_number").to_pylist()
        ages[:] = [micros(age[1].get(number, age[0])) for number in numbers]
    made: Mask = moments > ages[as_ints(prepared.lines, "_owner")]
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
