"""Sealed claims, whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.kernel.claim_rows import Delivery
from exchange.kernel.errors import Stop
from exchange.kernel.model import ClaimState, Receipt
from exchange.state.ledger import SqlLedger
from tests.state.book import artifact, at, sealing, taken


def test_everything_about_a_sealed_claim(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    one = replace(artifact(owner, 1), exists="unique", answers="acks/{name}.ack")
    two = replace(artifact(owner, 2, "done"), endpoint="erp")
    ledger.claims.seal(replace(sealing(owner, 0), artifacts=(two, one), problem_counts={"NOT_A_DATE": 2}))

    found = ledger.claims.sealed(owner.id)

    assert found.deliveries == (Delivery(one), Delivery(two)), "in order of number"
    assert found.undelivered == (one, two)
    assert (found.retired, found.problem_counts) == (False, {"NOT_A_DATE": 2})
    ledger.claims.finish(owner.id, ClaimState.SEALED, {1: Receipt("x", 101)}, at(2), retired=True)
    found = ledger.claims.sealed(owner.id)
    assert (found.retired, found.undelivered) == (True, (two,))
    ledger.claims.finish(owner.id, ClaimState.DONE, {2: Receipt("y", 102)}, at(3))
    assert ledger.claims.sealed(owner.id).retired, "once is for good"


def test_what_is_not_sealed_is_refused(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")

    with pytest.raises(Stop, match="is claimed, but was to be published as sealed"):
        ledger.claims.sealed(owner.id)


def test_versions_of_the_configuration_are_kept_with_the_claim(ledger: SqlLedger) -> None:
    owner, other = taken(ledger, "a"), taken(ledger, "b")
    versions = {"mappings/shop/orders.yaml": "0123456789ab", "mappings/tables/items.csv": "ba9876543210"}
    ledger.claims.seal(replace(sealing(owner, 0), versions=versions))
    ledger.claims.seal(sealing(other, ledger.documents.version()))

    assert dict(ledger.claims.sealed(owner.id).versions) == versions
    assert ledger.claims.sealed(other.id).versions == {}


def test_claims_that_were_merged_are_found_by_whose_files_hold_them(ledger: SqlLedger) -> None:
    owner, first, second = taken(ledger, "a"), taken(ledger, "b"), taken(ledger, "c")
    merged = [replace(sealing(each, 0), outputs_of=owner.id) for each in (first, second)]
    ledger.claims.seal(sealing(owner, 0), *merged)

    assert [found.claim.id for found in ledger.claims.merged(owner.id)] == [first.id, second.id]
    assert ledger.claims.merged(first.id) == []
