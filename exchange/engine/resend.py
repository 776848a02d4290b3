"""Sends a delivered artifact again: the sealed bytes, by the same way as the first time."""

from __future__ import annotations

from exchange.engine.house import House, pick_up_of
from exchange.engine.kept import find, verified
from exchange.engine.run import carry_on
from exchange.kernel.claim_rows import Delivery, SealedClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.ledger import ActionRow
from exchange.kernel.pipeline import machine_of


def overtaken(house: House, sealed: SealedClaim, delivery: Delivery) -> list[str]:
    """Return the documents of an artifact of which targets were told something newer: it would be taken back."""
    place = f":{delivery.artifact.number}"
    rows = house.ledger.documents.written(sealed.claim.id)
    numbers = [row.number for row in rows if any(each.endswith(place) for each in row.outputs.split(","))]
    kind = machine_of(house.plan(pick_up_of(house.flow, sealed.claim))).kind
    known = house.ledger.documents.known(kind, sealed.claim.channel, numbers)
    return [number for number, found in known.items() if found.sent_claim not in {None, sealed.claim.id}]


def resend(house: House, sealed: SealedClaim, delivery: Delivery, action: ActionRow) -> Delivery | None:
    """Deliver an artifact again and return what is known of it now; None where its bytes are gone.

    Raises Stop where the bytes are not the sealed ones. From the moment that the ledger says so it is an open
    delivery like any other: it waits for a target that is away, and a run that is ended here is carried on.
    """
    artifact = delivery.artifact
    if find(house, sealed.claim, artifact) is None:
        return None
    verified(house, sealed.claim, artifact)
    house.ledger.runs.act(action)
    crashpoint("resend.recorded")
    house.ledger.deliveries.resend(artifact.claim, artifact.number)
    crashpoint("resend.opened")
    carry_on(house, sealed.claim)
    found = house.ledger.claims.sealed(artifact.claim).deliveries
    return next(entry for entry in found if entry.artifact.number == artifact.number)
