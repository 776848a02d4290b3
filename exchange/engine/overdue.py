"""Documents that are held for longer than the release rule allows: told once, or let go; light, as it needs no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from exchange.engine.events import Failed
from exchange.engine.house import House
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.exits import Exit
from exchange.kernel.hold_rows import Overdue
from exchange.kernel.naming import overdue_id
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import ProblemRow, RejectRow

LET_GO = "held for too long"
"""Begins the reason for which a document is filtered that nobody released in time."""
_NAMED = 5
"""Documents that a message names."""


def held_too_long(house: House) -> Iterator[Failed]:
    """Tell of, or let go, what is held for longer than `held_limit`; each once, also where no file came."""
    rule, flow, holds = house.flow.rules.release, house.flow.flow, house.ledger.holds
    if rule.held_limit is None:
        return
    now = house.now()
    before = now - rule.held_limit
    if not holds.crossed(flow, before):
        return
    found, limit = holds.overdue(flow, before), words(rule.held_limit)
    crashpoint("overdue.found")
    if not house.dry and rule.then == "filter":
        holds.settle(flow, before, let_go=[(each, _reason(each, limit, now)) for each in found])
    elif not house.dry:
        holds.settle(flow, before, told=[_problem(each, limit, now) for each in found])
    crashpoint("overdue.settled")
    if found:
        yield _said(flow, found, limit, filtered=rule.then == "filter", dry=house.dry)


def words(limit: timedelta) -> str:
    """Return a duration as people write it: `14d`, `1d 12h`, `30m`."""
    left, parts = int(limit.total_seconds()), []
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        number, left = divmod(left, seconds)
        if number:
            parts.append(f"{number}{unit}")
    return " ".join(parts) or "0s"


def _reason(overdue: Overdue, limit: str, now: datetime) -> str:
    return f"{LET_GO}: since {overdue.since:%Y-%m-%d}, longer than {limit}; let go on {now:%Y-%m-%d}"


def _problem(overdue: Overdue, limit: str, now: datetime) -> tuple[RejectRow, ProblemRow]:
    held, row = overdue.held, overdue.held.row
    detail = {
        "since": f"{overdue.since:%Y-%m-%d %H:%M} UTC",
        "reason": row.reason,
        "limit": limit,
        "kind": held.kind,
    }
    problem = Problem("HELD_TOO_LONG", row.file_line, None, None, row.number, detail)
    identity = overdue_id(overdue.first_claim, overdue.position)
    kept = held.artifact
    reject = RejectRow(
        identity,
        held.claim.id,
        held.claim.flow,
        held.kind,
        held.channel,
        row.number,
        (problem.code,),
        f"data/state/held/{kept.folder}/{kept.name}" if kept is not None else "",
        row.file_line,
        now,
        row.as_of,
    )
    said = ProblemRow(
        problem.code,
        problem.severity,
        problem.message,
        problem.remedy,
        row.file_line,
        None,
        None,
        row.number,
        row.number,
        identity,
    )
    return reject, said


def _said(flow: str, found: Sequence[Overdue], limit: str, *, filtered: bool, dry: bool) -> Failed:
    named = ", ".join(each.held.row.number for each in found[:_NAMED])
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    kind = found[0].held.kind
    what = f"held for longer than {limit}: {kind} {named}{more}"
    if filtered:
        return Failed(flow, "", Exit.FINE, f"{what}; {'would be ' if dry else ''}filtered, by `held_limit`")
    what += f"; `exchange rejects list` has them, `exchange release {kind} NUMBER` sends one"
    return Failed(flow, "", Exit.REJECTED, what)
