"""Claims whose files were merged: in whose files their documents went out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is new; what was sealed before went out in files of its own."""
    op.add_column("claims", sa.Column("outputs_of", sa.String(length=12), nullable=True))
