"""Where a value was looked up in vain, and who looks after a reject."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add what is new; rejects from before this wait for their reject file to come back, as they did."""
    op.add_column("problems", sa.Column("table_name", sa.Text(), server_default="", nullable=False))
    op.add_column("problems", sa.Column("table_key", sa.Text(), server_default="", nullable=False))
    op.add_column("rejects", sa.Column("assigned_to", sa.Text(), server_default="", nullable=False))
