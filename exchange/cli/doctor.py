"""`exchange doctor`: tries every endpoint for real and says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import rich_click as click

from exchange.assemble.doctor import Examined, examine, places
from exchange.assemble.journal import journal
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.wording import clean
from exchange.config.suggest import suggest
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.exits import Exit, worst
from exchange.kernel.plural import many


@click.command()
@click.argument("endpoints", nargs=-1, metavar="[ENDPOINT]...")
@in_workspace
@with_json
@click.option("--dry-run", "dry", is_flag=True, help="Show which folders would be tried; touch nothing.")
def doctor(root: Path, endpoints: tuple[str, ...], *, as_json: bool, dry: bool) -> Exit:
    """Probe each endpoint for real: connect, list, write, rename, remove, free space, clock; say what to do.

    Small files named `.exchange-doctor...` are written to its folders and removed again. What a server can do is kept
    in data/state/endpoints/, and deliveries follow it. Ends with 6 where something fails, 5 where it is configuration.
    """
    setup = load_flows(root)
    chosen = _chosen(setup, endpoints)
    if dry:
        for name in chosen:
            _say_places(setup, name, as_json=as_json)
        return Exit.FINE
    codes: list[Exit] = []
    with journal(root):
        for found in (each for name in chosen for each in examine(setup, name)):
            codes.append(found.exit)
            if as_json:
                print_json(_as_object(found))
            else:
                click.echo("\n".join(_lines(found)))
    failed = sum(code is not Exit.FINE for code in codes)
    if failed and not as_json:
        click.echo(f"{many(failed, 'place')} of {len(codes)} needs attention", err=True)
    return worst(codes)


def _say_places(setup: Setup, name: str, *, as_json: bool) -> None:
    for place in places(setup, name):
        if as_json:
            print_json({"endpoint": name, "place": place})
        else:
            click.echo(f"would try {name}: {clean(place)}")


def _chosen(setup: Setup, names: tuple[str, ...]) -> tuple[str, ...]:
    known = setup.workspace.endpoints
    for name in names:
        if name not in known:
            raise Refused(f"there is no endpoint {name!r}; {suggest(name, known)}")
    return names or tuple(known)


def _lines(found: Examined) -> Iterator[str]:
    yield f"{found.endpoint} ({found.type}) {clean(found.place)}"
    widest = max((len(row.what) for row in found.rows), default=0)
    for row in found.rows:
        yield f"  {'ok  ' if row.ok else 'FAIL'}  {row.what:<{widest}}  {clean(row.found)}"
        if row.advice:
            yield f"        {'':<{widest}}  -> {clean(row.advice)}"


def _as_object(found: Examined) -> dict[str, object]:
    return {
        "endpoint": found.endpoint,
        "type": found.type,
        "place": found.place,
        "ok": found.exit is Exit.FINE,
        "rows": [{"what": r.what, "ok": r.ok, "found": r.found, "advice": r.advice} for r in found.rows],
    }
