"""`exchange timers`: crontab lines or systemd units, made from the flows' own schedules."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import rich_click as click

from exchange.assemble.timed import USER, installation, timed
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.config.workspace import load_flows
from exchange.kernel.atomic import make_folder, replace_synced, write_synced
from exchange.kernel.exits import Exit
from exchange.triggers.crontab import crontab
from exchange.triggers.units import units

_SYSTEMD = Path("/run/systemd/system")
"""Exists where systemd runs the machine (sd_booted(3))."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")


class Wanted(TypedDict):
    """What the command line asked for."""

    as_json: bool
    cron: bool | None
    output: Path | None
    dry: bool
    user: str | None
    mailto: str
    name: str


@click.command()
@click.argument("flows", nargs=-1, metavar="[FLOW]...")
@in_workspace
@with_json
@click.option("--cron/--systemd", "cron", default=None, help="Which to write (default: what runs this machine).")
@click.option("--output", type=click.Path(path_type=Path), help="Write files into this folder instead of to stdout.")
@click.option("--dry-run", "dry", is_flag=True, help="With --output: show the names of the files; write nothing.")
@click.option("--user", metavar="NAME", help="Whom the work runs as (default: whom the workspace belongs to).")
@click.option("--mailto", metavar="ADDRESS", default="root", help="Who gets mail about failures (default: root).")
@click.option("--name", metavar="NAME", default="exchange", help="How names of units begin (default: exchange).")
def timers(root: Path, flows: tuple[str, ...], **given: Unpack[Wanted]) -> Exit:
    """Make a crontab, or systemd services and timers, that run each flow by the `schedule:` in its file.

    Every path in them is absolute. See `cron/README.md` for how to install them.
    """
    if not _NAME.fullmatch(given["name"]):
        raise click.BadParameter("expected letters, digits, `_`, `.` or `-`", param_hint="--name")
    setup = load_flows(root)
    try:
        chosen = setup.chosen(flows)
    except KeyError as fault:
        raise Refused(str(fault.args[0])) from fault
    rows = timed(setup, chosen)
    for flow in chosen:
        if not flow.schedule:
            _say(f"{flow.flow} has no `schedule:`, so it gets no timer")
    if not rows:
        raise Refused('none of these flows has a `schedule:`; write one, for example schedule: "*/5 * * * *"')
    here = installation(setup)
    here = replace(here, user=given["user"] or here.user, mailto=given["mailto"], name=given["name"])
    as_cron = given["cron"] if given["cron"] is not None else not _SYSTEMD.is_dir()
    files = {"crontab": crontab(here, rows)} if as_cron else units(here, rows)
    if not as_cron and here.user == USER and given["user"] is None:
        _say(f"the workspace belongs to root: the units run as {USER}, which needs `useradd --system {USER}`")
    if given["output"] is None:
        _print(files, as_json=given["as_json"])
    else:
        _write(files, given["output"], as_json=given["as_json"], dry=given["dry"])
    return Exit.FINE


def _print(files: dict[str, str], *, as_json: bool) -> None:
    for file, content in files.items():
        if as_json:
            print_json({"file": file, "content": content})
        else:
            click.echo(content if len(files) == 1 else f"# --- {file}\n{content}")


def _write(files: dict[str, str], folder: Path, *, as_json: bool, dry: bool) -> None:
    if not dry:
        make_folder(folder)
    for file, content in files.items():
        path = folder / file
        if not dry:
            draft = folder / f".{file}.part"
            draft.unlink(missing_ok=True)
            write_synced(draft, [content.encode()])
            draft.chmod(0o644)
            replace_synced(draft, path)
        if as_json:
            print_json({"file": str(path), "written": not dry})
        else:
            click.echo(str(path))
    for line in _next(files, folder):
        _say(line)


def _next(files: dict[str, str], folder: Path) -> list[str]:
    if "crontab" in files:
        return [f"next: crontab {shlex.quote(str(folder / 'crontab'))}"]
    names = " ".join(shlex.quote(file) for file in files if file.endswith(".timer"))
    place = shlex.quote(str(folder))
    return [
        f"next: sudo cp {place}/*.service {place}/*.timer /etc/systemd/system/ && sudo systemctl daemon-reload && "
        f"sudo systemctl enable --now {names}",
        "(or, to run flows as soon as files come, enable the -watch.service instead of the timers)",
    ]


def _say(text: str) -> None:
    click.echo(text, err=True)
