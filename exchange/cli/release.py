"""`exchange release`: let a held document go by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import rich_click as click

from exchange.assemble.house import ledger_of
from exchange.cli.acting import acting, actor, by_a_person, tell
from exchange.cli.context import Refused, in_workspace, with_json
from exchange.config.workspace import load_flows
from exchange.documents.loader import names
from exchange.kernel.claim_rows import HeldDocument
from exchange.kernel.document_rows import DocumentRow
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.kernel.load import load
from exchange.kernel.model import Disposition

RELEASE = "exchange.engine.release:release_document"
"""Loaded when there is something to release: it imports pandas."""


@click.command()
@click.argument("kind", type=click.Choice(names()))
@click.argument("number")
@in_workspace
@with_json
@click.option("--channel", help="Which shop, where several have a document of this number.")
@by_a_person
def release(root: Path, kind: str, number: str, *, as_json: bool, channel: str | None, dry: bool) -> Exit:
    """Send a held document to its targets now, for example `exchange release order 1003`.

    It goes through the same checks as any other, in a batch of its own. Who released it and why is recorded. What waits
    for stock goes out whatever there is.
    """
    setup = load_flows(root)
    codes: list[Exit] = []
    with ledger_of(setup) as ledger:
        held = _held(ledger, kind, number, channel)
        document = f"{kind}/{held.channel}/{held.row.number}"
        if dry:
            since = f"{held.claim.claimed_at:%Y-%m-%d %H:%M} UTC"
            click.echo(
                f"would release {kind} {held.row.number} ({held.channel}), held since {since}: {held.row.reason}"
            )
            return Exit.FINE
        with acting(setup, ledger, held.claim.flow, f"release {kind} {number}", codes) as house:
            ledger.runs.act(actor().action("release", document))
            report = load(RELEASE)(house, held)
            if report is None:
                raise Refused("the held rows changed while they were read; try again")
            codes.append(tell(house, report, as_json=as_json))
    return codes[-1]


def _held(ledger: Ledger, kind: str, number: str, channel: str | None) -> HeldDocument:
    found = ledger.documents.held(kind, number.removeprefix("#"), channel)
    found = found or list(_waiting(ledger, kind, number.removeprefix("#"), channel))
    if not found:
        raise Refused(f"no {kind} {number} is held; see where it is: exchange trace {kind} {number}")
    if len(found) > 1:
        channels = ", ".join(held.channel for held in found)
        raise Refused(f"{kind} {number} is held for several channels ({channels}): add --channel NAME")
    return found[0]


def _waiting(ledger: Ledger, kind: str, number: str, channel: str | None) -> Iterator[HeldDocument]:
    """Yield the document where a part of it was sent and the rest waits for stock."""
    for waits in ledger.backorders.find(kind, (number,), channel):
        sealed = ledger.claims.sealed(waits.claim)
        held = next((each.artifact for each in sealed.deliveries if each.artifact.kind == "held"), None)
        reason = f"waits for stock: {', '.join(want.shown for want in waits.wants)}"
        row = DocumentRow(number, Disposition.OUT, reason, "", None, 0, waits.first_record, waits.records, waits.as_of)
        yield HeldDocument(sealed.claim, kind, waits.channel, row, held)
