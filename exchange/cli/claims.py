"""Alone finds the claim that somebody names on the command line."""

from __future__ import annotations

from exchange.cli.context import Refused
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import ClaimState


def claim_of(ledger: Ledger, start: str) -> KnownClaim:
    """Return the sealed claim whose id starts like this; raises Refused where there is none, or more than one."""
    found = ledger.claims.like(start.lower())
    if not found:
        raise Refused(f"there is no claim {start}; `exchange run --json` and `exchange trace` show claims")
    if len(found) > 1:
        raise Refused(f"several claims start with {start}: {', '.join(known.claim.id for known in found)}")
    known = found[0]
    if known.state in {ClaimState.CLAIMED, ClaimState.HELD}:
        raise Refused(
            f"claim {known.claim.id} is {known.state.value}: nothing of it was sent yet; `exchange run "
            f"{known.claim.flow}` goes on with it"
        )
    return known
