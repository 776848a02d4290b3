"""What guards compare with, the files that they hold, and what people are to be told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what is new: the first file that a guard sees after this is compared with nothing."""
    op.create_table(
        "guard_baselines",
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("pick_up", sa.Text(), nullable=False),
        sa.Column("claim", _SERIAL, nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("items", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("flow", "pick_up"),
    )
    op.create_table(
        "guard_holds",
        sa.Column("claim", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("claim"),
    )
    op.create_table(
        "notices",
        sa.Column("number", _SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_notices_waiting", "notices", ["number"], sqlite_where=sa.text("sent_at IS NULL"))
