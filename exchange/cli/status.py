"""`exchange status`: what was done, what waits, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rich_click as click

from exchange.assemble.house import endpoints, ledger_of, now
from exchange.cli.context import in_workspace, print_json, with_json
from exchange.cli.wording import clean, many
from exchange.config.workspace import Setup, load_flows
from exchange.engine.discover import Discovered, discover
from exchange.kernel.exits import MEANING, Exit
from exchange.kernel.ledger import Ledger, Summary
from exchange.kernel.model import ClaimState


@click.command()
@in_workspace
@with_json
@click.option("--check", "strict", is_flag=True, help="End with 3 or 4 when something waits for a person.")
def status(root: Path, *, as_json: bool, strict: bool) -> Exit:
    """Show per flow what was done, what waits to be picked up, what is held, and which rejects are open."""
    setup = load_flows(root)
    with ledger_of(setup) as ledger:
        summary = ledger.summary()
        rows = [_flow_row(setup, ledger, summary, name) for name in setup.flows]
    if as_json:
        for row in rows:
            print_json(row.as_json())
    else:
        for line in _lines(rows, summary):
            click.echo(line)
    return _verdict(rows, summary) if strict else Exit.FINE


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow as `status` shows it."""

    flow: str
    claims: dict[str, int]
    found: Discovered
    open_rejects: int
    held: int

    def as_json(self) -> dict[str, object]:
        """Return the object of `status --json`."""
        return {
            "flow": self.flow,
            "claims": self.claims,
            "ready": [ready.source.name for ready in self.found.ready],
            "settling": [settling.source.name for settling in self.found.settling],
            "open_rejects": self.open_rejects,
            "held_documents": self.held,
        }


def _flow_row(setup: Setup, ledger: Ledger, summary: Summary, name: str) -> FlowRow:
    found = discover(setup.flows[name], endpoints(setup), ledger.files, now)
    claims = {state.value: number for state, number in summary.claims.get(name, {}).items()}
    return FlowRow(name, claims, found, summary.open_rejects.get(name, 0), summary.held_documents.get(name, 0))


def _lines(rows: list[FlowRow], summary: Summary) -> Iterator[str]:
    for row in rows:
        yield from _flow_lines(row)
    for delivery in summary.undelivered:
        yield f"  waits  {delivery.artifact.name} for {delivery.artifact.endpoint}: the next run delivers it"
    for delivery in summary.presumed:
        yield f"  look   {delivery.path}: was taken before its delivery was noted; presumed delivered"
    run = summary.last_run
    if run is not None:
        ended = "was ended from outside" if run.exit is None else f"ended with {run.exit}, {MEANING[Exit(run.exit)]}"
        yield f"last run: {run.started_at:%Y-%m-%d %H:%M:%S} UTC, `exchange {run.command}`, {ended}"


def _flow_lines(row: FlowRow) -> Iterator[str]:
    done = ", ".join(f"{number:,} {state}" for state, number in row.claims.items()) or "none yet"
    yield f"{row.flow}: files {done}"
    if row.found.ready:
        names = ", ".join(clean(ready.source.name) for ready in row.found.ready[:5])
        yield f"  waits  {many(len(row.found.ready), 'file')} ready ({names}): exchange run {row.flow}"
    if row.found.settling:
        yield f"  waits  {many(len(row.found.settling), 'file')} still settling"
    if row.held:
        yield f"  held   {many(row.held, 'order')}: released by a later export, or exchange release order NUMBER"
    if row.open_rejects:
        yield f"  fix    {many(row.open_rejects, 'open reject')}: exchange rejects list"


def _verdict(rows: list[FlowRow], summary: Summary) -> Exit:
    if any(ClaimState.HELD.value in row.claims for row in rows):
        return Exit.HELD
    waiting = any(row.open_rejects or row.held for row in rows) or summary.presumed
    return Exit.REJECTED if waiting else Exit.FINE
