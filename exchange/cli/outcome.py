"""What a run came to, and what is said of it at its end; light, because most runs find nothing to do."""

from __future__ import annotations

from dataclasses import dataclass, field

import rich_click as click

from exchange.cli.choice import Choice
from exchange.cli.waiting import passed_lines, postponed_line, settling_lines
from exchange.cli.watcher import tell_watcher
from exchange.cli.wording import NOTHING, clean
from exchange.engine.discover import Settling
from exchange.engine.events import Event, Failed, PassedOver, Postponed
from exchange.kernel.catalogue_stock import ASKED
from exchange.kernel.exits import Exit, worst
from exchange.kernel.model import FileReport
from exchange.kernel.redaction import redacted


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


def exit_of(report: FileReport) -> Exit:
    """Return what one file says to the exit code."""
    if report.state == "held":
        return Exit.HELD
    rejected = report.records.rejected or report.documents.rejected or ASKED.intersection(report.problems)
    if report.state == "rejected" or rejected:
        return Exit.REJECTED
    return Exit.FINE


def failed_line(failed: Failed) -> str:
    """Return what is said of a file, or a flow, that failed."""
    where = f"{failed.flow}: {clean(failed.file)}: " if failed.file else f"{failed.flow}: "
    return f"{where}{redacted(failed.message)}"


def tell_end(outcome: Outcome, choice: Choice) -> None:
    """Say what is not ready, and what waits for a person; a watcher is told when to look again."""
    said = [
        *settling_lines(outcome.settling, watching=choice.watcher is not None),
        *passed_lines(outcome.passed.values()),
    ]
    if choice.watcher is not None:
        said += [failed_line(failed) for failed in outcome.failed if failed.exit is Exit.FINE]  # paused
        waits = [settling.ready_in.total_seconds() for settling in outcome.settling]
        ready = min([*waits, *(0.0 for _ in outcome.postponed)], default=None)
        tell_watcher(choice.watcher, ready, said)
        said = []  # it says once what stays as it is
    for line in [*said, *map(postponed_line, outcome.postponed)]:
        click.echo(line, err=True)
    if not outcome.reports and not outcome.failed and not outcome.settling and choice.watcher is None:
        click.echo(NOTHING, err=True)
    if not choice.as_json and not choice.dry and any(report.rejects for report in outcome.reports):
        click.echo(
            "some records were rejected: `exchange rejects list` shows them, fix the reject file and drop it back in",
            err=True,
        )
