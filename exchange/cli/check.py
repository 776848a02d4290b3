"""`exchange check`: every mistake of every file of the workspace."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import rich_click as click

from exchange.assemble.deeper import DECLARES, DEEPER
from exchange.assemble.sound import digest_of, mark_sound
from exchange.cli.context import in_workspace, print_json, with_json
from exchange.config.inspection import inspect
from exchange.kernel.exits import Exit
from exchange.kernel.load import load


@click.command()
@in_workspace
@with_json
def check(root: Path, *, as_json: bool) -> Exit:
    """Check every file of the workspace and report all mistakes.

    Each is one line, `path:line:column: what is wrong; what to write instead`. Ends with 5 where there are any.
    """
    digest = digest_of(root)
    seen = inspect(root, [load(row) for row in (*DEEPER, DECLARES)])
    for mistake in seen.mistakes:
        if as_json:
            print_json(asdict(mistake))
        else:
            click.echo(str(mistake))
    if seen.mistakes:
        files = len({mistake.file for mistake in seen.mistakes})
        click.echo(f"{_many(len(seen.mistakes), 'mistake')} in {_many(files, 'file')}", err=True)
        return Exit.CONFIGURATION
    mark_sound(root, digest)
    counted = ("flow", "mapping", "schema", "template", "table")
    numbers = (seen.flows, seen.mappings, seen.schemas, seen.templates, seen.tables)
    told = ", ".join(_many(number, word) for number, word in zip(numbers, counted, strict=True))
    click.echo(f"ok: {told}", err=as_json)
    return Exit.FINE


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
