"""What was reported as shipped, and how far each flow has looked for documents that are held for too long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add what is new; nothing counts as shipped that was reported before this."""
    op.create_table(
        "shipped",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("claim", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("kind", "channel", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shipped_claim", "shipped", ["claim"])
    op.create_table(
        "held_checks",
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow"),
    )
