"""Sending again, inside the engine. (As a person does it: tests/flows/test_deliver_again.py.)"""

from __future__ import annotations

from exchange.engine.kept import find
from exchange.engine.resend import resend
from exchange.engine.run import deliver
from exchange.kernel.ledger import ActionRow
from exchange.kernel.model import ArtifactState
from tests.engine.hall import NOW, Hall

ACTION = ActionRow("mara", "resend", "x.1", "lost", NOW)


def test_only_the_one_is_sent_and_the_source_is_let_be(hall: Hall) -> None:
    claim = hall.sealed("a", (("erp", "1"), ("erp", "2")))
    hall.places["shopify"] = hall.places["erp"]
    deliver(hall.house, claim, 0.0)
    hall.places["erp"].files.clear()
    hall.places["shopify"].put("orders", "a", b"x")
    sealed = hall.house.ledger.claims.sealed(claim.id)

    made = resend(hall.house, sealed, sealed.deliveries[1], ACTION)

    assert made is not None
    assert (made.artifact.number, made.artifact.state) == (2, ArtifactState.DELIVERED)
    assert sorted(hall.places["erp"].files) == [("in", "2"), ("orders", "a")]
    assert hall.house.ledger.runs.actions("x.1") == [ACTION]
    assert hall.states(claim) == [ArtifactState.DELIVERED] * 2


def test_bytes_that_are_gone_change_nothing(hall: Hall) -> None:
    claim = hall.sealed("a", (("erp", "1"),))
    hall.places["shopify"] = hall.places["erp"]
    deliver(hall.house, claim, 0.0)
    sealed = hall.house.ledger.claims.sealed(claim.id)
    path = find(hall.house, claim, sealed.deliveries[0].artifact)
    assert path is not None
    path.unlink()

    assert resend(hall.house, sealed, sealed.deliveries[0], ACTION) is None
    assert hall.states(claim) == [ArtifactState.DELIVERED]
    assert hall.house.ledger.runs.actions() == []
