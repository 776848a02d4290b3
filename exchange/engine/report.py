"""Turns what the ledger knows of a claim into the report of `run`."""

from __future__ import annotations

from dataclasses import replace

from exchange.engine.claim import Duplicate
from exchange.engine.house import House
from exchange.engine.kept import pending_path
from exchange.kernel.ledger import Sealing
from exchange.kernel.model import Artifact, Claim, ClaimState, Counts, FileReport, Preview


def finished(house: House, claim: Claim, seconds: float) -> FileReport:
    """Return the report of a sealed claim."""
    sealed = house.ledger.claims.sealed(claim.id)
    counts = (sealed.records, sealed.documents, sealed.problem_counts)
    return replace(
        FileReport.of_claim(claim, sealed.state.value, counts, seconds, sealed.notes),
        outputs=tuple(
            {
                "endpoint": delivery.artifact.endpoint,
                "path": delivery.path or waits(house, delivery.artifact),
                "records": delivery.artifact.records,
                "sha256": delivery.artifact.sha256,
                "delivery": delivery.id,
                "state": delivery.artifact.state.value,
            }
            for delivery in sealed.deliveries
            if delivery.artifact.kind == "output"
        ),
        rejects=tuple(
            delivery.path or waits(house, delivery.artifact)
            for delivery in sealed.deliveries
            if delivery.artifact.kind == "reject"
        ),
        actions=sealed.actions,
    )


def waits(house: House, artifact: Artifact) -> str:
    """Return where an artifact that is not delivered yet lies, for people."""
    return str(pending_path(house, artifact).relative_to(house.root))


def dry(claim: Claim, sealing: Sealing, state: str, seconds: float, preview: Preview | None = None) -> FileReport:
    """Return the report of a run that changes nothing: what would be delivered."""
    counts = (sealing.records, sealing.documents, sealing.problem_counts)
    notes = (*sealing.notes, "dry run: nothing was delivered, recorded or moved")
    return replace(
        FileReport.of_claim(claim, state, counts, seconds, notes),
        outputs=tuple(
            {"endpoint": made.endpoint, "path": made.name, "records": made.records, "sha256": made.sha256}
            for made in sealing.artifacts
            if made.kind == "output"
        ),
        rejects=tuple(made.name for made in sealing.artifacts if made.kind == "reject"),
        actions=sealing.actions,
        preview=preview,
    )


def duplicate(found: Duplicate, flow: str, rejects: tuple[str, ...] = ()) -> FileReport:
    """Return the report of content that was taken before; `rejects` are the reject files that it left."""
    earlier = found.earlier.claim
    return FileReport(
        flow=flow,
        claim=earlier.id,
        file=found.source.shown,
        sha256=found.sha256,
        state="duplicate",
        records=Counts(),
        documents=Counts(),
        notes=(
            f"the same content was taken as {earlier.source.shown} on {earlier.claimed_at:%Y-%m-%d %H:%M} UTC "
            f"(claim {earlier.id}, {found.earlier.state.value}); it takes no effect again",
            *(f"what it left to correct is in {path}: drop that one back" for path in rejects),
        ),
    )


def held(claim: Claim, reasons: tuple[str, ...], seconds: float) -> FileReport:
    """Return the report of a claim that waits for its turn: none of its records were looked at."""
    return FileReport.of_claim(claim, ClaimState.HELD.value, (Counts(), Counts(), {}), seconds, reasons)
