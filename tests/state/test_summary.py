"""What `status` shows."""

from __future__ import annotations

from dataclasses import replace

from exchange.kernel.document_rows import DocumentBlock
from exchange.kernel.ledger import Summary
from exchange.kernel.model import ClaimState, Disposition, Receipt
from exchange.state.ledger import SqlLedger
from tests.state.book import artifact, at, document, reject, sealed, sealing, taken

HELD = Disposition.HELD


def test_empty_ledger(ledger: SqlLedger) -> None:
    assert ledger.summary() == Summary({}, {}, {}, None, {}, {}, {}, {}, ())


def test_claims_and_open_rejects_by_flow(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [])
    sealed(ledger, "b", [])
    owner = taken(ledger, "c")
    ledger.claims.seal(
        replace(sealing(owner, 2), rejects=(reject(owner, 1), replace(reject(owner, 2), state="waived")))
    )
    taken(ledger, "d", flow="stock")

    found = ledger.summary()

    assert found.claims == {
        "orders": {ClaimState.DONE: 2, ClaimState.SEALED: 1},
        "stock": {ClaimState.CLAIMED: 1},
    }
    assert found.open_rejects == {"orders": 1}


def test_held_document_counts_while_its_latest_sealed_appearance_is_held(ledger: SqlLedger) -> None:
    rows = [document(str(number), HELD) for number in range(6)]
    sealed(ledger, "a", rows)
    sealed(ledger, "b", [document("0", HELD), document("1"), document("2", Disposition.REJECTED)])
    sealed(ledger, "c", [document("1", HELD), document("3"), document("4")], flow="express")
    outlet = taken(ledger, "d", flow="express")
    ledger.documents.add(outlet.id, "order", "outlet", DocumentBlock.of([document("5")]))
    ledger.claims.seal(sealing(outlet, 3))
    pending = taken(ledger, "e")
    ledger.documents.add(pending.id, "order", "shopify", DocumentBlock.of([document("5"), document("9", HELD)]))

    assert ledger.summary().held_documents == {"express": 1, "orders": 2}


def test_document_twice_in_a_file_counts_by_its_last_place(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1", HELD), document("1", HELD), document("2", HELD), document("2")])

    assert ledger.summary().held_documents == {"orders": 1}


def test_artifacts_that_wait_and_those_presumed_delivered(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    ledger.claims.seal(sealing(owner, 0, artifacts=[artifact(owner, number) for number in (1, 2, 3, 4)]))
    ledger.claims.staged(owner.id, [2, 3, 4], at(2))
    receipts = {3: Receipt("out/3", 103), 4: Receipt("out/4", 104, presumed=True)}
    ledger.claims.finish(owner.id, ClaimState.SEALED, receipts, at(3))

    found = ledger.summary()

    assert [entry.artifact.number for entry in found.undelivered["orders"]] == [1, 2]
    assert [(entry.id, entry.path) for entry in found.presumed["orders"]] == [(f"{owner.id}.4", "out/4")]
    assert found.unanswered == {}
