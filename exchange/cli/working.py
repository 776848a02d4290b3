"""Does what `exchange run` is asked for: flow by flow, in one session, telling what becomes of each file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import rich_click as click

from exchange.assemble.due import Turn
from exchange.assemble.house import Session, house_of, ledger_of, recorded
from exchange.assemble.served import serve, still
from exchange.assemble.source import ready_file
from exchange.cli.choice import Choice
from exchange.cli.context import print_json
from exchange.cli.outcome import Outcome, failed_line
from exchange.cli.progress import Progress
from exchange.cli.reports import report_lines
from exchange.cli.signals import SafePoints
from exchange.cli.wording import clean
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.engine.events import Event, Failed
from exchange.engine.flow import look, run_flow
from exchange.engine.house import House
from exchange.kernel.atomic import disk_faults
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit
from exchange.kernel.model import FileReport, Origin

_LOOK_AGAIN, _LOOK_AT_LEAST = 0.2, 1.0
"""Fewest and most seconds between looks while waiting for files to settle."""


def work(setup: Setup, whose: Turn, choice: Choice, outcome: Outcome, command: str) -> None:
    """Run the flows, one by one, in one session."""
    with ExitStack() as stack:
        ledger = stack.enter_context(ledger_of(setup))
        number = 0 if choice.dry else stack.enter_context(recorded(ledger, command, outcome.codes))
        progress = stack.enter_context(Progress())
        points = SafePoints()
        points.watch()
        session = Session(setup.root, setup, ledger, number, points.check, progress.show, choice.dry)
        stack.enter_context(session.at_work())
        for flow in whose.flows:
            if not still(whose, ledger, flow):
                continue
            before = len(outcome.codes)
            for event in events(session, flow, choice):
                outcome.add(event)
                progress.clear()
                _tell(event, choice)
            if not choice.dry:
                serve(whose, ledger, flow, outcome.codes[before:])
        outcome.codes.append(outcome.exit)


def events(session: Session, flow: Flow, choice: Choice) -> Iterator[Event]:
    """Run one flow under its lock; a fault of this flow is an event, other flows go on."""
    try:
        with disk_faults(), house_of(session, flow) as house:
            only = (
                ready_file(session.root, session.setup.workspace, flow, choice.file)
                if choice.file is not None
                else None
            )
            if only is None and choice.settle:
                _wait(house, choice.settle)
            yield from run_flow(house, Origin.BASELINE if choice.baseline else Origin.PICK_UP, only)
    except Interrupted:
        raise
    except ExchangeError as fault:
        yield Failed(flow.flow, "", fault.exit, str(fault))


def _wait(house: House, patience: timedelta) -> None:
    """Wait until nothing settles any more, at most as long as asked."""
    deadline = time.monotonic() + patience.total_seconds()
    while time.monotonic() < deadline:
        settling = look(house).settling
        if not settling:
            return
        house.safe_point()
        shortest = min(file.ready_in.total_seconds() for file in settling)
        time.sleep(min(max(shortest, _LOOK_AGAIN), _LOOK_AT_LEAST))


def _tell(event: Event, choice: Choice) -> None:
    if isinstance(event, Failed):
        if choice.watcher is None or event.exit is not Exit.FINE:
            click.echo(failed_line(event), err=True)
    elif isinstance(event, FileReport) and choice.as_json:
        print_json(event.as_json())
        for note in event.notes:
            click.echo(f"{event.flow}: {clean(event.file)}: {clean(note)}", err=True)
    elif isinstance(event, FileReport):
        for line in report_lines(event):
            click.echo(line)
