"""`exchange approve` and `exchange decline`: what becomes of a file that a guard holds."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from exchange.assemble.house import ledger_of
from exchange.cli.acting import acting, actor, by_a_person, tell
from exchange.cli.context import Refused, in_workspace, with_json
from exchange.cli.wording import clean
from exchange.config.workspace import load_flows
from exchange.engine.single import recovered
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.exits import Exit
from exchange.kernel.guard_rows import Decision, Hold
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import ClaimState

_DOES = {Decision.APPROVED: "let it go on, whatever the guards say", Decision.DECLINED: "reject it whole"}
_DONE = {"approve": Decision.APPROVED, "decline": Decision.DECLINED}


@click.command()
@click.argument("claim")
@in_workspace
@with_json
@by_a_person
def approve(root: Path, claim: str, *, as_json: bool, dry: bool) -> Exit:
    """Let a file go on that a guard holds, for example `exchange approve 3f0c9a1b2c3d --reason "spring prices"`.

    It goes through the same stages as any other, and the guards are not asked again. It becomes what the next file is
    compared with. Who approved it and why is recorded.
    """
    return _decide(root, "approve", claim, as_json=as_json, dry=dry)


@click.command()
@click.argument("claim")
@in_workspace
@with_json
@by_a_person
def decline(root: Path, claim: str, *, as_json: bool, dry: bool) -> Exit:
    """Reject a file whole that a guard holds, for example `exchange decline 3f0c9a1b2c3d --reason "cut off"`.

    Nothing of it is used, all its documents count as rejected, the original is archived. Who declined it and why is
    recorded. Ends with 3, as any rejected file.
    """
    return _decide(root, "decline", claim, as_json=as_json, dry=dry)


def _decide(root: Path, command: str, start: str, *, as_json: bool, dry: bool) -> Exit:
    setup = load_flows(root)
    decision = _DONE[command]
    codes: list[Exit] = []
    with ledger_of(setup) as ledger:
        known, hold = _held(ledger, start)
        claim = known.claim
        who = actor()
        if dry:
            click.echo(f"would {_DOES[decision]}: {clean(claim.source.shown)}, held: {clean('; '.join(hold.reasons))}")
            return Exit.FINE
        if not who.reason.strip():
            raise Refused(f'say why: exchange {command} {claim.id} --reason "..."; it is recorded with your name')
        with acting(setup, ledger, claim.flow, f"{command} {claim.id}", codes) as house:
            known, hold = _held(ledger, claim.id)  # now that nobody else works on the flow
            ledger.runs.act(who.action(command, claim.id))
            ledger.guards.decide(claim.id, decision, who.who, who.reason, house.now())
            codes.append(tell(house, recovered(house, known), as_json=as_json))
    return codes[-1]


def _held(ledger: Ledger, start: str) -> tuple[KnownClaim, Hold]:
    """Return the held claim whose id starts like this; raises Refused where there is none."""
    found = ledger.claims.like(start.lower())
    if not found:
        raise Refused(f"there is no claim {start}; `exchange status` shows the files that guards hold")
    if len(found) > 1:
        raise Refused(f"several claims start with {start}: {', '.join(known.claim.id for known in found)}")
    [known] = found
    hold = ledger.guards.held(known.claim.id)
    if known.state is not ClaimState.HELD or hold is None:
        decided = "" if hold is None or not hold.who else f" ({hold.decision.value} by {hold.who})"
        raise Refused(
            f"claim {known.claim.id} is {known.state.value}{decided}, not held by a guard; "
            "`exchange status` shows the files that are"
        )
    return known, hold
