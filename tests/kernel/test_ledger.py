"""The words of the ledger's values."""

from __future__ import annotations

from exchange.kernel.errors import TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import FactsChanged


def test_changed_facts_are_safe_to_run_again_and_name_the_documents() -> None:
    fault = FactsChanged("0123456789ab", ("1001", "1002"))

    assert isinstance(fault, TryLater)
    assert fault.exit is Exit.UNAVAILABLE
    assert "1001, 1002" in str(fault)
