"""`exchange pause` and `exchange resume`: the brake of an operator on a flow or an endpoint."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from exchange.assemble.clock import now
from exchange.assemble.house import ledger_of
from exchange.cli.acting import actor, by_a_person
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.objects import brake_object
from exchange.config.suggest import suggest
from exchange.config.workspace import Setup, load_flows
from exchange.engine.reach import paused
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Brake

KINDS = ("flow", "endpoint")


@click.command()
@click.argument("name", metavar="ENDPOINT|FLOW")
@in_workspace
@with_json
@by_a_person
def pause(root: Path, name: str, *, as_json: bool, dry: bool) -> Exit:
    """Pause a flow or an endpoint, for example `exchange pause wms --reason "stocktaking"`.

    A paused flow does nothing. From a paused endpoint nothing is picked up, and what is to go there waits, whole and
    in order. A run that is at work goes on to its end. Who paused it and why is recorded and shown by `status`.
    """
    setup = load_flows(root)
    kind, name = _named(setup, name)
    mine = actor()
    brake = Brake(kind, name, mine.who, mine.reason, now())
    with ledger_of(setup) as ledger:
        if not dry:
            ledger.runs.act(actor().action("pause", f"{kind}/{name}"))
            ledger.brakes.pause(brake)
            brake = next(known for known in ledger.brakes.paused() if (known.kind, known.name) == (kind, name))
    if as_json:
        print_json(brake_object(brake))
    else:
        click.echo(f"would pause {kind} {name}" if dry else paused(brake))
    return Exit.FINE


@click.command()
@click.argument("name", metavar="ENDPOINT|FLOW")
@in_workspace
@with_json
@by_a_person
def resume(root: Path, name: str, *, as_json: bool, dry: bool) -> Exit:
    """Let a paused flow or endpoint go on; the next run does what has waited."""
    setup = load_flows(root)
    with ledger_of(setup) as ledger:
        found = [brake for brake in ledger.brakes.paused() if name in {brake.name, f"{brake.kind}:{brake.name}"}]
        if len(found) > 1:
            raise Refused(f"a flow and an endpoint called {name} are paused: write flow:{name} or endpoint:{name}")
        if not found:
            names = [brake.name for brake in ledger.brakes.paused()]
            advice = suggest(name, names) if names else "nothing is"
            raise Refused(f"{name} is not paused; {advice}")
        brake = found[0]
        if not dry:
            ledger.runs.act(actor().action("resume", f"{brake.kind}/{brake.name}"))
            ledger.brakes.resume(brake.kind, brake.name)
    if as_json:
        print_json(brake_object(brake))
    else:
        click.echo(f"{'would resume' if dry else 'resumed'} {brake.kind} {brake.name}")
    return Exit.FINE


def _named(setup: Setup, name: str) -> tuple[str, str]:
    """Return the kind and name of what is meant; raises Refused where nothing or two things are called like it."""
    known = {"flow": set(setup.flows), "endpoint": set(setup.workspace.endpoints)}
    kind, _, rest = name.partition(":")
    if kind in known and rest in known[kind]:
        return kind, rest
    found = [kind for kind in KINDS if name in known[kind]]
    if len(found) == 1:
        return found[0], name
    if found:
        raise Refused(f"a flow and an endpoint are called {name}: write flow:{name} or endpoint:{name}")
    raise Refused(f"there is no flow or endpoint {name}; {suggest(name, [*setup.flows, *setup.workspace.endpoints])}")
