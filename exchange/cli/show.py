"""`exchange show`: what a mapping makes of one document of a file, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import rich_click as click

from exchange.assemble.explain_choice import NotShown, Way, files_of, way_of
from exchange.assemble.explain_document import Unread, Wanted
from exchange.assemble.explain_shown import Shown
from exchange.assemble.explain_shown import Way as Document
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.resolved import show_resolved
from exchange.cli.telling import as_json, print_fields, problem_json, problem_text
from exchange.cli.wording import clean
from exchange.config.suggest import suggest
from exchange.engine.archives import NESTED, ZIP
from exchange.kernel.exits import Exit
from exchange.kernel.load import load

SHOW = "exchange.assemble.explain:show"
"""Loaded when there is a file to read."""
_SHOWN = 2_000
"""Most characters of what is written for a document."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asked for."""

    file: Path | None = None
    record: str = ""
    line: int = 0
    field: str = ""
    via: str = ""
    flow: str = ""


@click.command()
@click.argument("mapping")
@in_workspace
@with_json
@click.option("--file", type=click.Path(path_type=Path), help="A file of the partner; it stays as it is.")
@click.option("--record", default="", metavar="KEY", help="The document of this key or number (default: the first).")
@click.option("--line", type=click.IntRange(min=1), help="The document on this line of the file, and that line alone.")
@click.option("--field", default="", metavar="NAME", help="This field only; `ship_to` means all of an address.")
@click.option("--via", default="", metavar="MAPPING", help="For a mapping that writes: the one that reads the file.")
@click.option("--flow", default="", help="Whose rules hold, where several flows use the mapping.")
@click.option("--resolved", is_flag=True, help="Print the mapping as it holds after `extends`, with each key's origin.")
def show(root: Path, mapping: str, *, as_json: bool, resolved: bool, **given: Any) -> Exit:
    """Show how each field comes to be: source cell, each step, table lines, result, and the problems where they arise.

    For example `exchange show shopify/orders --file export.csv --record 1003`, or
    `exchange show wms/orders --file export.csv --line 7 --field Quantity`. Nothing is delivered or recorded.
    """
    if resolved:
        return show_resolved(root, mapping, as_json=as_json)
    choice = Choice(**{name: value for name, value in given.items() if value})
    if choice.file is None:
        raise Refused(f"say which file: exchange show {mapping} --file FILE")
    try:
        way = way_of(root, mapping, choice.file, choice.via, choice.flow)
    except NotShown as fault:
        raise Refused(str(fault)) from fault
    return _show(root, way, choice, choice.file, json=as_json)


def _show(root: Path, way: Way, choice: Choice, file: Path, *, json: bool) -> Exit:
    _possible(choice, file)
    found = load(SHOW)(root, way, file, Wanted(choice.record, choice.line))
    if found is None:
        raise Refused(_nothing(choice, file))
    if isinstance(found, Unread):
        return _unread(found, file, json=json)
    made: Document = replace(found, fields=tuple(_chosen(found.fields, choice.field)))
    made = replace(made, rendered="") if choice.field else made
    if json:
        _print_json(made, way)
    else:
        _print(made, way)
    return Exit.FINE


def _possible(choice: Choice, file: Path) -> None:
    if not file.is_file():
        raise Refused(f"there is no file {file}")
    if choice.record and choice.line:
        raise Refused("--record and --line both say which document: give one of them")
    if file.suffix.lower() in {ZIP, *NESTED}:
        raise Refused(f"{file} is an archive: unpack it, then show one of the files in it")


def _nothing(choice: Choice, file: Path) -> str:
    if choice.record:
        return f"{file} has no document of key or number {choice.record!r}; without --record the first one is shown"
    return f"{file} has no record on line {choice.line}" if choice.line else f"{file} has no records"


def _chosen(fields: Iterable[Shown], name: str) -> list[Shown]:
    known = list(fields)
    found = [shown for shown in known if not name or shown.field == name or shown.field.startswith(f"{name}.")]
    if name and not found:
        raise Refused(f"the mapping has no field {name!r}; {suggest(name, {shown.field for shown in known})}")
    return found


def _unread(found: Unread, file: Path, *, json: bool) -> Exit:
    """Say why there is nothing to show."""
    if json:
        print_json({"file": str(file), "problems": [problem_json(problem) for problem in found.problems]})
        return Exit.REJECTED
    for problem in found.problems:
        where = f"{file}:{problem.file_line}" if problem.file_line else str(file)
        click.echo(f"{clean(where)}: {problem.code}: {problem_text(problem)}")
    if found.raw:
        click.echo(f"the record as it stands there: {found.raw[:_SHOWN]!r}")
    return Exit.REJECTED


def _print(made: Document, way: Way) -> None:
    lines = ", ".join(map(str, made.lines[:20])) + (" ..." if len(made.lines) > 20 else "")
    click.echo(f"{made.kind} {clean(made.document)} of {clean(made.file)}, line {lines}, by {', '.join(files_of(way))}")
    if made.decision:
        click.echo(made.decision)
    print_fields(made.fields)
    if made.problems:
        click.echo("\nproblems of the document:")
    for problem in made.problems:
        where = f"line {problem.file_line}, " if problem.file_line else ""
        click.echo(f"  {where}{clean(problem.field or 'the document')}: {problem.code}: {problem_text(problem)}")
    if made.rendered:
        click.echo(f"\nwritten for it:\n{made.rendered[:_SHOWN].rstrip()}")
        if len(made.rendered) > _SHOWN:
            click.echo(f"... ({len(made.rendered):,} characters in all)")


def _print_json(made: Document, way: Way) -> None:
    """Print an object for each field, and one of the document at the end."""
    for shown in made.fields:
        print_json({"document": made.document, **as_json(shown)})
    print_json(
        {
            "document": made.document,
            "kind": made.kind,
            "file": made.file,
            "lines": list(made.lines),
            "by": list(files_of(way)),
            "decision": made.decision or None,
            "problems": [problem_json(problem) for problem in made.problems],
            "rendered": made.rendered or None,
        }
    )
