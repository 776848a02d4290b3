"""`exchange rejects`: what was set aside and waits to be fixed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import rich_click as click

from exchange.assemble.clock import now
from exchange.assemble.house import ledger_of
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.objects import problem_object
from exchange.cli.rejects_by_hand import assign, export, missing, waive
from exchange.cli.rejects_import import import_
from exchange.cli.wording import at_line, clean
from exchange.config.workspace import load_flows
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.catalogue_stock import ASKED
from exchange.kernel.exits import Exit
from exchange.kernel.naming import is_overdue
from exchange.kernel.plural import many
from exchange.kernel.reject_rows import RejectRow

_WEEK = 7
_LATE = "HELD_TOO_LONG"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def rejects() -> None:
    """Everything about rejects: list and show them, waive or assign them, see what tables lack."""


for _command in (waive, assign, missing, export, import_):
    rejects.add_command(_command)


@rejects.command("list")
@in_workspace
@with_json
@click.option("--flow", help="Only rejects of this flow.")
@click.option("--code", help="Only rejects with this problem code.")
@click.option("--assigned", metavar="NAME", help="Only rejects that this person looks after.")
@click.option("--all", "everything", is_flag=True, help="Closed and superseded ones too.")
def list_(
    root: Path, *, as_json: bool, flow: str | None, code: str | None, assigned: str | None, everything: bool
) -> Exit:
    """List the open rejects: fix the rows in the named file, save it, and drop it back into the inbox."""
    with ledger_of(load_flows(root)) as ledger:
        found = [
            row
            for row in ledger.rejects.find(flow, None if everything else "open")
            if (code is None or code in row.codes) and (assigned is None or row.assigned_to == assigned)
        ]
    for row in found:
        if as_json:
            print_json(as_object(row))
        else:
            click.echo(
                f"{row.reject_id}  {_what(row)}{at_line('  ', row.file_line)}  {', '.join(row.codes)}"
                + ("" if row.state == "open" else f"  ({row.state})")
                + (f"  ({clean(row.assigned_to)} looks after it)" if row.assigned_to else "")
            )
    if not as_json:
        _print_summary(found)
    return Exit.FINE


@rejects.command()
@click.argument("reject_id")
@in_workspace
@with_json
def show(root: Path, reject_id: str, *, as_json: bool) -> Exit:
    """Show one reject: what is wrong, where, and what to do."""
    with ledger_of(load_flows(root)) as ledger:
        row = ledger.rejects.get(reject_id)
        problems = ledger.rejects.problems(reject_id) if row is not None else []
        changes = ledger.rejects.changes(reject_id) if row is not None else []
        acts = ledger.runs.actions(reject_id)
    if row is None:
        raise Refused(f"there is no reject {reject_id}; `exchange rejects list` shows the open ones")
    if as_json:
        print_json(
            {
                **as_object(row),
                "state": row.state,
                "assigned_to": row.assigned_to or None,
                "problems": [problem_object(problem) for problem in problems],
            }
        )
        return Exit.FINE
    click.echo(f"reject {row.reject_id}: {_what(row)}, {row.state}, opened {row.opened_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"  file  {row.file}")
    for problem in problems:
        where = "" if row.number else "whole file: "
        click.echo(f"  {at_line('', problem.file_line, ': ') or where}{problem.code}: {clean(problem.message)}")
        click.echo(f"      do: {clean(problem.remedy)}")
    for claim, change in changes:
        cells = f"{clean(repr(change.old))} -> {clean(repr(change.new))}"
        click.echo(f"  changed in claim {claim}: {clean(change.column)}: {cells}")
    for act in acts:
        told = f"  {act.what} by {clean(act.who)}, {act.at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{told}: {clean(act.reason)}" if act.reason else told)
    if row.closed_by:
        click.echo(f"  {row.state} by claim {row.closed_by}")
    return Exit.FINE


def as_object(row: RejectRow) -> dict[str, object]:
    """Return the object of `rejects list --json`."""
    return {
        "reject_id": row.reject_id,
        "flow": row.flow,
        "document": row.document if row.number else None,
        "codes": list(row.codes),
        "file": row.file,
        "file_line": row.file_line,
        "opened_at": row.opened_at.isoformat(),
    }


def _what(row: RejectRow) -> str:
    if row.number:
        return f"{row.kind} {clean(row.number)} ({row.channel})"
    return "a file rejected whole" if not row.file_line else "a record of no known document"


_AGES = ("today", "this week", "older than a week")


def _by_flow(found: list[RejectRow]) -> dict[str, list[RejectRow]]:
    made: dict[str, list[RejectRow]] = {}
    for row in found:
        made.setdefault(row.flow, []).append(row)
    return made


def _age(row: RejectRow) -> str:
    days = (now() - row.opened_at).days
    return _AGES[0] if days < 1 else _AGES[1] if days < _WEEK else _AGES[2]


def _print_summary(found: list[RejectRow]) -> None:
    if not found:
        click.echo("no open rejects", err=True)
        return
    codes = Counter(code for row in found for code in row.codes)
    click.echo(f"{many(len(found), 'reject')}:", err=True)
    for code, number in codes.most_common():
        click.echo(f"  {number:>5} x {code}: {CATALOGUE[code].title}", err=True)
    for flow, rows in sorted(_by_flow(found).items()):
        ages = Counter(_age(row) for row in rows)
        told = ", ".join(f"{ages[age]} {age}" for age in _AGES if ages[age])
        click.echo(f"  {len(rows):>5} in {flow}: {told}", err=True)
    waiting = [row for row in found if row.state == "open"]
    late = [row for row in waiting if is_overdue(row.reject_id)]
    to_fix = {row.file for row in waiting if not ASKED.issuperset(row.codes)} - {row.file for row in late}
    for file in sorted(to_fix):
        if file.endswith(".jsonl"):
            click.echo(f"  see {file}: correct the source, then export it again", err=True)
        else:
            click.echo(f"  fix {file} and drop it back into the inbox", err=True)
    for code in sorted({code for row in waiting for code in ASKED.intersection(row.codes)}):
        # Nobody has a file of what was asked for: the record itself was never there.
        remedy = f"{CATALOGUE[code].remedy}: `exchange rejects waive ID --reason ...`"
        click.echo(f"  {code}: {remedy}", err=True)
    for kind in sorted({row.kind for row in late}):
        click.echo(f"  {_LATE}: {CATALOGUE[_LATE].remedy.format(kind=kind, value='NUMBER')}", err=True)
