"""Files that guards hold: set aside with a page that explains them, left alone until a person decided; light."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence

from exchange.config.models import Flow
from exchange.engine.held_page import page_lines
from exchange.engine.house import House, pick_up_of
from exchange.engine.trip import Trip
from exchange.kernel.atomic import make_folder, sync_folder, write_synced
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.guard_rows import Decision, Hold, Notice
from exchange.kernel.model import Claim, ClaimState, Counts, FileReport

PAGES = "data/state/held"
"""Where the pages lie."""


def pick_up_key(flow: Flow, claim: Claim) -> str:
    """Return what tells the pick-up of a claim from others: `endpoint/folder/pattern`."""
    pick_up = flow.pick_up[pick_up_of(flow, claim)]
    return "/".join(part for part in (pick_up.from_, pick_up.folder, pick_up.match) if part)


def page_of(claim: str) -> str:
    """Return the workspace path of the page that explains a held file."""
    return f"{PAGES}/{claim}.md"


def is_approved(house: House, claim: Claim) -> bool:
    """Tell whether a person let a file go on that a guard held."""
    held = house.ledger.guards.held(claim.id)
    return held is not None and held.decision is Decision.APPROVED


def hold_tripped(
    house: House,
    claim: Claim,
    trips: Sequence[Trip],
    counts: tuple[Counts, Counts, Mapping[str, int]],
    started: float,
) -> FileReport:
    """Hold a file that guards tripped on: explain it on a page, record it, queue a message, and report it.

    `counts`: its records and documents as they would be, and its problems by code.
    """
    hold = Hold(
        claim.id,
        claim.flow,
        house.now(),
        tuple(trip.said for trip in trips),
        page_of(claim.id),
        fingerprint(house, claim),
        *counts,
    )
    seconds = time.monotonic() - started
    if house.dry:
        return report_of(claim, hold, seconds)
    before = house.ledger.guards.held(claim.id)
    _write_page(house, claim, hold, trips)
    crashpoint("hold.page")
    known = before is not None and before.reasons == hold.reasons and before.decision is Decision.OPEN
    text = f"{claim.flow}: {claim.source.shown} is held. {' '.join(hold.reasons)} See {hold.page}"
    house.ledger.guards.hold(hold, None if known else Notice("held", claim.flow, claim.id, text, hold.held_at))
    crashpoint("hold.noted")
    return report_of(claim, hold, seconds)


def _write_page(house: House, claim: Claim, hold: Hold, trips: Sequence[Trip]) -> None:
    path = house.root / hold.page
    baseline = house.ledger.guards.baseline(claim.flow, pick_up_key(house.flow, claim))
    before = house.ledger.claims.get(baseline.claim) if baseline is not None else None
    make_folder(path.parent)
    new = path.with_name(f".{path.name}")
    new.unlink(missing_ok=True)
    lines = page_lines(claim, hold, trips, None if before is None else before.claim)
    write_synced(new, (f"{line}\n".encode() for line in lines))
    new.replace(path)
    sync_folder(path.parent)


def fingerprint(house: House, claim: Claim) -> str:
    """Return what changes where guards, mappings or tables of a claim's flow change."""
    version = house.plan(pick_up_of(house.flow, claim)).version
    return hashlib.sha256(f"{house.flow.guards.model_dump_json()}\0{version}".encode()).hexdigest()[:16]


def left_alone(house: House, known: KnownClaim) -> FileReport | None:
    """Return the report of a held file that waits for a person still; None where it is to be worked on."""
    if known.state is not ClaimState.HELD:
        return None
    hold = house.ledger.guards.held(known.claim.id)
    if hold is None or hold.decision is not Decision.OPEN or hold.fingerprint != fingerprint(house, known.claim):
        return None
    return report_of(known.claim, hold, 0.0)


def report_of(claim: Claim, hold: Hold, seconds: float) -> FileReport:
    """Return the report of a held file."""
    counts = (hold.records, hold.documents, hold.problems)
    return FileReport.of_claim(claim, ClaimState.HELD.value, counts, seconds, (*hold.reasons, advice(hold)))


def advice(hold: Hold) -> str:
    """Return what a person does with a held file."""
    return (
        f"nothing of it was delivered: read {hold.page}, then `exchange approve {hold.claim} --reason ...` or "
        f"`exchange decline {hold.claim} --reason ...`"
    )
