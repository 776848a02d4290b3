"""Builds what the seal of a claim records of stock: figures, how far their sender has come, what orders take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.batch import Batch
from exchange.engine.facts import Facts
from exchange.engine.house import House, pick_up_of
from exchange.engine.stock_missing import Missing, missing
from exchange.engine.stocktaking import Taken, is_part, micros
from exchange.engine.turn import number_of, took_effect
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.model import Claim, Origin
from exchange.kernel.pipeline import ReserveRules, StockRules, machine_of
from exchange.kernel.reject_rows import RejectRow
from exchange.kernel.stock_rows import DIGITS, LevelColumns, StockMove, StockRecord, StockStream

_FIGURES = ("on_hand", "reserved", "blocked")
_COLUMNS = ("location", "item", *_FIGURES, "unit", "as_of")


@dataclass(frozen=True, slots=True)
class Told:
    """What one claim tells of stock, for its seal."""

    record: StockRecord | None = None
    missing: Missing = field(default_factory=Missing)
    notes: tuple[str, ...] = ()


def stock_of(house: House, claim: Claim, batch: Batch, facts: Facts, survey: Survey) -> Told:
    """Return what the seal of a processed file records of stock."""
    machine = machine_of(house.plan(pick_up_of(house.flow, claim)))
    life = machine.life
    if life.reserve is not None:
        return Told(_handed(batch, life.reserve))
    if life.stock is None or survey.layout is None:
        return Told()
    if claim.origin is Origin.REPLAY and life.stock.mode == "delta" and took_effect(house, claim):
        return Told(notes=("the changes of this file took effect before: they are not added once more",))
    unreadable = any(not reject.number for reject in batch.rejects)
    table = pa.concat_tables(batch.stock.levels).select(_COLUMNS) if batch.stock.levels else _no_levels()
    if is_part(claim, returned=bool(survey.layout.reject_ids)):
        return Told(_record(claim, life.stock, _as_old_as(table, facts.returned), {}, facts.streams))
    streams = _streams(house, claim, (life.stock, survey.layout), batch.stock, (table, facts.streams))
    lacking = Missing()
    if life.stock.mode == "snapshot":
        told = [stream.location for stream in streams if stream.location]
        lacking = missing(
            house, claim, life.stock, (told, table), (batch.stock.refused, unreadable, len(batch.rejects))
        )
        table = pa.concat_tables([table, _nothing(lacking)])
    return Told(_record(claim, life.stock, table, {each.location: each for each in streams}, facts.streams), lacking)


def _handed(batch: Batch, reserve: ReserveRules) -> StockRecord | None:
    moves = tuple(
        StockMove(location, item, Decimal(quantity).scaleb(-DIGITS), unit)
        for (location, item, unit), quantity in sorted(batch.taken.items())
        if quantity
    )
    return StockRecord(moves=moves, endpoints=reserve.endpoints, lag=reserve.lag) if moves else None


def _record(
    claim: Claim,
    rules: StockRules,
    table: pa.Table,
    streams: Mapping[str, StockStream],
    known: Mapping[str, StockStream],
) -> StockRecord:
    return StockRecord(
        source=claim.channel,
        mode=rules.mode,
        as_of=claim.as_of,
        since=claim.as_of if rules.settles else None,
        sells=rules.sells,
        levels=LevelColumns(*(table.column(name).to_pylist() for name in _COLUMNS)),
        streams=tuple(streams.values()),
        expected=tuple(stream for place, stream in known.items() if place in streams),
    )


def _streams(
    house: House,
    claim: Claim,
    how: tuple[StockRules, Layout],
    taken: Taken,
    figures: tuple[pa.Table, Mapping[str, StockStream]],
) -> list[StockStream]:
    """Return how far the sender has come with this file: with each of its warehouses, and with its numbers."""
    rules, layout = how
    table, known = figures
    told: Iterable[str] = pc.unique(table.column("location")).to_pylist()
    if rules.locations and (table.num_rows or not taken.refused):
        told = rules.locations
    made = {place: _next(claim, rules, place, known.get(place)) for place in told if not _is_past(claim, known, place)}
    number = number_of(house, claim, layout)
    if isinstance(number, int):
        place = rules.numbered
        stream = made.get(place) or known.get(place) or _next(claim, rules, place, None)
        made[place] = stream._replace(sequence=number, claim=claim.id)
    return list(made.values())


def _is_past(claim: Claim, known: Mapping[str, StockStream], place: str) -> bool:
    """Tell whether a newer snapshot of a warehouse that the pick-up names took effect: nothing of it counts then."""
    stream = known.get(place)
    return stream is not None and stream.snapshot_as_of is not None and stream.snapshot_as_of > claim.as_of


def _next(claim: Claim, rules: StockRules, place: str, before: StockStream | None) -> StockStream:
    """Return how far a sender has come with this file; a snapshot behind newer changes is not what it told last."""
    if before is None:
        snapshot = claim.as_of if rules.mode == "snapshot" else None
        return StockStream(claim.channel, place, rules.mode, claim.as_of, snapshot, None, claim.id)
    as_of = max(before.as_of, claim.as_of)
    if rules.mode == "delta":
        return before._replace(mode="delta", as_of=as_of, claim=claim.id)
    if before.as_of > claim.as_of:
        return before._replace(snapshot_as_of=claim.as_of)
    return before._replace(mode="snapshot", as_of=as_of, snapshot_as_of=claim.as_of, claim=claim.id)


def _no_levels() -> pa.Table:
    types = {name: pa.int64() if name in {*_FIGURES, "as_of"} else pa.string() for name in _COLUMNS}
    return pa.table({name: pa.array([], kind) for name, kind in types.items()})


def _as_old_as(table: pa.Table, returned: Mapping[str, RejectRow]) -> pa.Table:
    """Return figures that were corrected as old as what they correct."""
    ages = [
        micros(returned[item].as_of) if item in returned else age
        for item, age in zip(table.column("item").to_pylist(), table.column("as_of").to_pylist(), strict=True)
    ]
    return table.set_column(table.column_names.index("as_of"), "as_of", pa.array(ages, pa.int64()))


def _nothing(lacking: Missing) -> pa.Table:
    """Return the figures of what is set to nothing."""
    levels = lacking.zeroed
    columns = {name: pa.array([0] * len(levels), pa.int64()) for name in _FIGURES}
    texts = {
        name: pa.array([getattr(level, name) for level in levels], pa.string()) for name in ("location", "item", "unit")
    }
    return pa.table({**columns, **texts, "as_of": pa.nulls(len(levels), pa.int64())}).select(_COLUMNS)
