"""Documents that wait for stock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add what is new; nothing waited for stock before this."""
    op.create_table(
        "backorders",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("claim", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_record", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("partly", sa.Boolean(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("kind", "channel", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_backorders_flow", "backorders", ["flow"])
