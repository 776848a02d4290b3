"""`exchange run`: pick up, map and deliver what is ready; light, because most runs find nothing to do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import rich_click as click

from exchange.assemble.clock import now
from exchange.assemble.quiet import digest_of, is_quiet, kept, none_due
from exchange.cli.choice import Choice
from exchange.cli.context import duration, in_workspace, with_json
from exchange.cli.watcher import tell_watcher
from exchange.cli.wording import NOTHING, nothing_due
from exchange.kernel.exits import Exit
from exchange.kernel.load import load

_LOOK = "exchange.cli.looking:look"
ROWS = (_LOOK,)
"""Reads the configuration, which is most of what an idle run costs: loaded where folders alone do not tell."""


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
    choice = Choice(flows, **given)
    digest, at = digest_of(root), now()
    if _is_quiet(root, choice, digest, at):
        return Exit.FINE
    ended: Exit = load(_LOOK)(root, choice, digest, at)
    return ended


def _is_quiet(root: Path, choice: Choice, digest: str, at: datetime) -> bool:
    """Tell whether there is nothing to do, and say so; False where that cannot be told from folders."""
    known = kept(root, digest) if choice.cheap else None
    if known is None:
        return False
    if choice.due:
        coming = none_due(root, known, choice.flows, at)
        if coming is not None:
            click.echo(nothing_due(coming), err=True)
        return coming is not None
    if not is_quiet(root, known, choice.flows, at):
        return False
    if choice.watcher is None:
        click.echo(NOTHING, err=True)
    else:
        tell_watcher(choice.watcher, None, [])
    return True
