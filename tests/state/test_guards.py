"""Guards in the ledger: what the next file is compared with, what is held, what a person made of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.kernel.errors import Stop
from exchange.kernel.guard_rows import Baseline, Decision, Hold, Notice
from exchange.kernel.model import ClaimState, Counts
from exchange.state.ledger import SqlLedger
from tests.state.book import at, sealing, taken

PICK_UP = "shopify/orders/*.csv"


def accepted(ledger: SqlLedger, content: str, *, minutes: int, records: int) -> str:
    """Seal a file that the next one is compared with."""
    owner = taken(ledger, content, minutes=minutes)
    baseline = Baseline(PICK_UP, at(minutes), records, ("A", "Ä"), b"block")
    ledger.claims.seal(replace(sealing(owner, ledger.documents.version()), baseline=baseline))
    return owner.id


def held(ledger: SqlLedger, content: str, *, minutes: int = 0, flow: str = "orders") -> Hold:
    """Hold a file."""
    owner = taken(ledger, content, flow=flow)
    counts = (Counts(3, 1, 2), Counts(2, 1, 1), {"UNKNOWN_SKU": 2})
    hold = Hold(owner.id, flow, at(minutes), ("row_count: 3 records",), "data/state/held/x.md", "f1", *counts)
    ledger.guards.hold(hold, Notice("held", flow, owner.id, "look", at(minutes)))
    return hold


def test_the_newest_accepted_file_is_what_is_compared_with(ledger: SqlLedger) -> None:
    assert ledger.guards.baseline("orders", PICK_UP) is None
    first = accepted(ledger, "a", minutes=5, records=10)
    assert ledger.guards.baseline("orders", PICK_UP) == Baseline(PICK_UP, at(5), 10, ("A", "Ä"), b"block", first)
    accepted(ledger, "older", minutes=4, records=11)
    same_age = accepted(ledger, "as old", minutes=5, records=12)
    found = ledger.guards.baseline("orders", PICK_UP)
    assert found is not None
    assert (found.records, found.claim) == (12, same_age)
    assert ledger.guards.baseline("orders", "other/*") is ledger.guards.baseline("stock", PICK_UP) is None


def test_a_held_file_waits_until_a_person_decides(ledger: SqlLedger) -> None:
    hold = held(ledger, "a")
    other = held(ledger, "b", minutes=1)
    held(ledger, "c", flow="stock")

    assert ledger.guards.held(hold.claim) == hold
    assert ledger.guards.holding("orders") == [hold, other]
    known = ledger.claims.get(hold.claim)
    assert known is not None
    assert known.state is ClaimState.HELD
    assert [notice.subject for notice in ledger.guards.notices()][:2] == [hold.claim, other.claim]

    ledger.guards.decide(hold.claim, Decision.APPROVED, "ann", "fine", at(9))

    assert ledger.guards.holding("orders") == [other]
    decided = replace(hold, decision=Decision.APPROVED, who="ann", reason="fine", decided_at=at(9))
    assert ledger.guards.held(hold.claim) == decided


def test_one_that_goes_on_does_not_wait_any_more_and_may_be_held_again(ledger: SqlLedger) -> None:
    hold = held(ledger, "a")
    ledger.claims.restart(hold.claim)
    assert ledger.guards.holding("orders") == []
    again = replace(hold, reasons=("vanish: all",), held_at=at(3))

    ledger.guards.hold(again, None)

    assert ledger.guards.holding("orders") == [again]
    assert len(ledger.guards.notices()) == 1


def test_what_is_not_held_cannot_be_decided_and_what_is_sealed_cannot_be_held(ledger: SqlLedger) -> None:
    sealed = accepted(ledger, "a", minutes=1, records=1)
    with pytest.raises(Stop, match="not held by a guard, but was to be approved"):
        ledger.guards.decide(sealed, Decision.APPROVED, "ann", "x", at(1))
    hold = held(ledger, "b")
    with pytest.raises(Stop, match="was to be worked on"):
        ledger.guards.hold(replace(hold, claim=sealed), None)
    assert ledger.guards.held(sealed) is None
