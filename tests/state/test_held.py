"""Why files are held, as it was noted."""

from __future__ import annotations

from exchange.state.ledger import SqlLedger
from tests.state.book import at, taken


def test_the_held_files_of_one_flow_with_their_reasons(ledger: SqlLedger) -> None:
    first, second = taken(ledger, "a"), taken(ledger, "b")
    taken(ledger, "c")
    other = taken(ledger, "d", flow="stock")
    ledger.claims.hold(second.id, at(2), ("file 5 is missing",))
    ledger.claims.hold(first.id, at(3), ("too few", "too late"))
    ledger.claims.hold(other.id, at(4), ("file 1 is missing",))

    found = ledger.claims.held("orders")

    assert list(found.items()) == [
        (first.id, (at(3), ("too few", "too late"))),
        (second.id, (at(2), ("file 5 is missing",))),
    ]
    assert ledger.claims.held("returns") == {}
