"""Documents as they were sent, in the database: what a later change or cancellation is told against."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from exchange.kernel.sent_rows import SentBlock
from exchange.state.claims import unsealed
from exchange.state.database import Database, insert_many
from exchange.state.tables import claims, sent_blocks

_BLOCK = ("claim", "number", "header", "lines")


class SqlSent:
    """Documents as they were sent; a block holds those of one span of a claim."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, claim: str, number: int, block: SentBlock) -> None:
        """Add a block of a claim that is not sealed yet (Stop where it is); it counts from the seal on."""
        with self._database.write(durable=False) as connection:
            seq = unsealed(connection, claim).seq
            insert_many(connection, sent_blocks, _BLOCK, [(seq, number, block.header, block.lines)])

    def blocks(self, claim: str) -> Iterator[SentBlock]:
        """Yield the blocks of a sealed claim, in the order of its file."""
        query = (
            select(sent_blocks.c.header, sent_blocks.c.lines)
            .join(claims, claims.c.seq == sent_blocks.c.claim)
            .where(claims.c.id == claim, claims.c.seal.is_not(None))
            .order_by(sent_blocks.c.number)
        )
        with self._database.read() as connection:
            for header, lines in connection.execute(query):
                yield SentBlock(header, lines)
