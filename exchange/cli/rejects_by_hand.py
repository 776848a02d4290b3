"""`exchange rejects waive|assign|missing|export`: what people decide about rejects, and what they work through."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import rich_click as click

from exchange.assemble.clock import now
from exchange.assemble.house import ledger_of
from exchange.assemble.rejectexport import Together, export_workbook
from exchange.cli.acting import actor, by_a_person
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.wording import clean
from exchange.config.workspace import load_flows
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.kernel.miss import Miss
from exchange.kernel.naming import is_overdue
from exchange.kernel.plural import many, which
from exchange.kernel.reject_rows import Parked, RejectRow

_IDENTITY = "_reject_id"
_WORKBOOK = ".xlsx"


@click.command()
@click.argument("reject_ids", nargs=-1, required=True)
@in_workspace
@by_a_person
def waive(root: Path, reject_ids: tuple[str, ...], *, dry: bool) -> Exit:
    """End rejects that nobody will correct. A later export of the same order is taken as any other."""
    who = actor()
    if not who.reason.strip():
        raise Refused('say why: --reason "..."; it is kept with the reject')
    with ledger_of(load_flows(root)) as ledger:
        for row in _open(ledger, reject_ids):
            if not dry:
                ledger.runs.act(who.action("waive", row.reject_id))
                ledger.rejects.waive(row.reject_id, now())
            click.echo(f"{'would waive' if dry else 'waived'} reject {row.reject_id} ({_what(row)})")
    return Exit.FINE


@click.command()
@click.argument("reject_ids", nargs=-1, required=True)
@click.option("--to", "name", required=True, metavar="NAME", help="Who looks after them; blank for nobody.")
@in_workspace
@by_a_person
def assign(root: Path, reject_ids: tuple[str, ...], *, name: str, dry: bool) -> Exit:
    """Say who looks after rejects; `exchange rejects list --assigned NAME` shows them."""
    who = actor()
    with ledger_of(load_flows(root)) as ledger:
        for row in _open(ledger, reject_ids):
            if not dry:
                ledger.runs.act(who.action(f"assign to {name or 'nobody'}", row.reject_id))
                ledger.rejects.assign(row.reject_id, name)
            click.echo(f"{'would assign' if dry else 'assigned'} reject {row.reject_id} to {name or 'nobody'}")
    return Exit.FINE


@click.command()
@in_workspace
@with_json
@click.option("--flow", help="Only rejects of this flow.")
def missing(root: Path, *, as_json: bool, flow: str | None) -> Exit:
    """List the values and pack sizes that tables lack, those that most documents wait for first.

    Add the lines to the tables: the next run of the flow takes up exactly the documents that waited for them.
    """
    with ledger_of(load_flows(root)) as ledger:
        parked = ledger.rejects.parked(flow)
    ranked = _ranked(parked)
    for miss, waiting in ranked:
        since = min(row.opened_at for row in waiting)
        flows = sorted({row.flow for row in waiting})
        if as_json:
            print_json(
                {
                    "table": miss.table,
                    "column": _column(miss),
                    "value": miss.cells[0],
                    "key": dict(zip(miss.key, miss.cells, strict=True)),
                    "documents": len(waiting),
                    "since": since.isoformat(),
                    "flows": flows,
                }
            )
        else:
            click.echo(
                f"{len(waiting):>6}  {clean(miss.cells[0])}  is not in column {clean(_column(miss))} of "
                f"mappings/tables/{miss.table}.csv (since {since:%Y-%m-%d %H:%M} UTC, {', '.join(flows)})"
            )
    if not as_json:
        told = "nothing is missing" if not ranked else f"add them to the tables, then: exchange run {_flows(parked)}"
        click.echo(told, err=True)
    return Exit.FINE


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@in_workspace
@click.option("--flow", help="Only rejects of this flow.")
@click.option("--code", help="Only rejects with this problem code.")
@click.option("--claim", help="Only rejects of this claim.")
def export(root: Path, target: Path, *, flow: str | None, code: str | None, claim: str | None) -> Exit:
    """Write the open rejects of several files into one, to be corrected and dropped back into the inbox.

    A name that ends with .xlsx makes a workbook, to be taken back by `exchange rejects import`; any other one CSV.
    """
    if target.exists():
        raise Refused(f"{target} exists already; name another file")
    setup, said = load_flows(root), tuple[str, ...]()
    with ledger_of(setup) as ledger:
        found = [
            row
            for row in ledger.rejects.find(flow)
            if (code is None or code in row.codes) and (claim is None or row.claim.startswith(claim))
        ]
        late = [row for row in found if is_overdue(row.reject_id)]
        header, rows, delimiter = _together(root, [row for row in found if row not in late])
        if book := target.suffix.lower() == _WORKBOOK:
            said = export_workbook(setup, ledger, Together(header, rows), target)
        else:
            _write(target, [header, *rows], delimiter)
    if late:
        left = f"{many(len(late), 'document')} held for too long {which(len(late), 'is', 'are')} left out"
        said = (*said, f"{left}: nothing in a file is wrong; `exchange rejects list` says what helps")
    for told in said:
        click.echo(f"{target}: {told}", err=True)
    orders = len({row[header.index(_IDENTITY)] for row in rows})
    then = f"correct it, then: exchange rejects import {target}" if book else "correct it and drop it into the inbox"
    click.echo(f"{target}: {many(orders, 'reject')}, {many(len(rows), 'row')}; {then}")
    return Exit.FINE


def _write(target: Path, rows: Iterable[Sequence[str]], delimiter: str) -> None:
    with target.open("x", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)


def _open(ledger: Ledger, identities: Iterable[str]) -> list[RejectRow]:
    """Return rejects that are open; all of them or none, so that nothing is done by half."""
    found = []
    for identity in dict.fromkeys(identities):
        row = ledger.rejects.get(identity)
        if row is None or row.state != "open":
            state = "is not known" if row is None else f"is {row.state} already"
            raise Refused(
                f"reject {identity} {state}; `exchange rejects list` shows the open ones. Nothing was changed"
            )
        found.append(row)
    return found


def _what(row: RejectRow) -> str:
    return f"{row.kind} {clean(row.number)}" if row.number else "no document"


def _ranked(parked: Sequence[Parked]) -> list[tuple[Miss, list[RejectRow]]]:
    waiting: dict[Miss, list[RejectRow]] = {}
    for each in parked:
        for miss in each.misses:
            waiting.setdefault(miss, []).append(each.reject)
    return sorted(waiting.items(), key=lambda entry: (-len(entry[1]), entry[0].table, entry[0].cells))


def _column(miss: Miss) -> str:
    """Return the first column that a table is looked up by, and what stands in the others beside it."""
    beside = " and ".join(f"{name} is {cell!r}" for name, cell in zip(miss.key[1:], miss.cells[1:], strict=True))
    return f"{miss.key[0]}, where {beside}" if beside else miss.key[0]


def _flows(parked: Sequence[Parked]) -> str:
    return " ".join(sorted({each.reject.flow for each in parked}))


def _together(root: Path, found: Sequence[RejectRow]) -> tuple[list[str], list[list[str]], str]:
    """Return the header, the rows and the delimiter of rejects, from their reject files, which must be alike."""
    wanted = {row.reject_id for row in found}
    made: list[list[str]] = []
    like: tuple[list[str], str] | None = None
    for file in dict.fromkeys(row.file for row in found if row.file.endswith(".csv")):
        names, delimiter, cells = _read(root / file)
        if like is not None and like != (names, delimiter):
            raise Refused(f"{file} has other columns than the files before it: choose with --flow or --claim")
        like = (names, delimiter)
        place = names.index(_IDENTITY)
        made += [row for row in cells if len(row) > place and row[place] in wanted]
    if like is None or not made:
        raise Refused("no open reject has rows in a CSV reject file; `exchange rejects list` shows where each lies")
    return like[0], made, like[1]


def _read(path: Path) -> tuple[list[str], str, list[list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(f"{path} cannot be read: {fault}") from fault
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    names, *cells = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    if _IDENTITY not in names:
        raise Refused(f"{path} has no column {_IDENTITY}: it is no reject file any more")
    return names, delimiter, cells
