"""Turns what the ledger knows of a claim into the report of `run`."""

from __future__ import annotations

from exchange.engine.batch import Batch
from exchange.engine.claim import Duplicate
from exchange.engine.house import House
from exchange.engine.kept import pending_path
from exchange.kernel.ledger import Sealing
from exchange.kernel.model import Artifact, Claim, ClaimState, Counts, FileReport, Preview


def finished(house: House, claim: Claim, seconds: float) -> FileReport:
    """Return the report of a sealed claim."""
    sealed = house.ledger.claims.sealed(claim.id)
    return FileReport(
        flow=claim.flow,
        claim=claim.id,
        file=claim.source.shown,
        sha256=claim.sha256,
        state=sealed.state.value,
        records=sealed.records,
        documents=sealed.documents,
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
        problems=sealed.problem_counts,
        seconds=seconds,
        notes=sealed.notes,
        actions=sealed.actions,
    )


def waits(house: House, artifact: Artifact) -> str:
    """Return where an artifact that is not delivered yet lies, for people."""
    return str(pending_path(house, artifact).relative_to(house.root))


def dry(claim: Claim, sealing: Sealing, state: str, seconds: float, preview: Preview | None = None) -> FileReport:
    """Return the report of a run that changes nothing: what would be delivered."""
    return FileReport(
        flow=claim.flow,
        claim=claim.id,
        file=claim.source.shown,
        sha256=claim.sha256,
        state=state,
        records=sealing.records,
        documents=sealing.documents,
        outputs=tuple(
            {"endpoint": made.endpoint, "path": made.name, "records": made.records, "sha256": made.sha256}
            for made in sealing.artifacts
            if made.kind == "output"
        ),
        rejects=tuple(made.name for made in sealing.artifacts if made.kind == "reject"),
        problems=sealing.problem_counts,
        seconds=seconds,
        notes=(*sealing.notes, "dry run: nothing was delivered, recorded or moved"),
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


def held(claim: Claim, batch: Batch, reasons: tuple[str, ...], seconds: float) -> FileReport:
    """Return the report of a claim that a guard holds."""
    return FileReport(
        flow=claim.flow,
        claim=claim.id,
        file=claim.source.shown,
        sha256=claim.sha256,
        state=ClaimState.HELD.value,
        records=batch.records,
        documents=batch.documents,
        problems=dict(batch.problem_counts),
        seconds=seconds,
        notes=reasons,
    )
