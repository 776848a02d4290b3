"""The words of the ledger's values."""

from __future__ import annotations

from datetime import UTC, datetime

from exchange.kernel.errors import TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import FactsChanged, RejectRow

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def test_business_key_is_written_as_people_write_it() -> None:
    row = RejectRow("0123456789ab-0001", "0123456789ab", "orders", "order", "shopify", "1001", (), "x", 1, NOW, NOW)

    assert row.document == "order/shopify/1001"
    assert (row.state, row.closed_by, row.closed_at) == ("open", None, None)


def test_changed_facts_are_safe_to_run_again_and_name_the_documents() -> None:
    fault = FactsChanged("0123456789ab", ("1001", "1002"))

    assert isinstance(fault, TryLater)
    assert fault.exit is Exit.UNAVAILABLE
    assert "1001, 1002" in str(fault)
