"""Reads sealed claims with everything that publishing, reports and `status` need."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, select

from exchange.kernel.claim_rows import SealedClaim
from exchange.kernel.errors import Stop
from exchange.kernel.model import ClaimState
from exchange.state.rows import claim_of, counts_of, delivery_of, moment, moment_or_none
from exchange.state.tables import artifacts, claims, problem_counts


def sealed_row(connection: Connection, claim: str) -> Row[Any]:
    """Return the row of a sealed claim; raises Stop where there is no such sealed claim."""
    row = connection.execute(select(claims).where(claims.c.id == claim)).one_or_none()
    if row is None or row.seal is None:
        raise Stop(f"claim {claim} is {row.state if row else 'not in the ledger'}, but was to be published as sealed")
    return row


def read_sealed(connection: Connection, row: Row[Any]) -> SealedClaim:
    """Return all about the sealed claim of a row."""
    found = connection.execute(select(artifacts).where(artifacts.c.claim == row.seq).order_by(artifacts.c.number)).all()
    counted = connection.execute(
        select(problem_counts.c.code, problem_counts.c.count.label("count_"))
        .where(problem_counts.c.claim == row.seq)
        .order_by(problem_counts.c.code)
    ).all()
    counts = json.loads(row.counts)
    return SealedClaim(
        claim=claim_of(row),
        state=ClaimState(row.state),
        sealed_at=moment(row.sealed_at),
        closed_at=moment_or_none(row.closed_at),
        records=counts_of(counts["records"]),
        documents=counts_of(counts["documents"]),
        deliveries=tuple(delivery_of(artifact, row.id) for artifact in found),
        problem_counts={found.code: found.count_ for found in counted},
        notes=tuple(json.loads(row.notes)),
        actions=counts.get("actions", {}),
        retired=bool(row.retired),
        versions=json.loads(row.versions),
        outputs_of=row.outputs_of,
    )
