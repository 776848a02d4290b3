"""`exchange rejects import`: takes corrected rejects back from a file that lies anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import rich_click as click

from exchange.assemble.house import Session, house_of, ledger_of, recorded
from exchange.assemble.rejectbook import RejectBooks
from exchange.cli.acting import actor, by_a_person
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.outcome import exit_of
from exchange.cli.reports import report_lines
from exchange.cli.signals import SafePoints
from exchange.cli.wording import clean
from exchange.config.models import Flow
from exchange.config.workspace import load_flows
from exchange.engine.discover import Ready
from exchange.engine.events import Failed
from exchange.engine.flow import run_flow
from exchange.engine.house import pick_up_of
from exchange.kernel.exits import Exit, worst
from exchange.kernel.layout import REJECT_COLUMNS
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import BY_HAND, Claim, FileReport, Origin, SourceFile
from exchange.kernel.problems import Problem
from exchange.kernel.redaction import redacted

_ANY = "latin-1"
"""Reads bytes of any encoding: only the ids are looked at here."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@in_workspace
@with_json
@by_a_person
def import_(root: Path, file: Path, *, as_json: bool, dry: bool) -> Exit:
    """Take corrected rejects back: the workbook or the CSV file, from wherever it lies. The file stays there.

    Only rows that were changed are taken, and only of rejects that are open; what passes closes its reject.
    """
    if not file.is_file():
        raise Refused(f"there is no file {file}")
    setup, who, codes = load_flows(root), actor(), list[Exit]()
    with ExitStack() as stack:
        ledger = stack.enter_context(ledger_of(setup))
        owners = _owners(ledger, file)
        if gone := next((claim.flow for claim in owners if claim.flow not in setup.flows), ""):
            raise Refused(
                f"{file} holds rejects of flow {gone}, which is not there any more; bring its YAML back first"
            )
        number = 0 if dry else stack.enter_context(recorded(ledger, f"rejects import {file}", codes))
        points = SafePoints()
        points.watch()
        session = Session(root, setup, ledger, number, points.check, dry=dry, by=(who.who, who.reason))
        stack.enter_context(session.at_work())
        for claim in owners:
            if not dry:
                ledger.runs.act(who.action("import rejects", f"{file} ({claim.flow})"))
            codes.extend(_taken(session, setup.flows[claim.flow], (claim, file), as_json=as_json))
        codes.append(worst(codes))
    return worst(codes)


def _owners(ledger: Ledger, file: Path) -> list[Claim]:
    """Return a claim of each shop whose rejects the file holds."""
    found = RejectBooks(str(file), encoding=_ANY).read(file)
    if isinstance(found, Problem):
        raise Refused(f"{file}: {found.message}; {found.remedy}")
    if found is None:
        raise Refused(f"{file} has no column {REJECT_COLUMNS[0]}: it is no file of rejects")
    at = found.columns.index(REJECT_COLUMNS[0])
    ids = dict.fromkeys(row.cells[at].strip() for row in found.rows if len(row.cells) > at)
    known = [row for row in map(ledger.rejects.get, filter(None, ids)) if row is not None]
    if not known:
        raise Refused(f"{file}: none of its rows is one of a reject that is known here; `exchange rejects list`")
    owners = {(row.flow, row.channel): row.claim for row in known}
    return [ledger.claims.sealed(claim).claim for claim in owners.values()]


def _taken(session: Session, flow: Flow, what: tuple[Claim, Path], *, as_json: bool) -> Iterator[Exit]:
    """Run the file through the flow that its rejects are of; yield how it ended."""
    claim, file = what
    path, seen = file.absolute(), file.stat()
    folder = str(path.parent.relative_to("/"))
    source = SourceFile(BY_HAND, folder, path.name, seen.st_size, seen.st_mtime_ns, str(file))
    with house_of(session, flow) as house:
        for event in run_flow(house, Origin.PICK_UP, Ready(source, pick_up_of(flow, claim))):
            if isinstance(event, FileReport):
                yield exit_of(event)
                if as_json:
                    print_json(event.as_json())
                for line in [f"{flow.flow}: {note}" for note in event.notes] if as_json else report_lines(event):
                    click.echo(clean(line) if as_json else line, err=as_json)
            elif isinstance(event, Failed):
                yield event.exit
                click.echo(f"{flow.flow}: {redacted(event.message)}", err=True)
