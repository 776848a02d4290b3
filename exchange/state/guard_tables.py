"""The tables of guards, as the newest migration leaves them; they stand with the others in `tables.metadata`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from exchange.state.tables import metadata

_SERIAL = BigInteger().with_variant(Integer, "sqlite")

guard_baselines = Table(
    "guard_baselines",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("pick_up", Text, primary_key=True),
    Column("claim", _SERIAL, ForeignKey("claims.seq"), nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("columns", Text, nullable=False),
    Column("items", LargeBinary, nullable=False),
)
"""The last accepted file of each pick-up, as far as guards compare with it."""

guard_holds = Table(
    "guard_holds",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True, autoincrement=False),
    Column("held_at", BigInteger, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", BigInteger),
)
"""Files that guards held, and what became of them."""

notices = Table(
    "notices",
    metadata,
    Column("number", _SERIAL, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Index("ix_notices_waiting", "number", sqlite_where=text("sent_at IS NULL")),
)
"""What people are to be told of by message; `sent_at`: when they were."""
