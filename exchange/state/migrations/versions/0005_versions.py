"""Which configuration the files of a claim were made by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what is new; of claims that were sealed before this it is not known."""
    op.add_column("claims", sa.Column("versions", sa.Text(), server_default="{}", nullable=False))
