"""The words of what is set aside."""

from __future__ import annotations

from datetime import UTC, datetime

from exchange.kernel.reject_rows import RejectRow

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def test_business_key_is_written_as_people_write_it() -> None:
    row = RejectRow("0123456789ab-0001", "0123456789ab", "orders", "order", "shopify", "1001", (), "x", 1, NOW, NOW)

    assert row.document == "order/shopify/1001"
    assert (row.state, row.closed_by, row.closed_at) == ("open", None, None)
