"""`exchange run`: pick up, map and deliver what is ready."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import rich_click as click

from exchange.assemble.house import Session, house_of, ledger_of, now, recorded
from exchange.assemble.idle import nothing_to_do
from exchange.assemble.source import ready_file
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.signals import SafePoints
from exchange.cli.wording import clean, many, report_lines
from exchange.config.models import Flow, parse_duration
from exchange.config.workspace import Setup, load_flows
from exchange.engine.discover import Settling, discover
from exchange.engine.flow import Event, Failed, run_flow
from exchange.engine.house import House
from exchange.kernel.atomic import disk_faults
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit, worst
from exchange.kernel.load import load
from exchange.kernel.model import FileReport, Origin

PROGRESS = "exchange.cli.progress:Progress"
"""Loaded when there is something to show: an idle run does without rich."""
_LOOK_AGAIN = 0.2
"""Seconds between looks while waiting for files to settle."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asked for."""

    file: Path | None = None
    baseline: bool = False
    settle: timedelta = timedelta(0)


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    reports: list[FileReport] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    settling: list[Settling] = field(default_factory=list)
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
        else:
            self.settling.append(event)


@click.command()
@click.argument("flows", nargs=-1, metavar="[FLOW]...")
@in_workspace
@with_json
@click.option("--dry-run", "dry", is_flag=True, help="Show what would be delivered; change nothing.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="Take this file now, wherever it lies.")
@click.option(
    "--baseline",
    is_flag=True,
    help="Record what would go out as sent already, without delivering it (for a first export of history).",
)
@click.option("--settle", metavar="DURATION", default="0s", help="Wait this long for files that are still settling.")
def run(  # noqa: PLR0913 - click hands over each option by name
    root: Path, flows: tuple[str, ...], *, as_json: bool, dry: bool, file: Path | None, baseline: bool, settle: str
) -> Exit:
    """Pick up, map and deliver what is ready, of the named flows or of all.

    Ends with 0 when all went well (also: nothing to do), 3 when records were rejected; see `exchange explain 3`.
    """
    setup = load_flows(root)
    choice = Choice(file, baseline, _duration(settle))
    chosen = _chosen(setup, flows)
    if file is not None and not file.is_file():
        raise Refused(f"there is no file {file}")
    if file is not None and len(chosen) != 1:
        raise Refused("say which flow takes the file: exchange run FLOW --file PATH")
    outcome = Outcome()
    settling = nothing_to_do(setup, chosen) if file is None and not choice.settle else None
    if settling is not None:
        outcome.settling += settling
        _print_end(outcome, as_json=as_json)
        return Exit.FINE
    # Values of a run are no cycles: searching hundreds of thousands of them for some cost 5 % of a large file.
    gc.set_threshold(200_000, 50, 100)
    with ExitStack() as stack:
        ledger = stack.enter_context(ledger_of(setup))
        number = 0 if dry else stack.enter_context(recorded(ledger, _command(flows, choice), outcome.codes))
        progress = stack.enter_context(load(PROGRESS)())
        points = SafePoints()
        points.watch()
        session = Session(root, setup, ledger, number, points.check, progress.show, dry)
        for flow in chosen:
            for event in events(session, flow, choice):
                outcome.add(event)
                progress.clear()
                _print(event, as_json=as_json)
        outcome.codes.append(outcome.exit)
    _print_end(outcome, as_json=as_json)
    return outcome.exit


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
    if report.state == "rejected" or report.records.rejected or report.documents.rejected:
        return Exit.REJECTED
    return Exit.FINE


def _wait(house: House, patience: timedelta) -> None:
    """Wait until nothing settles any more, at most as long as asked."""
    deadline = time.monotonic() + patience.total_seconds()
    while time.monotonic() < deadline:
        if not discover(house.flow, house.endpoints, house.ledger.files, now).settling:
            return
        house.safe_point()
        time.sleep(_LOOK_AGAIN)


def _chosen(setup: Setup, names: tuple[str, ...]) -> tuple[Flow, ...]:
    try:
        return setup.chosen(names)
    except KeyError as fault:
        raise Refused(str(fault.args[0])) from fault


def _duration(text: str) -> timedelta:
    try:
        made = parse_duration(text)
    except ValueError as fault:
        raise click.BadParameter(str(fault), param_hint="--settle") from fault
    return made if isinstance(made, timedelta) else timedelta(0)


def _command(flows: tuple[str, ...], choice: Choice) -> str:
    words = ["run", *flows]
    words += ["--file", str(choice.file)] if choice.file else []
    return " ".join([*words, "--baseline"] if choice.baseline else words)


def _print(event: Event, *, as_json: bool) -> None:
    if isinstance(event, Failed):
        where = f"{event.flow}: {clean(event.file)}: " if event.file else f"{event.flow}: "
        click.echo(f"{where}{event.message}", err=True)
    elif isinstance(event, FileReport) and as_json:
        print_json(event.as_json())
        for note in event.notes:
            click.echo(f"{event.flow}: {clean(event.file)}: {clean(note)}", err=True)
    elif isinstance(event, FileReport):
        for line in report_lines(event):
            click.echo(line)


def _print_end(outcome: Outcome, *, as_json: bool) -> None:
    """Say what is not ready, and what waits for a person."""
    if outcome.settling:
        names = ", ".join(
            f"{clean(s.source.name)} (ready in {s.ready_in.total_seconds():.0f} s)" for s in outcome.settling
        )
        click.echo(
            f"{many(len(outcome.settling), 'file')} still settling: {names}; run again then, or add --settle 30s",
            err=True,
        )
    if not outcome.reports and not outcome.failed and not outcome.settling:
        click.echo("nothing to do: no file is ready", err=True)
    if not as_json and any(report.rejects for report in outcome.reports):
        click.echo(
            "some records were rejected: `exchange rejects list` shows them, fix the reject file and drop it back in",
            err=True,
        )
