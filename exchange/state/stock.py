"""Stock in the database: what was told last, how far its senders have come, and what orders took of it since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update

from exchange.kernel.stock_rows import Available, StockLevel, StockMove, StockStream
from exchange.state.database import Database
from exchange.state.rows import micros
from exchange.state.stock_reading import available_of, level_of, level_rows, moves_since, quantity_of, stream_of
from exchange.state.tables import claims, stock_levels, stock_streams


class SqlStock:
    """Stock by sender, location and item; what seals record of it is written by `stock_seal`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def levels(
        self, locations: Collection[str] | None = None, *, sources: Collection[str] | None = None
    ) -> list[StockLevel]:
        """Return what was told last, by source, location and item; None means any."""
        with self._database.read() as connection:
            return [level_of(row) for row in level_rows(connection, locations, sources)]

    def streams(self, source: str) -> dict[str, StockStream]:
        """Return how far a sender has come, by location; blank: with the numbers of its files."""
        query = (
            select(stock_streams, claims.c.id.label("told_by"))
            .join(claims, claims.c.seq == stock_streams.c.claim)
            .where(stock_streams.c.source == source)
        )
        with self._database.read() as connection:
            return {row.location: stream_of(row) for row in connection.execute(query)}

    def committed(self, location: str, since: datetime) -> dict[str, Decimal]:
        """Return what was handed over after a moment, by item, whatever its unit: changes and cancellations give back.

        What was sealed and not delivered to the warehouse yet counts, however old it is.
        """
        with self._database.read() as connection:
            moved = moves_since(connection, since, (location,))
        return {item: quantity_of(sum(move.millionths for move in moves)) for (_, item), moves in sorted(moved.items())}

    def moved(self, since: datetime) -> list[StockMove]:
        """Return what was handed over after a moment, by location, item and unit; what was given back is subtracted.

        What was sealed and not delivered to the warehouse yet counts, however old it is.
        """
        with self._database.read() as connection:
            found = moves_since(connection, since)
        sums: Counter[tuple[str, str, str]] = Counter()
        for (location, item), moves in found.items():
            for move in moves:
                sums[location, item, move.unit] += move.millionths
        return [
            StockMove(location, item, quantity_of(taken), unit)
            for (location, item, unit), taken in sorted(sums.items())
            if taken
        ]

    def available(
        self, locations: Collection[str] | None = None, items: Iterable[str] | None = None
    ) -> list[Available]:
        """Return what can be sold, by location, item and source: levels less what was handed over since; None: any.

        Items of which nothing was ever told are left out.
        """
        wanted = None if items is None else set(items)
        with self._database.read() as connection:
            rows = [row for row in level_rows(connection, locations, items=wanted) if row.sells]
            moved = moves_since(connection, min(row.since for row in rows), locations) if rows else {}
        rows.sort(key=lambda row: (row.location, row.item, row.source))
        return [available_of(row, moved.get((row.location, row.item), ())) for row in rows]

    def advance(self, claim: str, as_of: datetime) -> int:
        """Make the figures of a sealed snapshot as new as its repetition, durably; returns how many are newer now."""
        with self._database.write() as connection:
            seq = connection.execute(select(claims.c.seq).where(claims.c.id == claim)).scalar_one_or_none()
            at = micros(as_of)
            levels = connection.execute(
                update(stock_levels)
                .where(stock_levels.c.claim == seq, stock_levels.c.as_of < at)
                .values(as_of=at, since=at)
            )
            connection.execute(
                update(stock_streams)
                .where(stock_streams.c.claim == seq, stock_streams.c.as_of < at)
                .values(as_of=at, snapshot_as_of=at)
            )
        return levels.rowcount
