"""The seal: in one step or not at all, and never on facts that another claim changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.kernel.document_rows import DocumentBlock
from exchange.kernel.errors import Stop
from exchange.kernel.ledger import FactsChanged
from exchange.kernel.model import ClaimState
from exchange.kernel.reject_rows import ProblemRow, RejectClosing
from exchange.state.ledger import SqlLedger
from tests.state.book import at, document, reject, sealed, sealing, taken


def test_each_seal_makes_the_facts_newer(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1001")])
    sealed(ledger, "b", [document("1002")])

    assert ledger.documents.version() == 2


def test_document_changed_meanwhile_refuses_the_seal_whole(ledger: SqlLedger) -> None:
    version = ledger.documents.version()
    slow = taken(ledger, "slow")
    ledger.documents.add(slow.id, "order", "shopify", DocumentBlock.of([document("1001"), document("1002")]))
    quick = sealed(ledger, "quick", [document("1002"), document("1003")], flow="express")

    with pytest.raises(FactsChanged) as refused:
        ledger.claims.seal(
            replace(sealing(slow, version), rejects=(reject(slow, 1),), problem_counts={"NOT_A_DATE": 1})
        )

    assert refused.value.numbers == ("1002",)
    assert ledger.claims.open("orders")[0].state is ClaimState.CLAIMED
    assert (ledger.documents.version(), ledger.rejects.find()) == (1, [])
    assert ledger.documents.known("order", "shopify", ["1001", "1002"])["1002"].sent_claim == quick.id

    ledger.claims.restart(slow.id)
    ledger.documents.add(slow.id, "order", "shopify", DocumentBlock.of([document("1001")]))
    ledger.claims.seal(sealing(slow, ledger.documents.version()))
    assert ledger.documents.version() == 2


def test_other_documents_and_other_channels_do_not_refuse_it(ledger: SqlLedger) -> None:
    slow = taken(ledger, "slow")
    ledger.documents.add(slow.id, "order", "shopify", DocumentBlock.of([document("1001")]))
    for content, kind, channel in (("x", "order", "outlet"), ("y", "return", "shopify")):
        quick = taken(ledger, content, flow="express")
        ledger.documents.add(quick.id, kind, channel, DocumentBlock.of([document("1001")]))
        ledger.claims.seal(sealing(quick, ledger.documents.version()))
    sealed(ledger, "z", [document("1002")], flow="express")

    ledger.claims.seal(sealing(slow, 0))

    assert ledger.claims.sealed(slow.id).state is ClaimState.SEALED


def test_rejects_and_problems_are_there_with_the_seal(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    opened = reject(owner, 1)
    beside = replace(reject(owner, 2), state="superseded", closed_by=owner.id, closed_at=at(1))
    problem = ProblemRow(
        "NOT_AN_INTEGER",
        "error",
        "quantity: 'two' is not",
        "write digits",
        17,
        15,
        "quantity",
        "two",
        "1001",
        opened.reject_id,
    )
    ledger.claims.seal(
        replace(sealing(owner, 0), rejects=(opened, beside), problems=(problem, ProblemRow("X", "warning", "y")))
    )

    assert ledger.rejects.get(opened.reject_id) == opened
    assert ledger.rejects.get(beside.reject_id) == beside
    assert ledger.rejects.problems(opened.reject_id) == [problem]


def test_seal_closes_open_rejects_and_leaves_the_others(ledger: SqlLedger) -> None:
    first = taken(ledger, "a")
    rows = [reject(first, number, f"{1000 + number}") for number in (1, 2, 3)]
    ledger.claims.seal(replace(sealing(first, 0), rejects=tuple(rows)))
    corrected, superseded, untouched = rows

    second = taken(ledger, "b")
    closes = (RejectClosing(corrected.reject_id), RejectClosing(superseded.reject_id, "superseded"))
    ledger.claims.seal(replace(sealing(second, 1, minutes=9), closes=closes))
    third = taken(ledger, "c")
    ledger.claims.seal(replace(sealing(third, 2), closes=(RejectClosing(corrected.reject_id, "superseded"),)))

    assert ledger.rejects.get(corrected.reject_id) == replace(
        corrected, state="closed", closed_by=second.id, closed_at=at(9)
    )
    assert ledger.rejects.get(superseded.reject_id) == replace(
        superseded, state="superseded", closed_by=second.id, closed_at=at(9)
    )
    assert ledger.rejects.find() == [untouched]


def test_claim_cannot_close_the_reject_it_opens(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    row = reject(owner, 1)

    with pytest.raises(Stop, match="opens and closes the reject"):
        ledger.claims.seal(replace(sealing(owner, 0), rejects=(row,), closes=(RejectClosing(row.reject_id),)))

    assert ledger.documents.version() == 0


def test_merged_claims_are_sealed_in_their_order_or_not_at_all(ledger: SqlLedger) -> None:
    first, second = taken(ledger, "a"), taken(ledger, "b")
    for claim, number in ((first, "1001"), (second, "1002")):
        ledger.documents.add(claim.id, "order", "shopify", DocumentBlock.of([document(number)]))
    version = ledger.documents.version()
    sealed(ledger, "quick", [document("1002")], flow="express")

    with pytest.raises(FactsChanged) as refused:
        ledger.claims.seal(sealing(first, version), sealing(second, version))
    assert (refused.value.claim, refused.value.numbers) == (second.id, ("1002",))
    assert {known.state for known in ledger.claims.open("orders")} == {ClaimState.CLAIMED}

    version = ledger.documents.version()
    ledger.claims.seal(sealing(first, version), sealing(second, version))
    assert ledger.documents.version() == version + 2
    assert [entry.claim.id for entry in ledger.claims.open("orders")] == [first.id, second.id]


def test_merged_claims_are_no_strangers_to_each_other(ledger: SqlLedger) -> None:
    """That one of them takes effect a moment before the other is no change that the other does not know of."""
    first, second = taken(ledger, "a"), taken(ledger, "b")
    for claim in (first, second):
        ledger.documents.add(claim.id, "order", "shopify", DocumentBlock.of([document("1001")]))
    sealed(ledger, "quick", [document("1009")], flow="express")

    ledger.claims.seal(sealing(first, 0), sealing(second, 0))

    assert ledger.documents.known("order", "shopify", ["1001"])["1001"].sent_claim == second.id


def test_only_the_reject_that_takes_its_place_is_given_to_who_looked_after_it(ledger: SqlLedger) -> None:
    first, again = taken(ledger, "a"), taken(ledger, "b")
    one, two = reject(first, 1), reject(first, 2, "1002")
    ledger.claims.seal(replace(sealing(first, 0), rejects=(one, two)))
    for row, name in ((one, "mara"), (two, "eva")):
        ledger.rejects.assign(row.reject_id, name)

    closes = (RejectClosing(one.reject_id, "superseded"), RejectClosing(two.reject_id, "closed"))
    opened = (reject(again, 1), reject(again, 2, "1002"), reject(again, 3, "1003"))
    ledger.claims.seal(replace(sealing(again, 1), rejects=opened, closes=closes))

    assert [(row.number, row.assigned_to) for row in ledger.rejects.find()] == [
        ("1001", "mara"),
        ("1002", ""),
        ("1003", ""),
    ]
