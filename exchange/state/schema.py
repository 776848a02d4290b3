"""What must be known of the ledger's tables without importing SQLAlchemy."""

from __future__ import annotations

HEAD = "0011"
"""The newest migration; a test compares it with the folder."""

WAITING = ("LOOKUP_MISS", "UNIT_UNKNOWN", "LOOKUP_MISS UNIT_UNKNOWN", "UNIT_UNKNOWN LOOKUP_MISS")
"""Codes of a reject that waits for tables alone, as they are kept."""

CROSSED = """
SELECT 1 FROM claims CROSS JOIN documents ON documents.claim = claims.seq
WHERE claims.flow = :flow AND claims.seal IS NOT NULL AND claims.sealed_at <= :before
  AND claims.sealed_at > COALESCE((SELECT until FROM held_checks WHERE flow = :flow), -1)
  AND documents.disposition = 'held'
LIMIT 1
"""
"""Whether a document of a flow was held before a moment by a file that was not looked at for this yet."""

OPEN_STATES = ("claimed", "sealed", "held")
"""States of a claim that is not over."""
