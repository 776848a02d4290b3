"""What was reported as shipped: known from the seal on, and a claim decided without knowing it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.kernel.document_rows import DocumentBlock, Shipped
from exchange.kernel.ledger import FactsChanged
from exchange.state.ledger import SqlLedger
from tests.state.book import document, sealed, sealing, taken


def ship(ledger: SqlLedger, content: str, *numbers: str, channel: str = "shopify") -> None:
    """Seal a claim of shipments of these orders."""
    claim = taken(ledger, content, flow="shipping")
    shipped = tuple(Shipped("order", channel, number) for number in numbers)
    ledger.claims.seal(replace(sealing(claim, ledger.documents.version()), shipped=shipped))


def test_known_by_channel_and_number(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1"), document("2")])
    ship(ledger, "s", "1", "9")
    ship(ledger, "t", "2", channel="outlet")
    ship(ledger, "u", "1")

    known = ledger.documents.known("order", "shopify", ["1", "2", "9"])

    assert {number: each.shipped for number, each in known.items()} == {"1": True, "2": False}


def test_what_was_shipped_meanwhile_refuses_the_seal(ledger: SqlLedger) -> None:
    version = ledger.documents.version()
    slow = taken(ledger, "slow")
    ledger.documents.add(slow.id, "order", "shopify", DocumentBlock.of([document("1"), document("2")]))
    ship(ledger, "other", "1", channel="outlet")
    ledger_version = ledger.documents.version()
    ship(ledger, "s", "2", "3")

    with pytest.raises(FactsChanged) as refused:
        ledger.claims.seal(sealing(slow, version))

    assert refused.value.numbers == ("2",)
    assert ledger.documents.version() == ledger_version + 1
    ledger.claims.seal(sealing(slow, ledger.documents.version()))
