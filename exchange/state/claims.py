"""The life of a claim in the database: taken, sealed, staged, finished."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from exchange.kernel.claim_rows import KnownClaim, SealedClaim
from exchange.kernel.errors import Stop
from exchange.kernel.ledger import AlreadyClaimed, Sealing
from exchange.kernel.model import ArtifactState, Claim, ClaimState, Receipt
from exchange.state.database import Database
from exchange.state.held import read_held
from exchange.state.rows import claim_row, escape, known_of, micros
from exchange.state.schema import OPEN_STATES
from exchange.state.seal import write_seal
from exchange.state.sealed import read_sealed, sealed_row
from exchange.state.tables import artifacts, claims, documents, outcomes, sent_blocks

_SHOWN = 5
"""Claims of one beginning that are told apart; `g` comes after every hexadecimal digit."""


class SqlClaims:
    """Claims and artifacts in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, flow: str) -> list[KnownClaim]:
        """Return the claims that are not over (claimed, sealed, held), oldest first."""
        query = select(claims).where(claims.c.flow == flow, claims.c.state.in_(OPEN_STATES)).order_by(claims.c.seq)
        with self._database.read() as connection:
            return [known_of(row) for row in connection.execute(query)]

    def latest(self, flow: str, sha256: str, channel: str | None = None) -> KnownClaim | None:
        """Return the last attempt at this content, of one channel where that is named."""
        query = select(claims).where(claims.c.flow == flow, claims.c.sha256 == sha256)
        if channel is not None:
            query = query.where(claims.c.channel == channel)
        with self._database.read() as connection:
            row = connection.execute(query.order_by(claims.c.attempt.desc()).limit(1)).one_or_none()
        return None if row is None else known_of(row)

    def newest(self, flow: str, endpoint: str, name: str) -> KnownClaim | None:
        """Return the claim of a flow that took a file of this name from an endpoint last."""
        query = select(claims).where(claims.c.flow == flow, claims.c.endpoint == endpoint, claims.c.name == name)
        with self._database.read() as connection:
            row = connection.execute(query.order_by(claims.c.seq.desc()).limit(1)).one_or_none()
        return None if row is None else known_of(row)

    def get(self, claim: str) -> KnownClaim | None:
        """Return one claim by its id, whatever its state."""
        with self._database.read() as connection:
            row = connection.execute(select(claims).where(claims.c.id == claim)).one_or_none()
        return None if row is None else known_of(row)

    def like(self, start: str) -> list[KnownClaim]:
        """Return the claims whose ids start like this, at most a few; a whole id finds its own claim."""
        query = select(claims).where(claims.c.id.between(start, f"{start}g")).order_by(claims.c.seq).limit(_SHOWN)
        with self._database.read() as connection:
            return [known_of(row) for row in connection.execute(query)]

    def take(self, claim: Claim, run: int) -> None:
        """Record our ownership, durably; raises AlreadyClaimed where (flow, sha256, attempt) is taken."""
        taken = select(claims.c.seq).where(
            claims.c.flow == claim.flow, claims.c.sha256 == claim.sha256, claims.c.attempt == claim.attempt
        )
        with self._database.write() as connection:
            try:
                with connection.begin_nested():
                    first = {"state": ClaimState.CLAIMED.value, "tries": 1}
                    connection.execute(insert(claims).values(**claim_row(claim, run), **first))
            except IntegrityError as fault:
                if connection.execute(taken).first() is None:
                    raise
                raise AlreadyClaimed(claim) from fault

    def restart(self, claim: str, *, counted: bool = False) -> int:
        """Forget what was added for an unsealed claim and work on it again; raises Stop where it is sealed.

        `counted`: this is another try, durably counted before the work. Returns the tries counted so far.
        """
        with self._database.write(durable=counted) as connection:
            row = unsealed(connection, claim, {ClaimState.CLAIMED, ClaimState.HELD})
            for added in (sent_blocks, documents, outcomes):
                connection.execute(delete(added).where(added.c.claim == row.seq))
            tries = int(row.tries) + counted
            again = {"state": ClaimState.CLAIMED.value, "notes": "[]", "tries": tries}
            connection.execute(update(claims).where(claims.c.seq == row.seq).values(again))
        return tries

    def excuse(self, claim: str) -> None:
        """Take back the last counted try: what ended it was not the file's fault. Never below 0; unknown is fine."""
        with self._database.write(durable=False) as connection:
            connection.execute(
                update(claims).where(claims.c.id == claim, claims.c.tries > 0).values(tries=claims.c.tries - 1)
            )

    def hold(self, claim: str, at: datetime, notes: tuple[str, ...]) -> None:
        """Record, durably, that a guard holds a claim before its seal and why; raises Stop where it is sealed."""
        with self._database.write() as connection:
            row = unsealed(connection, claim)
            held = {"state": ClaimState.HELD.value, "notes": json.dumps([f"held at {at.isoformat()}", *notes])}
            connection.execute(update(claims).where(claims.c.seq == row.seq).values(held))

    def held(self, flow: str) -> dict[str, tuple[datetime, tuple[str, ...]]]:
        """Return the held claims of a flow, oldest first: since when each is held, and for what reasons."""
        with self._database.read() as connection:
            return read_held(connection, flow)

    def seal(self, sealing: Sealing, *more: Sealing) -> None:
        """Record everything in one transaction; raises FactsChanged (nothing recorded), Stop where not `claimed`."""
        with self._database.write() as connection:
            begins = write_seal(connection, unsealed(connection, sealing.claim), sealing)
            for other in more:
                write_seal(connection, unsealed(connection, other.claim), other, begins)

    def sealed(self, claim: str) -> SealedClaim:
        """Return all about a sealed claim; raises Stop where there is no such sealed claim."""
        with self._database.read() as connection:
            return read_sealed(connection, sealed_row(connection, claim))

    def merged(self, claim: str) -> list[SealedClaim]:
        """Return the claims whose documents went out in this one's files, in the order of the seals."""
        query = select(claims).where(claims.c.outputs_of == claim, claims.c.seal.is_not(None)).order_by(claims.c.seal)
        with self._database.read() as connection:
            return [read_sealed(connection, row) for row in connection.execute(query).all()]

    def staged(self, claim: str, numbers: Collection[int], at: datetime) -> None:
        """Record, durably, that these artifacts lie complete under their temporary names."""
        wanted = (ArtifactState.SEALED.value, ArtifactState.STAGED.value)
        with self._database.write() as connection:
            row = sealed_row(connection, claim)
            for number in numbers:
                change(
                    connection,
                    claim,
                    update(artifacts)
                    .where(artifacts.c.claim == row.seq, artifacts.c.number == number, artifacts.c.state.in_(wanted))
                    .values(state=ArtifactState.STAGED.value, staged_at=micros(at)),
                )

    def finish(
        self,
        claim: str,
        state: ClaimState,
        receipts: Mapping[int, Receipt],
        at: datetime,
        notes: tuple[str, ...] = (),
        *,
        retired: bool = False,
    ) -> None:
        """Record receipts by artifact number and the claim's state, durably and in one step; notes are added."""
        with self._database.write() as connection:
            row = sealed_row(connection, claim)
            for number, receipt in receipts.items():
                delivered = ArtifactState.PRESUMED if receipt.presumed else ArtifactState.DELIVERED
                change(
                    connection,
                    claim,
                    update(artifacts)
                    .where(artifacts.c.claim == row.seq, artifacts.c.number == number)
                    .values(
                        state=delivered.value,
                        delivered_at=micros(at),
                        path=escape(receipt.path),
                        final_name=escape(receipt.path.rpartition("/")[2]),
                    ),
                )
            over = state.value not in OPEN_STATES
            connection.execute(
                update(claims)
                .where(claims.c.seq == row.seq)
                .values(
                    state=state.value,
                    closed_at=micros(at) if over else None,
                    notes=json.dumps([*json.loads(row.notes), *notes]),
                    retired=bool(row.retired) or retired,
                )
            )


def unsealed(connection: Connection, claim: str, states: Collection[ClaimState] = (ClaimState.CLAIMED,)) -> Row[Any]:
    """Return the row of a claim that can still be changed; raises Stop where it is unknown or sealed."""
    row = connection.execute(select(claims).where(claims.c.id == claim)).one_or_none()
    if row is None or row.seal is not None or row.state not in states:
        raise Stop(f"claim {claim} is {row.state if row else 'not in the ledger'}, but was to be worked on as claimed")
    return row


def change(connection: Connection, claim: str, statement: Any) -> None:
    """Change one artifact; raises Stop where there is none of that number and state."""
    if connection.execute(statement).rowcount != 1:
        raise Stop(f"claim {claim}: an artifact that was to be staged or delivered is not in the ledger as sealed")
