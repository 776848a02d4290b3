"""Looks at waiting files, brakes, schedules; tries, retirement and answers of claims and artifacts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _only(rows: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(rows), "postgresql_where": sa.text(rows)}


def upgrade() -> None:
    """Add what is new; claims that are open go on as they are, those that are over need nothing any more."""
    _tables()
    _claims()
    _artifacts()


def _tables() -> None:
    op.create_table(
        "looks",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "folder", "name"),
    )
    op.create_table(
        "brakes",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name"),
    )
    op.create_table(
        "schedules",
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow"),
    )


def _claims() -> None:
    for column in (
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("raw_name", sa.LargeBinary(), nullable=True),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
    ):
        op.add_column("claims", column)
    # A claim that was over had let go of its source.
    op.execute("UPDATE claims SET retired = TRUE WHERE closed_at IS NOT NULL")


def _artifacts() -> None:
    for column in (
        sa.Column("if_exists", sa.Text(), server_default="fail", nullable=False),
        sa.Column("answers", sa.Text(), server_default="", nullable=False),
        sa.Column("final_name", sa.Text(), server_default="", nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("artifacts", column)
    op.execute("UPDATE artifacts SET final_name = name WHERE state IN ('delivered', 'presumed delivered')")
    op.drop_index("ix_artifacts_undelivered", "artifacts")
    for index, rows in (
        ("ix_artifacts_undelivered", "state IN ('sealed', 'staged')"),
        ("ix_artifacts_presumed", "state = 'presumed delivered'"),
        ("ix_artifacts_unanswered", "answers <> '' AND acknowledged_at IS NULL"),
    ):
        op.create_index(index, "artifacts", ["claim"], unique=False, **_only(rows))
    op.create_index("ix_artifacts_endpoint_final_name", "artifacts", ["endpoint", "final_name"], unique=False)
