"""Turns rows of stock into values, and adds up what was handed over since."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, select, text

from exchange.kernel.stock_rows import DIGITS, Available, StockLevel, StockStream
from exchange.state.rows import micros, moment, moment_or_none
from exchange.state.tables import claims, stock_levels, stock_moves

_NEVER = 2**62
"""The moment of what no warehouse was told of yet."""
_HANDED = text(
    """
    SELECT handed.claim,
           CASE WHEN count(*) = count(artifacts.delivered_at) OR count(artifacts.claim) = 0
                THEN coalesce(max(artifacts.delivered_at), claims.sealed_at) + handed.lag ELSE :never END AS moment
    FROM stock_handed AS handed
    JOIN claims ON claims.seq = handed.claim AND claims.seal IS NOT NULL
    LEFT JOIN claims AS owner ON owner.id = coalesce(claims.outputs_of, claims.id)
    LEFT JOIN artifacts ON artifacts.claim = owner.seq AND artifacts.kind = 'output'
         AND artifacts.endpoint IN (SELECT value FROM json_each(handed.endpoints))
    GROUP BY handed.claim
    """
)
"""When the warehouses knew of what a claim took: never, while one of its files is not delivered."""


class LevelRow(NamedTuple):
    """A level as it is stored, with the id of its claim."""

    source: str
    location: str
    item: str
    on_hand: int
    reserved: int
    blocked: int
    unit: str
    as_of: int
    since: int
    sells: bool
    claim: str


class Moved(NamedTuple):
    """What one claim took of an item, and when the warehouse knew."""

    moment: int
    unit: str
    millionths: int


@lru_cache(10_000)
def quantity_of(millionths: int) -> Decimal:
    """Return a stored quantity."""
    return Decimal(millionths).scaleb(-DIGITS).normalize() + 0


@lru_cache(1_000)
def moment_of(stored: int) -> datetime:
    """Return a stored time; the figures of a file share theirs."""
    return moment(stored)


def stream_of(row: Row[Any]) -> StockStream:
    """Return a stream; `told_by` is the id of its claim."""
    return StockStream(
        row.source,
        row.location,
        row.mode,
        moment(row.as_of),
        moment_or_none(row.snapshot_as_of),
        row.sequence,
        row.told_by,
    )


def level_rows(
    connection: Connection,
    locations: Collection[str] | None,
    sources: Collection[str] | None = None,
    items: Collection[str] | None = None,
) -> Iterator[LevelRow]:
    """Yield rows of levels with the id of their claim, by source, location and item."""
    query: Select[Any] = (
        select(*(column for column in stock_levels.c if column.name != "claim"), claims.c.id.label("claim"))
        .join(claims, claims.c.seq == stock_levels.c.claim)
        .order_by(stock_levels.c.source, stock_levels.c.location, stock_levels.c.item)
    )
    for column, wanted in ((stock_levels.c.location, locations), (stock_levels.c.source, sources)):
        if wanted is not None:
            query = query.where(column.in_(list(wanted)))
    for row in map(LevelRow._make, connection.execute(query)):
        if items is None or row.item in items:
            yield row


def level_of(row: LevelRow) -> StockLevel:
    """Return a level."""
    return StockLevel(
        row.source,
        row.location,
        row.item,
        quantity_of(row.on_hand),
        quantity_of(row.reserved),
        quantity_of(row.blocked),
        row.unit,
        moment_of(row.as_of),
        moment_of(row.since),
        row.claim,
        row.sells,
    )


def moves_since(
    connection: Connection, since: datetime | int, locations: Collection[str] | None = None
) -> dict[tuple[str, str], list[Moved]]:
    """Return what was taken after a moment, by location and item."""
    after = since if isinstance(since, int) else micros(since)
    moments = {claim: at for claim, at in connection.execute(_HANDED, {"never": _NEVER}) if at > after}
    found: dict[tuple[str, str], list[Moved]] = {}
    query = select(stock_moves)
    if locations is not None:
        query = query.where(stock_moves.c.location.in_(list(locations)))
    if moments:
        query = query.where(stock_moves.c.claim >= min(moments))
        for row in connection.execute(query):
            if row.claim in moments:
                moved = Moved(moments[row.claim], row.unit, row.quantity)
                found.setdefault((row.location, row.item), []).append(moved)
    return found


def available_of(row: LevelRow, moved: Collection[Moved]) -> Available:
    """Return what can be sold of one level, less what was taken since."""
    by_unit: dict[str, int] = {}
    for move in moved:
        if move.moment > row.since:
            by_unit[move.unit] = by_unit.get(move.unit, 0) + move.millionths
    return Available(
        row.source,
        row.location,
        row.item,
        quantity_of(row.on_hand),
        quantity_of(row.reserved),
        quantity_of(by_unit.pop(row.unit, 0)),
        row.unit,
        moment_of(row.as_of),
        row.claim,
        {unit: quantity_of(taken) for unit, taken in sorted(by_unit.items()) if taken},
    )
