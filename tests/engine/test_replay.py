"""An original once more, inside the engine. (As a person does it: tests/flows/test_deliver_again.py.)"""

from __future__ import annotations

import os

import pytest

from exchange.engine.replay import replay
from exchange.engine.retire import archive_path
from exchange.kernel.errors import Stop
from exchange.kernel.ledger import ActionRow
from exchange.kernel.model import Claim, Origin
from tests.engine.desk import AS_OF, Desk, order

ACTION = ActionRow("mara", "replay", "x", "lost", AS_OF)


def done(desk: Desk) -> Claim:
    """Return a claim that is over."""
    made = desk.run("day one.csv", order(1001))
    return desk.house.ledger.claims.sealed(made.claim).claim


def test_the_new_claim_is_linked_and_as_old_as_the_first(desk: Desk) -> None:
    original = done(desk)

    made = replay(desk.house, original, ACTION)

    assert made is not None
    claim = desk.house.ledger.claims.sealed(made.claim).claim
    assert (claim.origin, claim.parent, claim.attempt) == (Origin.REPLAY, original.id, 2)
    assert (claim.as_of, claim.sha256) == (original.as_of, original.sha256)
    assert (claim.source.name, claim.source.path) == ("day one.csv", original.source.path)
    assert archive_path(desk.house, claim).read_bytes() == archive_path(desk.house, original).read_bytes()
    assert desk.tree("data/state/work") == {}
    again = replay(desk.house, claim, ACTION)
    assert again is not None
    assert desk.house.ledger.claims.sealed(again.claim).claim.attempt == 3


def test_an_archive_that_cannot_be_linked_is_copied(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    original = done(desk)
    link = os.link

    def refuse(source: str, target: str) -> None:
        if "archive" in str(source):
            raise PermissionError
        link(source, target)

    monkeypatch.setattr(os, "link", refuse)
    made = replay(desk.house, original, ACTION)

    assert made is not None
    assert made.documents.out == 1


def test_without_its_original_nothing_happens(desk: Desk) -> None:
    original = done(desk)
    archived = archive_path(desk.house, original)
    archived.write_bytes(b"other")
    with pytest.raises(Stop, match=f"is not what was taken as claim {original.id}"):
        replay(desk.house, original, ACTION)
    archived.unlink()
    assert replay(desk.house, original, ACTION) is None
    assert desk.house.ledger.runs.actions() == []
