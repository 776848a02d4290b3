"""Alone holds what commands share by which a person acts on claims: who and why, and the house they act in."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import rich_click as click

from exchange.assemble.clock import now
from exchange.assemble.house import Session, house_of, recorded
from exchange.cli.context import Refused, print_json
from exchange.cli.outcome import exit_of
from exchange.cli.reports import report_lines
from exchange.cli.signals import SafePoints
from exchange.config.workspace import Setup
from exchange.engine.flow import still_waiting
from exchange.engine.house import House
from exchange.engine.reach import paused
from exchange.kernel.exits import Exit, worst
from exchange.kernel.ledger import ActionRow, Ledger
from exchange.kernel.model import FileReport
from exchange.kernel.redaction import redacted

F = TypeVar("F", bound=Callable[..., Any])
_KEY, _WHO, _REASON = "exchange.", "who", "reason"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and why."""

    who: str
    reason: str

    def action(self, what: str, subject: str) -> ActionRow:
        """Return what is recorded of it."""
        return ActionRow(self.who, what, subject, self.reason, now())


def by_a_person(command: F) -> F:
    """Hand the command `dry: bool` from `--dry-run`; `actor()` tells it who acts, from `--reason` and `--as`."""
    for option in (
        click.option("--dry-run", "dry", is_flag=True, help="Show what would be done; change nothing."),
        click.option(
            "--as",
            _WHO,
            metavar="NAME",
            expose_value=False,
            callback=_remember,
            help="Who does this (default: the user of this machine).",
        ),
        click.option(
            "--reason",
            _REASON,
            default="",
            expose_value=False,
            callback=_remember,
            help="Why; recorded with your name.",
        ),
    ):
        command = option(command)
    return command


def actor() -> Actor:
    """Return who acts in the command that is running."""
    context = click.get_current_context(silent=True)
    given = context.meta if context is not None else {}
    return Actor(given.get(_KEY + _WHO) or getpass.getuser(), given.get(_KEY + _REASON) or "")


def _remember(context: click.Context, option: click.Parameter, value: str | None) -> None:
    context.meta[f"{_KEY}{option.name}"] = value


@contextmanager
def acting(setup: Setup, ledger: Ledger, flow: str, command: str, codes: list[Exit]) -> Iterator[House]:
    """Hold a flow's lock and yield its house in a run of its own; `codes` is asked at the end how it went.

    Raises Refused where the flow is gone or paused.
    """
    if flow not in setup.flows:
        raise Refused(f"flow {flow} that took it is not in this workspace any more")
    for brake in ledger.brakes.paused():
        if (brake.kind, brake.name) == ("flow", flow):
            raise Refused(paused(brake))
    with recorded(ledger, command, codes) as run:
        points = SafePoints()
        points.watch()
        session = Session(setup.root, setup, ledger, run, points.check)
        with session.at_work(), house_of(session, setup.flows[flow]) as house:
            try:
                yield house
            except Refused:
                ledger.runs.end(run, int(Exit.USAGE), now())
                raise


def tell(house: House, report: FileReport | None, *, as_json: bool) -> Exit:
    """Print what became of a file and what still waits; return what both say to the exit code."""
    codes = [Exit.FINE]
    if report is not None:
        codes.append(exit_of(report))
        if as_json:
            print_json(report.as_json())
        else:
            for line in report_lines(report):
                click.echo(line)
    for failed in still_waiting(house):
        codes.append(failed.exit)
        click.echo(f"{failed.flow}: {redacted(failed.message)}", err=True)
    return worst(codes)
