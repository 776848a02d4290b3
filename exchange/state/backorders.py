"""Documents that wait for stock, in the database."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from exchange.kernel.backorder_rows import Backorder, Want
from exchange.kernel.ledger import FactsChanged, Sealing
from exchange.state.database import Database
from exchange.state.rows import micros, moment
from exchange.state.tables import backorders, claims, stock_moves

_SHOWN = 20


class SqlBackorders:
    """Documents that wait for stock; what seals record of them is written by `write_backorders`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_flow(self, flow: str) -> list[Backorder]:
        """Return those of a flow, the oldest first."""
        return self._read(_ALL.where(backorders.c.flow == flow))

    def find(self, kind: str, numbers: Collection[str] | None = None, channel: str | None = None) -> list[Backorder]:
        """Return those of a kind, the oldest first; None means any."""
        query = _ALL.where(backorders.c.kind == kind)
        if channel is not None:
            query = query.where(backorders.c.channel == channel)
        wanted = None if numbers is None else set(numbers)
        return [found for found in self._read(query) if wanted is None or found.number in wanted]

    def _read(self, query: Select[Any]) -> list[Backorder]:
        with self._database.read() as connection:
            return [_backorder(row) for row in connection.execute(query)]


_ALL = (
    select(backorders, claims.c.id.label("claim_id"))
    .join(claims, claims.c.seq == backorders.c.claim)
    .order_by(backorders.c.since, backorders.c.claim, backorders.c.first_record)
)


def _backorder(row: Row[Any]) -> Backorder:
    return Backorder(
        row.flow,
        row.kind,
        row.channel,
        row.number,
        row.claim_id,
        row.first_record,
        row.records,
        moment(row.as_of),
        moment(row.since),
        row.partly,
        tuple(Want(*want) for want in json.loads(row.wants)),
    )


def write_backorders(connection: Connection, claim: Row[Any], sealing: Sealing, seen: range) -> None:
    """Record which documents of a claim wait for stock and which do not any more.

    Raises FactsChanged where a claim that was sealed meanwhile (its place is in `seen`) took of the same stock.
    """
    record = sealing.backorders
    if record is None:
        return
    _ensure_untaken(connection, claim, sealing, seen)
    over = [{"over": number} for number in (*record.over, *(each.number for each in record.waiting))]
    if over:
        one = backorders.delete().where(
            backorders.c.kind == record.kind,
            backorders.c.channel == record.channel,
            backorders.c.number == bindparam("over"),
        )
        connection.execute(one, over)
    if record.waiting:
        connection.execute(backorders.insert(), [_row(each, claim.seq) for each in record.waiting])


def _ensure_untaken(connection: Connection, claim: Row[Any], sealing: Sealing, seen: range) -> None:
    moves = sealing.stock.moves if sealing.stock is not None else ()
    if not seen or not moves:
        return
    mine = {(move.location, move.item) for move in moves if move.quantity > 0}
    query = (
        select(stock_moves.c.location, stock_moves.c.item)
        .join(claims, claims.c.seq == stock_moves.c.claim)
        .where(claims.c.seal.between(seen.start, seen.stop - 1))
    )
    taken = sorted({item for location, item in connection.execute(query) if (location, item) in mine})
    if taken:
        raise FactsChanged(claim.id, tuple(taken[:_SHOWN]))


def _row(each: Backorder, seq: int) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "channel": each.channel,
        "number": each.number,
        "flow": each.flow,
        "claim": seq,
        "first_record": each.first_record,
        "records": each.records,
        "as_of": micros(each.as_of),
        "since": micros(each.since),
        "partly": each.partly,
        "wants": json.dumps(each.wants),
    }
