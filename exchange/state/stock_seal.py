"""What a seal records of stock, in the seal's own transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from itertools import repeat
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, case, func, select
from sqlalchemy.dialects.sqlite import Insert, insert

from exchange.kernel.errors import Stop
from exchange.kernel.ledger import FactsChanged
from exchange.kernel.stock_rows import DIGITS, StockMove, StockRecord, StockStream
from exchange.state.database import insert_many
from exchange.state.rows import micros
from exchange.state.stock_reading import stream_of
from exchange.state.tables import claims, stock_handed, stock_levels, stock_moves, stock_streams

_SCALE = Decimal(10**DIGITS)
_KEY = ("source", "location", "item")


def _replacing() -> Insert:
    """An older figure, of a corrected reject say, never takes a newer one's place."""
    new = _levels()
    values = {column.name: new.excluded[column.name] for column in stock_levels.c if column.name not in _KEY}
    return new.on_conflict_do_update(_KEY, set_=values, where=new.excluded.as_of >= stock_levels.c.as_of)


def _adding() -> Insert:
    new = _levels()
    old = stock_levels.c
    values: dict[str, Any] = {name: old[name] + new.excluded[name] for name in ("on_hand", "reserved", "blocked")}
    values |= {
        "as_of": func.max(old.as_of, new.excluded.as_of),
        "since": case(
            (bindparam("settled", type_=BigInteger).is_(None), old.since), else_=func.max(old.since, new.excluded.since)
        ),
        "claim": new.excluded.claim,
        "sells": new.excluded.sells,
    }
    return new.on_conflict_do_update(_KEY, set_=values)


def _levels() -> Insert:
    settled = func.coalesce(bindparam("settled", type_=BigInteger), bindparam("as_of", type_=BigInteger))
    names = [column.name for column in stock_levels.c if column.name not in {"since", "as_of"}]
    given = {name: bindparam(name, type_=stock_levels.c[name].type) for name in names}
    return insert(stock_levels).values(**given, as_of=bindparam("as_of", type_=BigInteger), since=settled)


def write_stock(connection: Connection, claim: Row[Any], record: StockRecord) -> None:
    """Record levels, streams and moves of a claim; raises FactsChanged where the streams were moved on meanwhile."""
    if record.source:
        _ensure_unmoved(connection, claim, record)
        _write_levels(connection, claim.seq, record)
        for stream in record.streams:
            _write_stream(connection, stream)
    if record.moves:
        connection.execute(
            stock_handed.insert(),
            {
                "claim": claim.seq,
                "endpoints": json.dumps(record.endpoints),
                "lag": record.lag // timedelta(microseconds=1),
            },
        )
        rows = [(claim.seq, move.location, move.item, move.unit, millionths(move)) for move in record.moves]
        insert_many(connection, stock_moves, ("claim", "location", "item", "unit", "quantity"), rows)


def millionths(move: StockMove) -> int:
    """Return a quantity as it is stored; raises Stop where it has more digits than that."""
    scaled = move.quantity * _SCALE
    if scaled != int(scaled):
        raise Stop(f"quantity {move.quantity} of {move.item} at {move.location} has more than {DIGITS} digits")
    return int(scaled)


def _ensure_unmoved(connection: Connection, claim: Row[Any], record: StockRecord) -> None:
    query = (
        select(stock_streams, claims.c.id.label("told_by"))
        .join(claims, claims.c.seq == stock_streams.c.claim)
        .where(stock_streams.c.source == record.source)
    )
    found = {row.location: stream_of(row) for row in connection.execute(query)}
    expected = {stream.location: stream for stream in record.expected}
    concerned = dict.fromkeys([*expected, *(stream.location for stream in record.streams)])
    changed = [location for location in concerned if found.get(location) != expected.get(location)]
    if changed:
        raise FactsChanged(claim.id, tuple(location or record.source for location in changed[:20]))


def _write_levels(connection: Connection, seq: int, record: StockRecord) -> None:
    levels = record.levels
    if not levels.item or record.as_of is None:
        return
    at, since = micros(record.as_of), record.since
    moments = [at if age is None else age for age in levels.as_of or repeat(None, len(levels.item))]
    columns: dict[str, Iterable[Any]] = {
        "source": repeat(record.source),
        "location": levels.location,
        "item": levels.item,
        "on_hand": levels.on_hand,
        "reserved": levels.reserved,
        "blocked": levels.blocked,
        "unit": levels.unit,
        "as_of": moments,
        "settled": repeat(None) if since is None else [min(moment, micros(since)) for moment in moments],
        "claim": repeat(seq),
        "sells": repeat(record.sells),
    }
    statement = (_adding() if record.mode == "delta" else _replacing()).compile(dialect=connection.dialect)
    # Straight to the driver, as tuples: a hundred thousand items take a tenth of the time.
    rows = list(zip(*(columns[name] for name in statement.positiontup or ()), strict=False))
    connection.exec_driver_sql(str(statement), rows)


def _write_stream(connection: Connection, stream: StockStream) -> None:
    told_by = select(claims.c.seq).where(claims.c.id == stream.claim)
    seq = connection.execute(told_by).scalar_one()
    connection.execute(
        stock_streams.delete().where(
            stock_streams.c.source == stream.source, stock_streams.c.location == stream.location
        )
    )
    connection.execute(
        stock_streams.insert(),
        {
            "source": stream.source,
            "location": stream.location,
            "mode": stream.mode,
            "as_of": micros(stream.as_of),
            "snapshot_as_of": None if stream.snapshot_as_of is None else micros(stream.snapshot_as_of),
            "sequence": stream.sequence,
            "claim": seq,
        },
    )
