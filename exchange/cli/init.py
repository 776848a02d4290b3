"""`exchange init`: a starter workspace, and what to type next."""

from __future__ import annotations

import shlex
from pathlib import Path

import rich_click as click

from exchange.assemble.schema_files import export
from exchange.cli.context import Refused
from exchange.config.scaffold import in_the_way, write_starter
from exchange.kernel.exits import Exit


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> Exit:
    """Write a starter workspace into DIR, which is made where it is missing; nothing is overwritten."""
    present = in_the_way(folder)
    if present:
        what = ", ".join(f"{path.name}/" for path in present)
        raise Refused(f"{folder} already has {what} and nothing is overwritten: name another folder")
    try:
        inboxes = write_starter(folder)
        export(folder)
    except OSError as fault:
        raise Refused(f"cannot write to {folder}: {fault.strerror or fault}") from fault
    click.echo(f"Wrote a workspace to {folder}:")
    click.echo("  mappings/   endpoints, flows, mappings, schemas and tables: the files to edit")
    click.echo("  templates/  what outbound XML looks like")
    click.echo("  samples/    orders to try it with, and what becomes of them")
    click.echo("  cron/       how to run it on a schedule")
    click.echo("  .vscode/    an editor completes and checks the YAML files (`exchange schema export` after changes)")
    click.echo("\nNext:")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  exchange check")
    for inbox in inboxes:
        where = inbox.relative_to(folder) if inbox.is_relative_to(folder) else inbox
        sample = folder / "samples" / inbox.name
        if sample.is_dir():
            click.echo(f"  cp samples/{sample.name}/*.* {shlex.quote(str(where))}/")
    click.echo("  exchange run      (a file is taken once it has not changed for a few seconds)")
    return Exit.FINE
