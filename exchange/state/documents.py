"""Documents by business key in the database: what is known of them, and adding those of a claim."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, text

from exchange.kernel.claim_rows import HeldDocument, TraceRow
from exchange.kernel.document_rows import DocumentBlock, DocumentRow, KnownDocument
from exchange.kernel.model import Disposition
from exchange.state.claims import unsealed
from exchange.state.database import Database, insert_columns, insert_many
from exchange.state.rows import micros, moment
from exchange.state.shipped import numbers_shipped
from exchange.state.summary import newer
from exchange.state.tables import appearances, claims, documents, facts, outcomes, rejects
from exchange.state.trace import read_held, read_trace

ADD_ROWS = 20_000
"""Documents of one transaction: short, so that another flow's seal never waits long."""
ASK_NUMBERS = 50_000
"""Numbers of one question; they travel as one JSON text, as a statement takes 32,766 parameters at most."""
_HELD = Disposition.HELD.value
_OUTCOME = ("claim", "number", "kind", "channel", "reason", "action", "as_of", "outputs", "sent")


class SqlDocuments:
    """Documents in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self) -> int:
        """Return the version of the facts: it grows with each seal, 0 at first."""
        with self._database.read() as connection:
            return _version(connection)

    def known(self, kind: str, channel: str, numbers: Sequence[str]) -> dict[str, KnownDocument]:
        """Return what is known of these documents, by number; documents never seen are left out."""
        found: dict[str, KnownDocument] = {}
        moments = _Moments()
        with self._database.read() as connection:
            if not numbers or not _version(connection):
                return found
            low, high = connection.execute(_BOUNDS).one()
            possible = [number for number in dict.fromkeys(numbers) if low <= number <= high] if low is not None else []
            for start in range(0, len(possible), ASK_NUMBERS):
                asked = json.dumps(possible[start : start + ASK_NUMBERS])
                for row in connection.execute(_KNOWN, {"kind": kind, "channel": channel, "numbers": asked}):
                    found[row[0]] = _fold(found.get(row[0]), row, moments)
            if found:
                for number in numbers_shipped(connection, kind, channel, found):
                    found[number] = found[number]._replace(shipped=True)
                for number, reject_id in connection.execute(_OPEN_REJECTS, {"kind": kind, "channel": channel}):
                    _add_reject(found, number, reject_id)
        return found

    def add(self, claim: str, kind: str, channel: str, block: DocumentBlock) -> None:
        """Add documents of a claim that is not sealed yet (Stop where it is), in short transactions."""
        shared: int | None = None
        for start in range(0, len(block.number), ADD_ROWS):
            # Not synced one by one: the seal's own sync covers them, and before it they count for nothing.
            with self._database.write(durable=False) as connection:
                seq = unsealed(connection, claim).seq
                if shared is None:
                    shared = _next(connection, outcomes.c.claim, outcomes.c.number, seq)
                    insert_many(connection, outcomes, _OUTCOME, _outcomes(block, seq, shared, (kind, channel)))
                position = _next(connection, documents.c.claim, documents.c.position, seq)
                insert_columns(connection, documents, _columns(block, start, (seq, position, shared)))

    def written(self, claim: str) -> list[DocumentRow]:
        """Return the documents of a sealed claim that stand in any of its files, in the order of the source."""
        shared = (
            select(outcomes)
            .join(claims)
            .where(claims.c.id == claim, claims.c.seal.is_not(None), outcomes.c.outputs != "")
        )
        with self._database.read() as connection:
            known = {row.number: row for row in connection.execute(shared)}
            if not known:
                return []
            seq = next(iter(known.values())).claim
            rows = connection.execute(_OF_CLAIM.where(documents.c.claim == seq)).all()
        ends = {number: (moment(row.as_of), row.outputs, bool(row.sent)) for number, row in known.items()}
        return [
            DocumentRow(
                row[0], _DISPOSITIONS[row[1]], known[row[2]].reason, known[row[2]].action, *row[3:], *ends[row[2]]
            )
            for row in rows
            if row[2] in known
        ]

    def held(self, kind: str, number: str, channel: str | None = None) -> list[HeldDocument]:
        """Return the document where it is held now: at most one for each channel."""
        with self._database.read() as connection:
            return read_held(connection, appearances_of(kind, number, channel))

    def filtered(self, flow: str, reason: str) -> int:
        """Return how many documents of a flow are filtered now for a reason that begins so."""
        query = (
            select(func.count())
            .select_from(appearances)
            .where(
                claims.c.flow == flow,
                claims.c.seal.is_not(None),
                documents.c.disposition == Disposition.FILTERED.value,
                outcomes.c.reason.startswith(reason, autoescape=True),
                ~newer(),
            )
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def seen(self, flow: str) -> list[tuple[str, str, str]]:
        """Return (kind, channel, number) of every document in a sealed claim of a flow, each once, in order."""
        key = (outcomes.c.kind, outcomes.c.channel, documents.c.number)
        query = (
            select(*key).distinct().select_from(appearances).where(claims.c.flow == flow, claims.c.seal.is_not(None))
        )
        with self._database.read() as connection:
            return [(kind, channel, number) for kind, channel, number in connection.execute(query.order_by(*key))]

    def trace(self, kind: str, number: str, channel: str | None = None) -> list[TraceRow]:
        """Return every appearance in a sealed claim, in the order of the seals."""
        with self._database.read() as connection:
            return read_trace(connection, appearances_of(kind, number, channel))


_DISPOSITIONS = {each.value: each for each in Disposition}
_OF_CLAIM = select(
    documents.c.number,
    documents.c.disposition,
    documents.c.outcome,
    documents.c.content_hash,
    documents.c.file_line,
    documents.c.first_record,
    documents.c.records,
).order_by(documents.c.position)
# Two questions in one, each answered from the end of the index: most new documents lie beyond what is known.
_BOUNDS = select(
    select(func.min(documents.c.number)).scalar_subquery(), select(func.max(documents.c.number)).scalar_subquery()
)
_NUMBERS = func.json_each(bindparam("numbers")).table_valued("value")
_KNOWN = (
    select(
        documents.c.number,
        claims.c.id,
        claims.c.sealed_at,
        documents.c.disposition,
        documents.c.content_hash,
        outcomes.c.as_of,
        outcomes.c.sent,
        outcomes.c.action,
    )
    .select_from(appearances)
    .where(
        documents.c.number.in_(select(_NUMBERS.c.value)),
        outcomes.c.kind == bindparam("kind"),
        outcomes.c.channel == bindparam("channel"),
        claims.c.seal.is_not(None),
    )
    .order_by(claims.c.seal, documents.c.position)
)
_OPEN_REJECTS = (
    select(rejects.c.number, rejects.c.reject_id)
    .where(
        rejects.c.kind == bindparam("kind"),
        rejects.c.channel == bindparam("channel"),
        # Written out: only then does the database use the index of open rejects.
        text("rejects.state = 'open'"),
    )
    .order_by(rejects.c.reject_id)
)


class _Moments(dict[int, datetime]):
    """Stored times as values; a file's documents share a few."""

    def __missing__(self, stored: int) -> datetime:
        self[stored] = moment(stored)
        return self[stored]


