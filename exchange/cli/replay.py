"""`exchange replay`: run a file once more from its archived original, although its content was taken before."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from exchange.assemble.house import ledger_of
from exchange.cli.acting import acting, actor, by_a_person, tell
from exchange.cli.claims import claim_of
from exchange.cli.context import Refused, in_workspace, with_json
from exchange.cli.wording import clean
from exchange.config.workspace import load_flows
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger
from exchange.kernel.load import load
from exchange.kernel.model import ClaimState

REPLAY = "exchange.engine.replay:replay"
"""Loaded when there is something to run: it imports pandas."""


@click.command()
@click.argument("claim")
@in_workspace
@with_json
@by_a_person
def replay(root: Path, claim: str, *, as_json: bool, dry: bool) -> Exit:
    """Run a file once more from its archived original, for example `exchange replay 3f0c9a1b2c3d --reason "..."`.

    It is a claim of its own, linked to the first, and takes effect: orders that were sent go out again, with the
    mappings of today, in files of other names. An order of which a newer version was sent is left out.
    """
    setup = load_flows(root)
    codes: list[Exit] = []
    with ledger_of(setup) as ledger:
        known = _replayable(ledger, claim)
        original = known.claim
        if dry:
            click.echo(
                f"would run {clean(original.source.shown)} of {original.claimed_at:%Y-%m-%d %H:%M} UTC "
                f"(claim {original.id}) through flow {original.flow} once more"
            )
            return Exit.FINE
        with acting(setup, ledger, original.flow, f"replay {original.id}", codes) as house:
            report = load(REPLAY)(house, original, actor().action("replay", original.id))
            if report is None:
                raise Refused(
                    f"the original of claim {original.id} is not in {house.archive} any more: drop it in again"
                )
            codes.append(tell(house, report, as_json=as_json))
    return codes[-1]


def _replayable(ledger: Ledger, start: str) -> KnownClaim:
    known = claim_of(ledger, start)
    if known.state is ClaimState.SEALED:
        raise Refused(
            f"claim {known.claim.id} is not delivered whole yet: `exchange run {known.claim.flow}` delivers what waits"
        )
    owner = ledger.claims.sealed(known.claim.id).outputs_of
    if owner is not None and ledger.claims.sealed(owner).state is ClaimState.SEALED:
        raise Refused(
            f"claim {known.claim.id} went out in the files of claim {owner}, which are not delivered whole yet: "
            f"`exchange run {known.claim.flow}` delivers what waits"
        )
    if known.state is ClaimState.DONE and _is_archive(ledger, known.claim.id):
        raise Refused(
            f"claim {known.claim.id} is an archive: replay the claims of the files that came in it "
            "(`exchange trace order NUMBER` names them)"
        )
    if known.claim.origin.of_held:
        raise Refused(
            f"claim {known.claim.id} released held rows of claim {known.claim.parent}: replay that one, or send the "
            f"files again: exchange resend {known.claim.id}.1"
        )
    return known


def _is_archive(ledger: Ledger, claim: str) -> bool:
    return any(delivery.artifact.kind == "member" for delivery in ledger.claims.sealed(claim).deliveries)
