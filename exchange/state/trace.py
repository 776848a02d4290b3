"""Reads the appearances of one document with all that belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Table, select

from exchange.kernel.claim_rows import Delivery, HeldDocument, TraceRow
from exchange.kernel.model import Artifact, ClaimState, Disposition
from exchange.state.rows import claim_of, delivery_of, document_of, moment, outputs_of, problem_of, reject_of
from exchange.state.tables import artifacts, claims, problems, rejects

_HELD = "held"
_Value = TypeVar("_Value")


def read_trace(connection: Connection, appearances: Select[Any]) -> list[TraceRow]:
    """Return the appearances that a query over `documents` finds, with outputs, rejects and problems."""
    found = connection.execute(appearances).all()
    around = _Around(connection, {row.claim for row in found})
    return [_trace_row(connection, row, around) for row in found]


def read_held(connection: Connection, appearances: Select[Any]) -> list[HeldDocument]:
    """Return, of the appearances that a query over `documents` finds, the last of each channel where it is held."""
    last: dict[str, Row[Any]] = {}
    for row in connection.execute(appearances):
        if row.channel not in last or row.as_of >= last[row.channel].as_of:
            last[row.channel] = row  # an older export that came later says nothing about what is held
    held = [row for row in last.values() if row.disposition == Disposition.HELD.value]
    around = _Around(connection, {row.claim for row in held})
    return [_held(row, around) for row in held]


class _Around:
    """The claims of some documents and their artifacts, read once."""

    def __init__(self, connection: Connection, seqs: Collection[int]) -> None:
        rows = connection.execute(select(claims).where(claims.c.seq.in_(seqs))).all()
        self.claims = {row.seq: row for row in rows}
        found = connection.execute(select(artifacts).where(artifacts.c.claim.in_(seqs))).all()
        self._deliveries = {(row.claim, row.number): delivery_of(row, self.claims[row.claim].id) for row in found}
        self._merged = _merged(connection, {row.outputs_of for row in rows if row.outputs_of is not None})

    def held_file(self, document: Row[Any]) -> Artifact | None:
        """Return the artifact that a document's outputs name as held, else the only held one of its claim."""
        named = [delivery for label, delivery in self.deliveries(document) if label == _HELD]
        own = [entry for (claim, _), entry in self._deliveries.items() if claim == document.claim]
        found = named or [entry for entry in own if entry.artifact.kind == _HELD]
        return found[0].artifact if len(found) == 1 else None

    def deliveries(self, document: Row[Any]) -> tuple[tuple[str, Delivery], ...]:
        """Return (label, delivery) for each of a document's outputs."""
        elsewhere = self.claims[document.claim].outputs_of
        pairs = (
            (
                label,
                self._deliveries.get((document.claim, n))
                if elsewhere is None or label == _HELD
                else self._merged.get((elsewhere, n)),
            )
            for label, n in outputs_of(document.outputs)
        )
        return tuple((label, delivery) for label, delivery in pairs if delivery is not None)


def _merged(connection: Connection, owners: Collection[str]) -> dict[tuple[str, int], Delivery]:
    """Return the deliveries of the claims in whose files others went out too, by claim and number."""
    query = select(artifacts, claims.c.id.label("owner")).join(claims, claims.c.seq == artifacts.c.claim)
    rows = connection.execute(query.where(claims.c.id.in_(owners))).all() if owners else ()
    return {(row.owner, row.number): delivery_of(row, row.owner) for row in rows}


def _trace_row(connection: Connection, row: Row[Any], around: _Around) -> TraceRow:
    claim = around.claims[row.claim]
    return TraceRow(
        claim=claim_of(claim),
        state=ClaimState(claim.state),
        sealed_at=moment(claim.sealed_at),
        kind=row.kind,
        channel=row.channel,
        row=document_of(row),
        deliveries=around.deliveries(row),
        rejects=_of_document(connection, rejects, row, lambda found: reject_of(found, claim.id)),
        problems=_of_document(connection, problems, row, problem_of),
    )


def _of_document(
    connection: Connection, table: Table, row: Row[Any], value: Callable[[Row[Any]], _Value]
) -> tuple[_Value, ...]:
    query = select(table).where(table.c.claim == row.claim, table.c.number == row.number)
    return tuple(map(value, connection.execute(query.order_by(*table.primary_key))))


def _held(row: Row[Any], around: _Around) -> HeldDocument:
    claim = claim_of(around.claims[row.claim])
    return HeldDocument(claim, row.kind, row.channel, document_of(row), around.held_file(row))
