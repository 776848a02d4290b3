"""Where a document has been, and where it is held."""

from __future__ import annotations

from dataclasses import replace

from exchange.kernel.document_rows import DocumentBlock
from exchange.kernel.model import ClaimState, Disposition, Receipt
from exchange.kernel.reject_rows import ProblemRow
from exchange.state.ledger import SqlLedger
from tests.state.book import artifact, at, document, reject, sealed, sealing, taken

HELD = Disposition.HELD


def test_every_appearance_with_its_outputs_rejects_and_problems(ledger: SqlLedger) -> None:
    first = taken(ledger, "a")
    bad = document("1001", Disposition.REJECTED)
    ledger.documents.add(first.id, "order", "shopify", DocumentBlock.of([bad, document("1002")]))
    opened = reject(first, 1)
    problem = ProblemRow("NOT_A_DATE", "error", "no date", "", 3, 1, "ordered_at", "x", "1001", opened.reject_id)
    other = ProblemRow("NOT_A_DATE", "error", "no date", "", 9, 7, "ordered_at", "x", "1002")
    ledger.claims.seal(replace(sealing(first, 0), rejects=(opened,), problems=(other, problem)))

    second = taken(ledger, "b")
    good = document("1001", outputs="wms:2,wms:3,erp:1")
    ledger.documents.add(second.id, "order", "shopify", DocumentBlock.of([good]))
    files = [artifact(second, number) for number in (1, 2, 3)]
    ledger.claims.seal(sealing(second, 1, minutes=5, artifacts=files))
    ledger.claims.finish(second.id, ClaimState.DONE, {n: Receipt(f"out/{n}", 100 + n) for n in (1, 2, 3)}, at(6))

    rejected, sent = ledger.documents.trace("order", "1001")

    assert (rejected.claim, rejected.row, rejected.kind, rejected.channel) == (first, bad, "order", "shopify")
    assert (rejected.deliveries, rejected.rejects, rejected.problems) == ((), (opened,), (problem,))
    assert (sent.claim, sent.state, sent.sealed_at, sent.row) == (second, ClaimState.DONE, at(5), good)
    assert [(label, delivery.path, delivery.artifact.delivered_at) for label, delivery in sent.deliveries] == [
        ("wms", "out/2", at(6)),
        ("wms", "out/3", at(6)),
        ("erp", "out/1", at(6)),
    ]


def test_channel_narrows_it_down(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1001")])
    outlet = taken(ledger, "b")
    ledger.documents.add(outlet.id, "order", "outlet", DocumentBlock.of([document("1001")]))
    ledger.claims.seal(sealing(outlet, 1))

    assert [row.channel for row in ledger.documents.trace("order", "1001")] == ["shopify", "outlet"]
    assert [row.claim.id for row in ledger.documents.trace("order", "1001", "outlet")] == [outlet.id]
    assert ledger.documents.trace("return", "1001") == []


def test_held_document_is_found_where_it_was_held_last(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1001", HELD)])
    owner = taken(ledger, "b")
    row = document("1001", HELD, outputs="held:2")
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([row]))
    files = [artifact(owner, 1, "held"), artifact(owner, 2, "held")]
    ledger.claims.seal(sealing(owner, 1, artifacts=files))

    (held,) = ledger.documents.held("order", "1001")

    assert (held.claim, held.kind, held.channel, held.row, held.artifact) == (owner, "order", "shopify", row, files[1])
    assert ledger.documents.held("order", "1001", "outlet") == []


def test_only_held_artifact_of_the_claim_is_meant_where_outputs_name_none(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([document("1001", HELD)]))
    files = [artifact(owner, 1), artifact(owner, 2, "held")]
    ledger.claims.seal(sealing(owner, 0, artifacts=files))

    assert ledger.documents.held("order", "1001")[0].artifact == files[1]


def test_document_that_went_on_is_not_held(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1001", HELD), document("1002", HELD)])
    sealed(ledger, "b", [document("1001")])

    assert ledger.documents.held("order", "1001") == []
    assert len(ledger.documents.held("order", "1002")) == 1


def test_a_merged_document_went_out_in_the_files_of_another_claim(ledger: SqlLedger) -> None:
    """What is held lies with its own claim all the same."""
    owner, other = taken(ledger, "a"), taken(ledger, "b")
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([document("1001", outputs="wms:1")]))
    merged = [document("1002", outputs="wms:2"), document("1003", HELD)]
    ledger.documents.add(other.id, "order", "shopify", DocumentBlock.of(merged))
    files = [artifact(owner, 1), artifact(owner, 2)]
    kept = artifact(other, 1, "held")
    ledger.claims.seal(
        sealing(owner, 0, artifacts=files), replace(sealing(other, 0, artifacts=[kept]), outputs_of=owner.id)
    )

    [sent] = ledger.documents.trace("order", "1002")
    [held] = ledger.documents.held("order", "1003")

    assert (sent.claim, [(label, entry.artifact) for label, entry in sent.deliveries]) == (other, [("wms", files[1])])
    assert (held.claim, held.artifact) == (other, kept)
    assert [ledger.claims.sealed(claim.id).outputs_of for claim in (owner, other)] == [None, owner.id]
