"""What follows from what the ledger knows of claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from exchange.kernel.claim_rows import UNDELIVERED, Delivery, SealedClaim
from exchange.kernel.model import ArtifactState, ClaimState, Counts
from tests.state.book import artifact, claim

NOW = datetime(2026, 3, 4, tzinfo=UTC)
OWNER = claim("a")


def test_a_delivery_is_called_by_its_claim_and_number() -> None:
    assert Delivery(artifact(OWNER, 12)).id == f"{OWNER.id}.12"


def test_undelivered_is_what_no_target_has_yet() -> None:
    made = [replace(artifact(OWNER, number), state=state) for number, state in enumerate(ArtifactState, 1)]
    sealed = SealedClaim(
        OWNER, ClaimState.SEALED, NOW, None, Counts(), Counts(), tuple(map(Delivery, made)), {}, ("a note",)
    )

    assert [one.state for one in sealed.undelivered] == list(UNDELIVERED)
