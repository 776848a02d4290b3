"""What waits, what was delivered under which name, what was answered, and what is sent again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.kernel.errors import Stop
from exchange.kernel.model import Artifact, ArtifactState, Claim, ClaimState, Receipt
from exchange.state.deliveries import ASK_NAMES
from exchange.state.ledger import SqlLedger
from tests.state.book import artifact, at, sealing, taken


def made(ledger: SqlLedger, content: str, *artifacts: int, flow: str = "orders", answers: str = "") -> Claim:
    """Return a sealed claim with these artifacts."""
    owner = taken(ledger, content, flow=flow)
    each: list[Artifact] = [replace(artifact(owner, number), answers=answers) for number in artifacts]
    ledger.claims.seal(sealing(owner, ledger.documents.version(), artifacts=each))
    return owner


def delivered(ledger: SqlLedger, owner: Claim, *, presumed: bool = False, **names: str) -> None:
    """Note that artifacts were delivered; `one="x.xml"` is the first one under that name."""
    numbers = {"one": 1, "two": 2, "three": 3}
    receipts = {numbers[key]: Receipt(f"sftp://host/in/{name}", 1, presumed) for key, name in names.items()}
    ledger.claims.finish(owner.id, ClaimState.SEALED, receipts, at(5))


def test_claims_wait_in_the_order_of_their_seals(ledger: SqlLedger) -> None:
    first, second = taken(ledger, "a"), taken(ledger, "b")
    for owner in (second, first):
        ledger.claims.seal(sealing(owner, ledger.documents.version(), artifacts=[artifact(owner, 1)]))
    made(ledger, "c", 1, flow="stock")
    made(ledger, "d")
    over = made(ledger, "e", 1)
    ledger.claims.finish(over.id, ClaimState.DONE, {1: Receipt("x", 1)}, at(2))

    assert [sealed.claim.id for sealed in ledger.deliveries.waiting("orders")] == [second.id, first.id]
    ledger.claims.staged(second.id, [1], at(2))
    assert [sealed.claim.id for sealed in ledger.deliveries.waiting("orders")] == [second.id, first.id]


def test_delivered_under_a_name_whatever_it_was_to_be_called(ledger: SqlLedger) -> None:
    owner = made(ledger, "a", 1, 2, 3)
    delivered(ledger, owner, one="SO.csv", two="SO.abc.csv")
    ledger.claims.finish(owner.id, ClaimState.SEALED, {3: Receipt("SO.csv", 1, presumed=True)}, at(6))
    later = made(ledger, "b", 1)
    delivered(ledger, later, one="SO.csv")

    found = ledger.deliveries.delivered("wms", ["SO.csv", "SO.csv", "other"])

    assert [entry.id for entry in found] == [f"{owner.id}.1", f"{owner.id}.3", f"{later.id}.1"]
    assert ledger.deliveries.delivered("erp", ["SO.csv"]) == ledger.deliveries.delivered("wms", []) == []


def test_delivered_under_a_stem_is_the_name_without_its_last_suffix(ledger: SqlLedger) -> None:
    owner = made(ledger, "a", 1, 2, 3)
    delivered(ledger, owner, one="SO.csv", two="SO.abc.csv", three="SO_2.csv")

    by_stem = {
        stem: [entry.artifact.number for entry in ledger.deliveries.delivered("wms", [stem], stems=True)]
        for stem in ("SO", "SO.abc", "S", "SO.csv")
    }

    assert by_stem == {"SO": [1], "SO.abc": [2], "S": [], "SO.csv": []}


def test_many_names_are_asked_for_in_parts(ledger: SqlLedger) -> None:
    owner = made(ledger, "a", 1)
    delivered(ledger, owner, one="last")

    names = [f"n{number}" for number in range(ASK_NAMES + 1)]
    assert [entry.id for entry in ledger.deliveries.delivered("wms", [*names, "last"])] == [f"{owner.id}.1"]


@pytest.mark.parametrize("presumed", [False, True])
def test_an_answer_is_waited_for_until_it_comes(ledger: SqlLedger, presumed: bool) -> None:
    owner = made(ledger, "a", 1, 2, answers="acks/{name}.ack")
    made(ledger, "b", 1)
    assert ledger.deliveries.unanswered("orders") == [], "nothing was sent yet"
    delivered(ledger, owner, one="x.xml", two="y.xml", presumed=presumed)
    assert [entry.id for entry in ledger.deliveries.unanswered("orders")] == [f"{owner.id}.1", f"{owner.id}.2"]
    assert ledger.deliveries.unanswered("stock") == []
    assert list(ledger.summary().unanswered) == ["orders"]

    ledger.deliveries.acknowledge(owner.id, 1, at(7))
    ledger.deliveries.acknowledge(owner.id, 1, at(8))

    [left] = ledger.deliveries.unanswered("orders")
    [answered] = ledger.deliveries.delivered("wms", ["x.xml"])
    assert left.artifact.number == 2
    assert (answered.artifact.state, answered.acknowledged_at) == (ArtifactState.ACKNOWLEDGED, at(8))
    assert len(ledger.summary().presumed.get("orders", ())) == (1 if presumed else 0)


def test_what_was_never_sent_cannot_be_acknowledged_or_sent_again(ledger: SqlLedger) -> None:
    owner = made(ledger, "a", 1)

    for number in (1, 9):
        with pytest.raises(Stop, match="not in the ledger"):
            ledger.deliveries.acknowledge(owner.id, number, at(2))
        with pytest.raises(Stop, match="not in the ledger"):
            ledger.deliveries.resend(owner.id, number)


def test_what_is_sent_again_is_an_open_delivery(ledger: SqlLedger) -> None:
    owner = made(ledger, "a", 1, 2, answers="acks/{name}.ack")
    receipts = {1: Receipt("in/x.xml", 1), 2: Receipt("in/y.xml", 1)}
    ledger.claims.finish(owner.id, ClaimState.DONE, receipts, at(3), retired=True)
    ledger.deliveries.acknowledge(owner.id, 1, at(4))

    ledger.deliveries.resend(owner.id, 1)

    found = ledger.claims.sealed(owner.id)
    again, other = found.deliveries
    assert (again.artifact.state, again.artifact.delivered_at, again.acknowledged_at, again.path) == (
        ArtifactState.SEALED,
        None,
        None,
        "",
    )
    assert other.artifact.state is ArtifactState.DELIVERED
    assert (found.state, found.closed_at, found.retired) == (ClaimState.SEALED, None, True)
    assert [sealed.claim.id for sealed in ledger.deliveries.waiting("orders")] == [owner.id]
    assert ledger.deliveries.delivered("wms", ["x.xml"]) == []


def test_a_file_is_found_by_its_bytes_else_by_its_name(ledger: SqlLedger) -> None:
    first, second = taken(ledger, "a"), taken(ledger, "b")
    for owner, digest in ((first, "11" * 32), (second, "22" * 32)):
        wanted = replace(artifact(owner, 1), sha256=digest)
        ledger.claims.seal(sealing(owner, ledger.documents.version(), artifacts=[wanted]))
        delivered(ledger, owner, one=f"in-{owner.id}.xml")

    def ids(sha256: str, name: str) -> list[str]:
        return [delivery.artifact.claim for delivery in ledger.deliveries.made(sha256, name)]

    assert ids("11" * 32, "whatever") == [first.id]
    assert ids("", f"in-{second.id}.xml") == [second.id], "as it was called at the target"
    assert ids("", f"ORD_{first.id}_001.xml") == [first.id], "as we called it"
    assert ids("33" * 32, "nothing") == []
