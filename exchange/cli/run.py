"""`exchange run`: pick up, map and deliver what is ready."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import rich_click as click

from exchange.assemble.due import Turn, turn
from exchange.assemble.house import Session, house_of, ledger_of, now, recorded
from exchange.assemble.idle import nothing_to_do
from exchange.assemble.source import ready_file
from exchange.cli.context import Refused, duration, in_workspace, print_json, with_json
from exchange.cli.signals import SafePoints
from exchange.cli.waiting import passed_lines, postponed_line, settling_lines
from exchange.cli.wording import clean, nothing_due, report_lines
from exchange.config.models import Flow
from exchange.config.workspace import Setup, load_flows
from exchange.engine.discover import Settling
from exchange.engine.flow import Event, PassedOver, Postponed, look, run_flow
from exchange.engine.house import House
from exchange.engine.single import Failed
from exchange.kernel.atomic import disk_faults
from exchange.kernel.catalogue_stock import ASKED
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit, worst
from exchange.kernel.load import load
from exchange.kernel.model import FileReport, Origin
from exchange.kernel.redaction import redacted

PROGRESS = "exchange.cli.progress:Progress"
"""Loaded when there is something to show: an idle run does without rich."""
_LOOK_AGAIN, _LOOK_AT_LEAST = 0.2, 1.0
"""Fewest and most seconds between looks while waiting for files to settle."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asked for."""

    file: Path | None = None
    baseline: bool = False
    settle: timedelta = timedelta(0)
    due: bool = False
    watcher: int | None = None
    """Descriptor on which a watcher waits to be told when it should look again."""
    as_json: bool = False
    dry: bool = False


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    reports: list[FileReport] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    settling: list[Settling] = field(default_factory=list)
    passed: dict[str, PassedOver] = field(default_factory=dict)
    """By name: said once, whichever flows look at the folder."""
    postponed: list[Postponed] = field(default_factory=list)
    codes: list[Exit] = field(default_factory=list)

    @property
    def exit(self) -> Exit:
        """The code that wins."""
        return worst(self.codes)

    def add(self, event: Event) -> None:
        """Take one event in."""
        if isinstance(event, FileReport):
            self.reports.append(event)
            self.codes.append(exit_of(event))
        elif isinstance(event, Failed):
            self.failed.append(event)
            self.codes.append(event.exit)
        elif isinstance(event, Settling):
            self.settling.append(event)
        elif isinstance(event, PassedOver):
            self.passed.setdefault(event.shown, event)
        else:
            self.postponed.append(event)


@click.command()
@click.argument("flows", nargs=-1, metavar="[FLOW]...")
@in_workspace
@with_json
@click.option(
    "--dry-run",
    "dry",
    is_flag=True,
    help="Show what would be delivered, with its first records, and what not and why; change nothing.",
)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Take this file now, wherever it lies.")
@click.option(
    "--baseline",
    is_flag=True,
    help="Record what would go out as sent already, without delivering it (for a first export of history).",
)
@click.option(
    "--settle",
    metavar="DURATION",
    default="0s",
    callback=duration,
    help="Wait this long for files that are still settling.",
)
@click.option("--due", is_flag=True, help="Run the flows whose `schedule:` has come round; safe to call every minute.")
@click.option("--told-by-watch", "watcher", type=int, hidden=True)
def run(root: Path, flows: tuple[str, ...], **given: Any) -> Exit:
    """Pick up, map and deliver what is ready, of the named flows or of all.

    Ends with 0 when all went well (also: nothing to do), 3 when records were rejected; see `exchange explain 3`.
    """
    setup = load_flows(root)
    choice = Choice(**given)
    chosen = _chosen(setup, flows)
    _possible(choice, chosen)
    whose = turn(setup, chosen, now(), dry=choice.dry) if choice.due else Turn(chosen)
    if not whose.flows:
        click.echo(nothing_due(whose.coming), err=True)
        return Exit.FINE
    outcome = Outcome()
    cheap = choice.file is None and not choice.settle and not choice.due
    idle = nothing_to_do(setup, chosen) if cheap else None
    if idle is not None:
        for event in idle:
            outcome.add(event)
    else:
        _work(setup, whose, choice, outcome, _command(flows, choice))
    _print_end(outcome, choice)
    return outcome.exit


