"""`exchange release`: let a held document go by hand."""

from __future__ import annotations

import getpass
from pathlib import Path

import rich_click as click

from exchange.assemble.house import Session, house_of, ledger_of, now, recorded
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.run import exit_of
from exchange.cli.signals import SafePoints
from exchange.cli.wording import report_lines
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import ActionRow, HeldDocument, Ledger
from exchange.kernel.load import load

RELEASE = "exchange.engine.release:release_document"
"""Loaded when there is something to release: it imports pandas."""


@click.command()
@click.argument("kind", type=click.Choice(["order"]))
@click.argument("number")
@in_workspace
@with_json
@click.option("--channel", help="Which shop, where several have a document of this number.")
@click.option("--reason", default="", help="Why; recorded with your name.")
@click.option("--as", "who", default=None, metavar="NAME", help="Who does this (default: the user of this machine).")
@click.option("--dry-run", "dry", is_flag=True, help="Show what would be released; change nothing.")
def release(  # noqa: PLR0913 - click hands over each option by name
    root: Path, kind: str, number: str, *, as_json: bool, channel: str | None, reason: str, who: str | None, dry: bool
) -> Exit:
    """Send a held document to its targets now, for example `exchange release order 1003`.

    It goes through the same checks as any other, in a batch of its own. Who released it and why is recorded.
    """
    setup = load_flows(root)
    codes: list[Exit] = []
    with ledger_of(setup) as ledger:
        held = _held(ledger, kind, number, channel)
        if dry:
            since = f"{held.claim.claimed_at:%Y-%m-%d %H:%M} UTC"
            click.echo(
                f"would release {kind} {held.row.number} ({held.channel}), held since {since}: {held.row.reason}"
            )
            return Exit.FINE
        with recorded(ledger, f"release {kind} {number}", codes) as run:
            codes.append(
                _released(
                    setup,
                    ledger,
                    run,
                    held,
                    ActionRow(
                        who or getpass.getuser(), "release", f"{kind}/{held.channel}/{held.row.number}", reason, now()
                    ),
                    as_json=as_json,
                )
            )
    return codes[-1]


def _released(setup: Setup, ledger: Ledger, run: int, held: HeldDocument, action: ActionRow, *, as_json: bool) -> Exit:
    flow = setup.flows.get(held.claim.flow)
    if flow is None:
        raise Refused(f"flow {held.claim.flow} that holds it is not in this workspace any more")
    points = SafePoints()
    points.watch()
    with house_of(Session(setup.root, setup, ledger, run, points.check), flow) as house:
        ledger.runs.act(action)
        report = load(RELEASE)(house, held)
    if report is None:
        raise Refused("the held rows changed while they were read; try again")
    if as_json:
        print_json(report.as_json())
    else:
        for line in report_lines(report):
            click.echo(line)
    return exit_of(report)


def _held(ledger: Ledger, kind: str, number: str, channel: str | None) -> HeldDocument:
    found = ledger.documents.held(kind, number.removeprefix("#"), channel)
    if not found:
        raise Refused(f"no {kind} {number} is held; see where it is: exchange trace {kind} {number}")
    if len(found) > 1:
        channels = ", ".join(held.channel for held in found)
        raise Refused(f"{kind} {number} is held for several channels ({channels}): add --channel NAME")
    return found[0]
