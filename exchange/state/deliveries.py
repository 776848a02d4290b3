"""What became of artifacts after the seal: what waits, what was delivered under which name, what was answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text, update

from exchange.kernel.claim_rows import Delivery, SealedClaim
from exchange.kernel.model import ArtifactState, ClaimState
from exchange.state.claims import change
from exchange.state.database import Database
from exchange.state.rows import delivery_of, escape, micros
from exchange.state.sealed import read_sealed, sealed_row
from exchange.state.tables import artifacts, claims

ASK_NAMES = 500
"""Names of one question."""
_SENT = (ArtifactState.DELIVERED.value, ArtifactState.PRESUMED.value, ArtifactState.ACKNOWLEDGED.value)
_ARTIFACTS = select(artifacts, claims.c.id.label("claim_id")).join(claims, claims.c.seq == artifacts.c.claim)


class SqlDeliveries:
    """Deliveries in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, flow: str) -> list[SealedClaim]:
        """Return the sealed claims that still have something to deliver, in the order of their seals."""
        # Written out: only then does the database use the index of what is undelivered.
        waits = select(artifacts.c.claim).where(text("artifacts.state IN ('sealed', 'staged')"))
        query = select(claims).where(claims.c.seq.in_(waits), claims.c.flow == flow).order_by(claims.c.seal)
        with self._database.read() as connection:
            return [read_sealed(connection, row) for row in connection.execute(query).all()]

    def delivered(self, endpoint: str, names: Collection[str], *, stems: bool = False) -> list[Delivery]:
        """Return what was delivered to an endpoint under one of these names, in the order of the seals."""
        found: list[Any] = []
        asked = [escape(name) for name in dict.fromkeys(names)]
        query = _ARTIFACTS.add_columns(claims.c.seal).where(
            artifacts.c.endpoint == endpoint, artifacts.c.state.in_(_SENT)
        )
        with self._database.read() as connection:
            if stems:
                for stem in asked:
                    # Everything from `stem.` to before `stem/`, the character after the dot: the index finds it.
                    named = artifacts.c.final_name.between(f"{stem}.", f"{stem}/")
                    rows = connection.execute(query.where(named)).all()
                    found += [row for row in rows if "." not in row.final_name[len(stem) + 1 :]]
            else:
                for start in range(0, len(asked), ASK_NAMES):
                    some = asked[start : start + ASK_NAMES]
                    found += connection.execute(query.where(artifacts.c.final_name.in_(some)))
        found.sort(key=lambda row: (row.seal, row.number))
        return [delivery_of(row, row.claim_id) for row in found]

    def made(self, sha256: str, name: str) -> list[Delivery]:
        """Return the artifacts with these bytes, else those of this name, in the order of the seals."""
        order = (claims.c.seal, artifacts.c.number)
        stored = escape(name)
        with self._database.read() as connection:
            rows = connection.execute(_ARTIFACTS.where(artifacts.c.sha256 == sha256).order_by(*order)).all()
            if not rows:
                named = (artifacts.c.final_name == stored) | (artifacts.c.name == name)
                rows = connection.execute(_ARTIFACTS.where(named).order_by(*order)).all()
        return [delivery_of(row, row.claim_id) for row in rows]

    def unanswered(self, flow: str) -> list[Delivery]:
        """Return what was delivered and waits for the target's answer, in the order of the seals."""
        with self._database.read() as connection:
            rows = connection.execute(unanswered().where(claims.c.flow == flow)).all()
        return [delivery_of(row, row.claim_id) for row in rows]

    def acknowledge(self, claim: str, number: int, at: datetime) -> None:
        """Record, durably, that the target answered for an artifact; Stop where it was never sent."""
        with self._database.write() as connection:
            row = sealed_row(connection, claim)
            state, answered = ArtifactState.ACKNOWLEDGED.value, micros(at)
            change(
                connection,
                claim,
                update(artifacts)
                .where(artifacts.c.claim == row.seq, artifacts.c.number == number, artifacts.c.state.in_(_SENT))
                .values(state=state, acknowledged_at=answered),
            )

    def resend(self, claim: str, number: int) -> None:
        """Let a delivered artifact be delivered again, durably; Stop where it was not delivered yet."""
        with self._database.write() as connection:
            row = sealed_row(connection, claim)
            again = {"state": ArtifactState.SEALED.value, "staged_at": None, "delivered_at": None}
            change(
                connection,
                claim,
                update(artifacts)
                .where(artifacts.c.claim == row.seq, artifacts.c.number == number, artifacts.c.state.in_(_SENT))
                .values(**again, acknowledged_at=None, final_name="", path=""),
            )
            connection.execute(
                update(claims).where(claims.c.seq == row.seq).values(state=ClaimState.SEALED.value, closed_at=None)
            )


def unanswered() -> Select[Any]:
    """Return the question for what was delivered and waits for an answer, with the claim's id."""
    return (
        _ARTIFACTS.add_columns(claims.c.flow)
        .where(text("artifacts.answers <> '' AND artifacts.acknowledged_at IS NULL"), artifacts.c.state.in_(_SENT))
        .order_by(claims.c.seal, artifacts.c.number)
    )