def _work(setup: Setup, whose: Turn, choice: Choice, outcome: Outcome, command: str) -> None:
    """Run the flows, one by one, in one session."""
    with ExitStack() as stack:
        ledger = stack.enter_context(ledger_of(setup))
        number = 0 if choice.dry else stack.enter_context(recorded(ledger, command, outcome.codes))
        progress = stack.enter_context(load(PROGRESS)())
        points = SafePoints()
        points.watch()
        session = Session(setup.root, setup, ledger, number, points.check, progress.show, choice.dry)
        stack.enter_context(session.at_work())
        for flow in whose.flows:
            if not whose.still(ledger, flow):
                continue
            before = len(outcome.codes)
            for event in events(session, flow, choice):
                outcome.add(event)
                progress.clear()
                _print(event, choice)
            if not choice.dry:
                whose.serve(ledger, flow, outcome.codes[before:])
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


def exit_of(report: FileReport) -> Exit:
    """Return what one file says to the exit code."""
    if report.state == "held":
        return Exit.HELD
    rejected = report.records.rejected or report.documents.rejected or ASKED.intersection(report.problems)
    if report.state == "rejected" or rejected:
        return Exit.REJECTED
    return Exit.FINE


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


def _chosen(setup: Setup, names: tuple[str, ...]) -> tuple[Flow, ...]:
    try:
        return setup.chosen(names)
    except KeyError as fault:
        raise Refused(str(fault.args[0])) from fault


def _possible(choice: Choice, chosen: tuple[Flow, ...]) -> None:
    """Refuse what cannot be asked for at once."""
    if choice.file is not None and not choice.file.is_file():
        raise Refused(f"there is no file {choice.file}")
    if choice.file is not None and len(chosen) != 1:
        raise Refused("say which flow takes the file: exchange run FLOW --file PATH")
    if choice.due and choice.file is not None:
        raise Refused("--due goes by the clock, --file by hand: say one of them")
    if choice.due and not any(flow.schedule for flow in chosen):
        raise Refused('none of these flows has a `schedule:`; write one, for example schedule: "*/5 * * * *"')


def _command(flows: tuple[str, ...], choice: Choice) -> str:
    words = ["run", *flows]
    words += ["--file", str(choice.file)] if choice.file else []
    words += ["--due"] if choice.due else []
    return " ".join([*words, "--baseline"] if choice.baseline else words)


def _print(event: Event, choice: Choice) -> None:
    if isinstance(event, Failed):
        if choice.watcher is None or event.exit is not Exit.FINE:
            click.echo(_line(event), err=True)
    elif isinstance(event, FileReport) and choice.as_json:
        print_json(event.as_json())
        for note in event.notes:
            click.echo(f"{event.flow}: {clean(event.file)}: {clean(note)}", err=True)
    elif isinstance(event, FileReport):
        for line in report_lines(event):
            click.echo(line)


def _line(failed: Failed) -> str:
    where = f"{failed.flow}: {clean(failed.file)}: " if failed.file else f"{failed.flow}: "
    return f"{where}{redacted(failed.message)}"


def _print_end(outcome: Outcome, choice: Choice) -> None:
    """Say what is not ready, and what waits for a person; a watcher is told when to look again."""
    said = [
        *settling_lines(outcome.settling, watching=choice.watcher is not None),
        *passed_lines(outcome.passed.values()),
    ]
    if choice.watcher is not None:
        said += [_line(failed) for failed in outcome.failed if failed.exit is Exit.FINE]  # paused
        waits = [settling.ready_in.total_seconds() for settling in outcome.settling]
        ready = min([*waits, *(0.0 for _ in outcome.postponed)], default=None)
        os.write(choice.watcher, json.dumps({"ready_in": ready, "said": said}).encode() + b"\n")
        said = []  # it says once what stays as it is
    for line in [*said, *map(postponed_line, outcome.postponed)]:
        click.echo(line, err=True)
    if not outcome.reports and not outcome.failed and not outcome.settling and choice.watcher is None:
        click.echo("nothing to do: no file is ready", err=True)
    if not choice.as_json and not choice.dry and any(report.rejects for report in outcome.reports):
        click.echo(
            "some records were rejected: `exchange rejects list` shows them, fix the reject file and drop it back in",
            err=True,
        )