def _version(connection: Connection) -> int:
    return int(connection.execute(select(facts.c.version)).scalar_one())


def _next(connection: Connection, claim: Any, numbered: Any, seq: int) -> int:
    last = connection.execute(select(func.max(numbered)).where(claim == seq)).scalar_one()
    return 0 if last is None else int(last) + 1


def _fold(before: KnownDocument | None, row: Sequence[Any], moments: _Moments) -> KnownDocument:
    """Add a later appearance to what is known; rows come in the order of the seals."""
    number, claim, sealed_at, disposition, content_hash, stored_as_of, sent, action = row
    as_of = moments[stored_as_of]
    held = claim if disposition == _HELD else None
    sent_claim, sent_hash, sent_at = (claim, content_hash, moments[sealed_at]) if sent else (None, None, None)
    sent_action = action if sent else ""
    if before is not None:
        if not sent:
            _, sent_claim, sent_hash, sent_at, *_ = before
            sent_action = before.sent_action
        if before.newest_as_of > as_of:
            as_of, claim, held = before.newest_as_of, before.newest_claim, before.held_claim
    return KnownDocument(number, sent_claim, sent_hash, sent_at, as_of, claim, held, sent_action=sent_action)


def _add_reject(found: dict[str, KnownDocument], number: str, reject_id: str) -> None:
    if known := found.get(number):
        found[number] = known._replace(open_rejects=(*known.open_rejects, reject_id))


def _outcomes(block: DocumentBlock, seq: int, first: int, key: tuple[str, str]) -> list[tuple[Any, ...]]:
    return [
        (seq, number, *key, outcome.reason, outcome.action, micros(outcome.as_of), outcome.outputs, outcome.sent)
        for number, outcome in enumerate(block.outcomes, first)
    ]


def _columns(block: DocumentBlock, start: int, numbers: tuple[int, int, int]) -> dict[str, Sequence[Any]]:
    """Return rows of `documents` from `start` on; `numbers` are the claim, the next position, the first outcome."""
    seq, position, first = numbers
    part = slice(start, start + ADD_ROWS)
    number = block.number[part]
    return {
        "claim": [seq] * len(number),
        "position": range(position, position + len(number)),
        "number": number,
        "disposition": block.disposition[part],
        "outcome": [first + place for place in block.outcome[part]],
        "content_hash": block.content_hash[part],
        "file_line": block.file_line[part],
        "first_record": block.first_record[part],
        "records": block.records[part],
    }


def add_late(connection: Connection, seq: int, held: HeldDocument, reason: str) -> None:
    """Add one more appearance of a held document to its sealed claim: it is filtered from now on."""
    shared = _next(connection, outcomes.c.claim, outcomes.c.number, seq)
    position = _next(connection, documents.c.claim, documents.c.position, seq)
    block = DocumentBlock.of(
        [held.row._replace(disposition=Disposition.FILTERED, reason=reason, action="", outputs="", sent=False)]
    )
    insert_many(connection, outcomes, _OUTCOME, _outcomes(block, seq, shared, (held.kind, held.channel)))
    insert_columns(connection, documents, _columns(block, 0, (seq, position, shared)))


def appearances_of(kind: str, number: str, channel: str | None) -> Select[Any]:
    query = (
        select(documents, *(column for column in outcomes.c if column.name not in {"claim", "number"}))
        .select_from(appearances)
        .where(documents.c.number == number, outcomes.c.kind == kind, claims.c.seal.is_not(None))
        .order_by(claims.c.seal, documents.c.position)
    )
    return query if channel is None else query.where(outcomes.c.channel == channel)
