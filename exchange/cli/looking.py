"""Looks whether `exchange run` has something to do, by the configuration; light, because often it has not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import rich_click as click

from exchange.assemble.due import Turn, turn
from exchange.assemble.idle import nothing_to_do, round_of
from exchange.assemble.quiet import keep
from exchange.cli.choice import Choice
from exchange.cli.context import Refused
from exchange.cli.outcome import Outcome, tell_end
from exchange.cli.wording import nothing_due
from exchange.config.models import Flow
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.exits import Exit
from exchange.kernel.load import load

_WORK = "exchange.cli.working:work"
ROWS = (_WORK,)
"""Half of the product, loaded when there is something to do, or nobody can tell cheaply."""


def look(root: Path, choice: Choice, digest: str, at: datetime) -> Exit:
    """Do what is asked for and return how it ended; `digest` is that of the configuration before it was read."""
    setup = load_flows(root)
    chosen = _chosen(setup, choice.flows)
    _possible(choice, chosen)
    whose = turn(setup, chosen, at, dry=choice.dry) if choice.due else Turn(chosen)
    idle = nothing_to_do(setup, chosen) if choice.cheap and not choice.due else None
    if not choice.dry:
        keep(root, digest, round_of(setup))
    if not whose.flows:
        click.echo(nothing_due(whose.coming), err=True)
        return Exit.FINE
    outcome = Outcome()
    if idle is not None:
        for event in idle:
            outcome.add(event)
    else:
        load(_WORK)(setup, whose, choice, outcome, _command(choice))
    tell_end(outcome, choice)
    return outcome.exit


def _chosen(setup: Setup, names: tuple[str, ...]) -> tuple[Flow, ...]:
    try:
        return setup.chosen(names)
    except KeyError as fault:
        raise Refused(str(fault.args[0])) from fault


def _possible(choice: Choice, chosen: tuple[Flow, ...]) -> None:
    """Refuse what cannot be asked for at once."""
    if choice.file is not None and not choice.file.is_file():
        raise Refused(f"there is no file {choice.file}")
    if choice.file is not None and len(chosen) != 1:
        raise Refused("say which flow takes the file: exchange run FLOW --file PATH")
    if choice.due and choice.file is not None:
        raise Refused("--due goes by the clock, --file by hand: say one of them")
    if choice.due and not any(flow.schedule for flow in chosen):
        raise Refused('none of these flows has a `schedule:`; write one, for example schedule: "*/5 * * * *"')


def _command(choice: Choice) -> str:
    words = ["run", *choice.flows]
    words += ["--file", str(choice.file)] if choice.file else []
    words += ["--due"] if choice.due else []
    return " ".join([*words, "--baseline"] if choice.baseline else words)
