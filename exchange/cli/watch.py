"""`exchange watch`: runs flows as soon as files come, until it is told to stop."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import rich_click as click

from exchange.assemble.watching import Watching
from exchange.cli.context import Refused, duration, in_workspace, print_json, with_json
from exchange.cli.signals import SafePoints
from exchange.kernel.errors import Interrupted
from exchange.kernel.exits import OF_RUN, Exit
from exchange.state.network import network_type
from exchange.triggers.agenda import Post
from exchange.triggers.rounds import Command, Ended
from exchange.triggers.watcher import Desk, Watcher

# `-P`: nothing is imported from the current folder.
_INTERPRETER = (sys.executable, "-P", "-c", "from exchange.cli.main import main; main()")
_SHORTEST = timedelta(seconds=1)
_READY = re.compile(r" \(ready in \d+ s\)")


@click.command()
@click.argument("flows", nargs=-1, metavar="[FLOW]...")
@in_workspace
@with_json
@click.option("--dry-run", "dry", is_flag=True, help="Show what would be watched, and how; start nothing.")
@click.option(
    "--every",
    metavar="DURATION",
    default="30s",
    callback=duration,
    help="How often folders of this machine are looked at when nothing wakes it (default: 30s).",
)
def watch(root: Path, flows: tuple[str, ...], *, as_json: bool, dry: bool, every: timedelta) -> Exit:
    """Watch the folders and servers that the named flows (or all) pick up from, and run a flow when files come.

    What a run says is said here, and means the same. Ends at a safe point with SIGTERM (143) or Ctrl-C (130).
    """
    if every < _SHORTEST:
        raise click.BadParameter("expected 1s or more", param_hint="--every")
    watching = Watching(root, flows, every, _say)
    try:
        first = watching.first()
    except KeyError as fault:
        raise Refused(str(fault.args[0])) from fault
    for post in first:
        _show(post, as_json=as_json and dry)
    if dry:
        return Exit.FINE
    points = SafePoints()
    points.watch()
    pending = [first]
    number = Watcher(
        Desk(
            posts=lambda: pending.pop() if pending else watching.again(),
            command=_command(root, as_json=as_json),
            ended=Teller(_say).tell,
            say=_say,
            sends_events=_sends_events,
            asked_to_stop=points.asked,
            environment=os.environ,
        )
    ).watch()
    raise Interrupted(number)


def _command(root: Path, *, as_json: bool) -> Command:
    wanted = ["--json"] if as_json else []

    def command(flow: str, descriptor: int) -> list[str]:
        return [*_INTERPRETER, "--workspace", str(root), "run", flow, *wanted, "--told-by-watch", str(descriptor)]

    return command


def _sends_events(folder: Path) -> bool:
    return network_type(folder) is None


def _show(post: Post, *, as_json: bool) -> None:
    if as_json:
        folders = [str(folder) for folder in post.folders]
        print_json({"flow": post.flow, "places": post.places, "folders": folders, "every": post.interval})
        return
    how = " and when files come" if post.folders else ""
    _say(f"watching {post.flow}: {', '.join(post.places)}, every {post.interval:.0f} s{how}")


class Teller:
    """Says how looks ended: what each did it has said itself; what lies there and waits is said when it is news."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._waiting: dict[str, set[str]] = {}

    def tell(self, ended: Ended) -> None:
        """Say what is new, and the code where not all is well."""
        waiting = {_READY.sub("", line): line for line in ended.waiting}
        for key, line in waiting.items():
            if key not in self._waiting.get(ended.flow, set()):
                self._say(line)
        self._waiting[ended.flow] = set(waiting)
        if ended.code not in {Exit.FINE, Exit.SIGINT, Exit.SIGTERM}:
            known = ended.code in set(Exit)
            meaning = OF_RUN[Exit(ended.code)] if known else "it was killed; the next look carries on"
            self._say(f"{ended.flow}: ended with {ended.code}, {meaning}")


def _say(text: str) -> None:
    click.echo(text, err=True)
