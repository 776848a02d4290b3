"""Publishing what is sealed: stage, note, reveal, note; and the same again after a crash, without doubling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from exchange.engine.house import endpoint_of
from exchange.kernel.atomic import sha256_of
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.errors import Stop
from exchange.kernel.ledger import ClaimLedger
from exchange.kernel.model import Artifact, ArtifactState, Receipt


def publish(
    claim: str,
    endpoints: Mapping[str, Endpoint],
    work: Path,
    ledger: ClaimLedger,
    now: Callable[[], datetime],
    *,
    recovering: bool,
) -> dict[int, Receipt]:
    """Deliver the sealed artifacts that are not delivered yet and return their receipts by artifact number.

    `recovering`: they were made by a run before this one, so that their bytes are compared with the seal first.
    """
    waiting = [
        delivery.artifact
        for delivery in ledger.sealed(claim).deliveries
        if delivery.artifact.state in {ArtifactState.SEALED, ArtifactState.STAGED}
    ]
    to_stage = [artifact for artifact in waiting if artifact.state is ArtifactState.SEALED]
    for artifact in to_stage:
        if recovering:
            _verify(artifact, work)
        crashpoint("publish.stage")
        endpoint_of(endpoints, artifact.endpoint, claim).stage(artifact, work / artifact.work_path)
        crashpoint("publish.staged")
    if to_stage:
        ledger.staged(claim, [artifact.number for artifact in to_stage], now())
        crashpoint("publish.noted")
    receipts = {}
    for artifact in waiting:
        crashpoint("publish.reveal")
        receipts[artifact.number] = endpoint_of(endpoints, artifact.endpoint, claim).reveal(artifact)
        crashpoint("publish.revealed")
    return receipts


def _verify(artifact: Artifact, work: Path) -> None:
    """Refuse to deliver bytes that are not the sealed ones."""
    path = work / artifact.work_path
    if not path.exists() or sha256_of(path).sha256 != artifact.sha256:
        raise Stop(
            f"{path} is not what was sealed for {artifact.name}: the work folder was changed by hand or the disk is at "
            f"fault; claim {artifact.claim} is not delivered"
        )
