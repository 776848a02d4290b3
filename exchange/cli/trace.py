"""`exchange trace`: where a document came from and where it went, answered in one line, then in full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import rich_click as click

from exchange.assemble.house import ledger_of
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.objects import problem_object
from exchange.cli.wording import at_line, clean
from exchange.config.stock_uses import stock_uses
from exchange.config.workspace import Setup, load_flows
from exchange.documents.loader import names
from exchange.kernel.claim_rows import UNDELIVERED, Delivery, TraceRow
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.kernel.load import load
from exchange.kernel.model import NOT_WANTED, ArtifactState, Disposition

_TOLD = {"change": "change ", "cancel": "cancellation ", "return": "return "}
"""What targets were told, where that is not simply the document."""
CELL = "cell"
TRACE_CELL = "exchange.cli.trace_cell:trace_cell"
"""Loaded when a cell is asked for: it imports pandas."""


STOCK = "stock"
STOCK_LINES = "exchange.assemble.standing:stock_lines"
"""Loaded when stock is asked for: it imports pandas."""


@click.command()
@click.argument("kind", type=click.Choice([*names(), CELL]))
@click.argument("number", metavar="NUMBER|FILE:LINE:COLUMN")
@in_workspace
@with_json
@click.option("--channel", help="Which shop, where several have a document of this number.")
def trace(root: Path, kind: str, number: str, *, as_json: bool, channel: str | None) -> Exit:
    """Show where a document came from, what was decided, and where it went, for example `exchange trace order 1003`.

    `exchange trace cell FILE:LINE:COLUMN` walks back from a place in a delivered file, through table lines and steps,
    to the line and the bytes of the partner's file. COLUMN is a number, or a name where the file has names.
    """
    if kind == CELL:
        made: Exit = load(TRACE_CELL)(root, number, json=as_json)
        return made
    if not number.strip("# "):
        raise Refused(f"say which {kind}: exchange trace {kind} NUMBER")
    setup = load_flows(root)
    with ledger_of(setup) as ledger:
        found = ledger.documents.trace(kind, number.removeprefix("#"), channel)
        figures = _figures(setup, ledger, kind, number)
    click.echo("".join(f"{clean(line)}\n" for line in figures if not as_json), nl=False)
    if not found and not figures:
        raise Refused(f"no file that was taken so far has {kind} {number}; what waits: exchange status")
    for name in sorted({row.channel for row in found}):
        rows = [row for row in found if row.channel == name]
        for line in map(str, ()) if as_json else (_answer(kind, rows, setup), *_history(rows)):
            click.echo(line)
        if as_json:
            for row in rows:
                print_json(_as_json(row))
    return Exit.FINE


def _figures(setup: Setup, ledger: Ledger, kind: str, number: str) -> list[str]:
    """Return how the stock of an item came about, a line for each location; none for other kinds of documents."""
    made: list[str] = load(STOCK_LINES)(setup, ledger, number) if kind == STOCK else []
    return made


def _answer(kind: str, rows: list[TraceRow], setup: Setup) -> str:
    """Return the one line: where it is now."""
    told = {
        Disposition.OUT: lambda row: f"{_TOLD.get(row.row.action, '')}{_how_far(row)} {_places(row)}{_rest(row)}",
        Disposition.HELD: lambda row: f"held: {row.row.reason}{_late(row)}",
        Disposition.FILTERED: lambda row: _used(setup, row) or f"filtered: {row.row.reason}",
        Disposition.REJECTED: lambda row: f"rejected: {_reasons(row)}",
    }
    sent = [row for row in rows if row.row.disposition is Disposition.OUT]
    last = sent[-1] if sent else rows[-1]
    later = rows[-1]
    since = (
        f"; since then {told[later.row.disposition](later)}" if later.row.disposition is Disposition.REJECTED else ""
    )
    answer = told[last.row.disposition](last)
    return f"{kind} {rows[0].row.number} ({rows[0].channel}): {answer}{since if later is not last else ''}"


def _used(setup: Setup, row: TraceRow) -> str:
    """Return what stock is used for that is not sent on as it came; blank for all else."""
    uses = stock_uses(setup, row.claim.flow, row.claim.mapping) if row.row.reason == NOT_WANTED else None
    if uses is None:
        return ""
    return f"taken in for {', '.join(uses)}" if uses else "taken in; no flow works with it yet"


def _late(row: TraceRow) -> str:
    """Return what is said of a document that is held for too long."""
    said = [problem.message for problem in row.problems if problem.code == "HELD_TOO_LONG"]
    return f"; {said[-1]}" if said else ""


def _rest(row: TraceRow) -> str:
    """Return what is said of the rest of a document that went out in part."""
    return f"; {row.row.reason}" if row.row.reason else ""


def _how_far(row: TraceRow) -> str:
    """Return whether it has left us for any target."""
    waits = row.deliveries and all(delivery.artifact.state in UNDELIVERED for _, delivery in row.deliveries)
    return "on its way to" if waits else "sent to"


def _places(row: TraceRow) -> str:
    return ", ".join(f"{delivery.path or delivery.artifact.name}{_when(delivery)}" for _, delivery in row.deliveries)


def _when(delivery: Delivery) -> str:
    sent, answered = delivery.artifact.delivered_at, delivery.acknowledged_at
    if sent is None:
        return " (waiting to be delivered)"
    acknowledged = f", acknowledged at {answered:%Y-%m-%d %H:%M:%S} UTC" if answered else ""
    return f" at {sent:%Y-%m-%d %H:%M:%S} UTC{acknowledged}"


def _state(delivery: Delivery) -> str:
    """Return what the first moment that is told of a delivery is the moment of."""
    state = delivery.artifact.state
    return (ArtifactState.DELIVERED if state is ArtifactState.ACKNOWLEDGED else state).value


def _reasons(row: TraceRow) -> str:
    said = [f"{problem.message}; {problem.remedy}" for problem in row.problems if problem.severity == "error"]
    where = {reject.file for reject in row.rejects if reject.state == "open"}
    return (said[0] if said else row.row.reason) + (f" ({', '.join(sorted(where))})" if where else "")


def _history(rows: list[TraceRow]) -> Iterator[str]:
    for row in rows:
        source = row.claim.source
        yield (
            f"  {row.sealed_at:%Y-%m-%d %H:%M:%S} UTC  {clean(source.path or source.name)}"
            f"{at_line(' ', row.row.file_line)}, "
            f"mapping {row.claim.mapping}, claim {row.claim.id} ({row.claim.origin.value}): {row.row.disposition.value}"
            + "".join(f", {word}" for word in (row.row.action, row.row.reason) if word)
        )
        for label, delivery in row.deliveries:
            where = delivery.path or delivery.artifact.name
            yield f"      {label}: {where}, {_state(delivery)}{_when(delivery)} (delivery {delivery.id})"
        for problem in row.problems:
            where = at_line("", problem.file_line, ": ")
            yield f"      {where}{problem.code}: {clean(problem.message)}; {clean(problem.remedy)}"
        for reject in row.rejects:
            yield f"      reject {reject.reject_id} is {reject.state}: {reject.file}"


def _as_json(row: TraceRow) -> dict[str, object]:
    return {
        "document": f"{row.kind}/{row.channel}/{row.row.number}",
        "disposition": row.row.disposition.value,
        "action": row.row.action or None,
        "reason": row.row.reason or None,
        "at": row.sealed_at.isoformat(),
        "flow": row.claim.flow,
        "claim": row.claim.id,
        "origin": row.claim.origin.value,
        "parent": row.claim.parent,
        "file": row.claim.source.shown,
        "file_line": row.row.file_line,
        "mapping": row.claim.mapping,
        "outputs": [
            {
                "target": label,
                "path": delivery.path,
                "state": delivery.artifact.state.value,
                "delivered_at": _moment(delivery.artifact.delivered_at),
                "acknowledged_at": _moment(delivery.acknowledged_at),
                "delivery": delivery.id,
            }
            for label, delivery in row.deliveries
        ],
        "problems": [problem_object(problem) for problem in row.problems],
        "rejects": [{"reject_id": r.reject_id, "state": r.state, "file": r.file} for r in row.rejects],
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
