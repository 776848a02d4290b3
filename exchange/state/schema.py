"""What must be known of the ledger's tables without importing SQLAlchemy."""

from __future__ import annotations

HEAD = "0002"
"""The newest migration; a test compares it with the folder."""

OPEN_STATES = ("claimed", "sealed", "held")
"""States of a claim that is not over."""
