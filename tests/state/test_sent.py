"""Documents as they were sent: kept for a claim, seen from its seal on, forgotten when it begins again."""

from __future__ import annotations

import pytest

from exchange.kernel.errors import Stop
from exchange.kernel.sent_rows import SentBlock
from exchange.state.ledger import SqlLedger
from tests.state.book import sealing, taken

FIRST, SECOND = SentBlock(b"header 0", b"lines 0"), SentBlock(b"header 1", b"lines 1")


def test_blocks_count_from_the_seal_on_in_the_order_of_the_file(ledger: SqlLedger) -> None:
    claim = taken(ledger, "a")
    ledger.sent.add(claim.id, 1, SECOND)
    ledger.sent.add(claim.id, 0, FIRST)
    assert list(ledger.sent.blocks(claim.id)) == []

    ledger.claims.seal(sealing(claim, ledger.documents.version()))

    assert list(ledger.sent.blocks(claim.id)) == [FIRST, SECOND]
    assert list(ledger.sent.blocks("no such claim")) == []


def test_claim_that_begins_again_has_no_blocks(ledger: SqlLedger) -> None:
    claim = taken(ledger, "a")
    ledger.sent.add(claim.id, 0, FIRST)

    ledger.claims.restart(claim.id)
    ledger.sent.add(claim.id, 0, SECOND)
    ledger.claims.seal(sealing(claim, ledger.documents.version()))

    assert list(ledger.sent.blocks(claim.id)) == [SECOND]


def test_sealed_claim_takes_no_more(ledger: SqlLedger) -> None:
    claim = taken(ledger, "a")
    ledger.claims.seal(sealing(claim, ledger.documents.version()))

    with pytest.raises(Stop):
        ledger.sent.add(claim.id, 0, FIRST)
