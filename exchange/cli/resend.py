"""`exchange resend`: send a delivered file again, byte for byte."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from exchange.assemble.house import ledger_of
from exchange.cli.acting import acting, actor, by_a_person, tell
from exchange.cli.claims import claim_of
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.objects import delivery_object
from exchange.cli.wording import clean
from exchange.config.workspace import load_flows
from exchange.kernel.claim_rows import UNDELIVERED, Delivery, SealedClaim
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.kernel.load import load

RESEND = "exchange.engine.resend:resend"
_OVERTAKEN = "exchange.engine.resend:overtaken"
ROWS = (RESEND, _OVERTAKEN)
"""Loaded when there is something to send: it imports pandas."""
_SHOWN = 5
_KINDS = {"output": "", "done": ""}


@click.command()
@click.argument("delivery")
@in_workspace
@with_json
@by_a_person
def resend(root: Path, delivery: str, *, as_json: bool, dry: bool) -> Exit:
    """Send a delivered file again, for example `exchange resend 3f0c9a1b2c3d.2 --reason "WMS lost it"`.

    DELIVERY is shown by `exchange status`, `trace --json` and `run --json`. The very bytes of the first time are
    sent, under the same name; they are compared with what was sealed. Who sent them and why is recorded.
    """
    setup = load_flows(root)
    codes: list[Exit] = []
    with ledger_of(setup) as ledger:
        sealed, found = _delivery(ledger, delivery)
        if dry:
            _would(found, as_json=as_json)
            return Exit.FINE
        with acting(setup, ledger, sealed.claim.flow, f"resend {found.id}", codes) as house:
            if not actor().reason and (numbers := load(_OVERTAKEN)(house, sealed, found)):
                more = ", …" if len(numbers) > _SHOWN else ""
                raise Refused(
                    f"{found.artifact.name} is not the last word on {', '.join(numbers[:_SHOWN])}{more}: its target "
                    "would take back what it was told since (`exchange trace order NUMBER`). Say why with --reason, "
                    "and send the newer files again after it"
                )
            sent: Delivery | None = load(RESEND)(house, sealed, found, actor().action("resend", found.id))
            if sent is None:
                raise Refused(
                    f"the bytes of {found.artifact.name} are not kept any more; `exchange replay {sealed.claim.id} "
                    "--reason ...` makes the file anew from the original, under another name"
                )
            if as_json:
                print_json(delivery_object(sent))
            elif sent.artifact.state not in UNDELIVERED:
                click.echo(f"sent {clean(sent.path)} again")
            codes.append(tell(house, None, as_json=as_json))
    return codes[-1]


def _delivery(ledger: Ledger, name: str) -> tuple[SealedClaim, Delivery]:
    start, _, number = name.rpartition(".")
    if not start or not number.isdigit():
        raise Refused(f"{name!r} is no delivery; they look like 3f0c9a1b2c3d.2: `exchange status` shows them")
    known = claim_of(ledger, start)
    sealed = ledger.claims.sealed(known.claim.id)
    found = next((entry for entry in sealed.deliveries if entry.artifact.number == int(number)), None)
    if found is None or found.artifact.kind not in _KINDS:
        sent = ", ".join(entry.id for entry in sealed.deliveries if entry.artifact.kind in _KINDS)
        merged = f"; it went out in the files of claim {sealed.outputs_of}" if sealed.outputs_of else ""
        raise Refused(f"claim {known.claim.id} sent no file number {number}; it sent {sent or 'nothing'}{merged}")
    if found.artifact.state in UNDELIVERED:
        raise Refused(f"{found.artifact.name} is not delivered yet: `exchange run {sealed.claim.flow}` delivers it")
    return sealed, found


def _would(found: Delivery, *, as_json: bool) -> None:
    if as_json:
        print_json(delivery_object(found))
    else:
        artifact = found.artifact
        click.echo(f"would send {clean(artifact.name)} to {artifact.endpoint} again; it is {artifact.state.value}")
