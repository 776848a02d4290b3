"""What shipments have reported as shipped, in the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, func, literal, select

from exchange.kernel.document_rows import Shipped
from exchange.state.database import insert_many
from exchange.state.tables import claims, documents, outcomes, shipped

_COLUMNS = ("kind", "channel", "number", "claim")
_ASK = 50_000
_NUMBERS = func.json_each(bindparam("numbers")).table_valued("value")
_ANY = select(literal(1)).select_from(shipped).limit(1)
_OF_NUMBERS = select(shipped.c.number).where(
    shipped.c.kind == bindparam("kind"),
    shipped.c.channel == bindparam("channel"),
    shipped.c.number.in_(select(_NUMBERS.c.value)),
)


def write_shipped(connection: Connection, claim: int, orders: Sequence[Shipped]) -> None:
    """Record what the shipments of a claim report; what was reported before stays as it was reported first."""
    by_key: dict[tuple[str, str], list[str]] = {}
    for order in orders:
        by_key.setdefault((order.kind, order.channel), []).append(order.number)
    for (kind, channel), numbers in by_key.items():
        known = numbers_shipped(connection, kind, channel, numbers)
        rows = [(kind, channel, number, claim) for number in numbers if number not in known]
        insert_many(connection, shipped, _COLUMNS, rows)


def numbers_shipped(connection: Connection, kind: str, channel: str, numbers: Collection[str]) -> set[str]:
    """Return which of these documents are reported as shipped."""
    if not numbers or connection.execute(_ANY).first() is None:
        return set()
    found: set[str] = set()
    asked = list(numbers)
    for start in range(0, len(asked), _ASK):
        given = {"kind": kind, "channel": channel, "numbers": json.dumps(asked[start : start + _ASK])}
        found.update(connection.execute(_OF_NUMBERS, given).scalars())
    return found


def shipped_meanwhile(connection: Connection, claim: int, others: range, limit: int) -> set[str]:
    """Return documents of a claim that claims which took one of these places report as shipped."""
    query = (
        select(documents.c.number)
        .join(outcomes, (outcomes.c.claim == documents.c.claim) & (outcomes.c.number == documents.c.outcome))
        .join(
            shipped,
            (shipped.c.kind == outcomes.c.kind)
            & (shipped.c.channel == outcomes.c.channel)
            & (shipped.c.number == documents.c.number),
        )
        .join(claims, claims.c.seq == shipped.c.claim)
        .where(documents.c.claim == claim, claims.c.seal.between(others.start, others.stop - 1))
        .limit(limit)
    )
    if connection.execute(_ANY).first() is None:
        return set()
    return set(connection.execute(query).scalars())
