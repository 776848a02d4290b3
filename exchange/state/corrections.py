"""What people changed in rejects that came back, cell by cell; the table stands in `tables.metadata`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, select
from sqlalchemy import Connection as Opened

from exchange.kernel.returned import CellChange
from exchange.state.database import Database, insert_many
from exchange.state.tables import claims, metadata

corrections = Table(
    "corrections",
    metadata,
    Column("claim", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("claims.seq"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("reject_id", Text, nullable=False, index=True),
    Column("file_line", Integer, nullable=False),
    Column("column_name", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
)
"""Which file it was and when is said by the claim."""
_COLUMNS = ("claim", "position", "reject_id", "file_line", "column_name", "old", "new")


def write_corrections(connection: Opened, claim: int, found: Sequence[CellChange]) -> None:
    """Record what was changed in the file of a claim."""
    rows = [
        (claim, place, each.reject_id, each.file_line, each.column, each.old, each.new)
        for place, each in enumerate(found)
    ]
    insert_many(connection, corrections, _COLUMNS, rows)


def read_corrections(database: Database, reject_id: str) -> list[tuple[str, CellChange]]:
    """Return what was changed in the rows of a reject, in the order in which it came, each with its claim."""
    query = (
        select(corrections, claims.c.id)
        .join(claims, claims.c.seq == corrections.c.claim)
        .where(corrections.c.reject_id == reject_id)
        .order_by(corrections.c.claim, corrections.c.position)
    )
    with database.read() as connection:
        return [
            (row.id, CellChange(row.reject_id, row.file_line, row.column_name, row.old, row.new))
            for row in connection.execute(query)
        ]
