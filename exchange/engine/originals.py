"""Rejects as they were given out: kept beside what was sent, because people correct the files in place."""

from __future__ import annotations

from exchange.engine.house import House
from exchange.engine.kept import sent_path
from exchange.kernel.atomic import sha256_of
from exchange.kernel.claim_rows import SealedClaim
from exchange.kernel.errors import Stop
from exchange.kernel.naming import is_row_rejects
from exchange.kernel.reject_book import Books, ReturnedFile


def original(house: House, claim: str, books: Books) -> tuple[SealedClaim, ReturnedFile] | None:
    """Return the rejected rows of a claim as they were given out; None where they are not there any more."""
    try:
        sealed = house.ledger.claims.sealed(claim)
    except Stop:
        return None
    for artifact in (delivery.artifact for delivery in sealed.deliveries):
        if artifact.kind == "reject" and is_row_rejects(artifact.name):
            places = (
                sent_path(house, sealed.claim, artifact),
                house.root / "data/rejects" / artifact.folder / artifact.name,
            )
            for place in places:
                if place.is_file() and sha256_of(place).sha256 == artifact.sha256:
                    found = books.read(place)
                    if isinstance(found, ReturnedFile):
                        return sealed, found
    return None
