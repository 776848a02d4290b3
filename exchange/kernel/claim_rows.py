"""What the ledger knows of claims and of the deliveries and documents that came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from exchange.kernel.document_rows import DocumentRow
from exchange.kernel.model import Artifact, ArtifactState, Claim, ClaimState, Counts
from exchange.kernel.reject_rows import ProblemRow, RejectRow

UNDELIVERED = (ArtifactState.SEALED, ArtifactState.STAGED)


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim and how far it has come."""

    claim: Claim
    state: ClaimState
    tries: int = 0
    """How often its work was begun and ended by what may be the file's own fault."""
    retired: bool = False
    """Whether its source is dealt with: what lies there under its name now is another arrival."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An artifact and what is known of its delivery (its state and time are in the artifact)."""

    artifact: Artifact
    path: str = ""
    """Where it lies on the target; empty until delivered."""
    staged_at: datetime | None = None
    acknowledged_at: datetime | None = None
    """When the target's answer was seen."""

    @property
    def id(self) -> str:
        """The name people call it by: `<claim>.<number>`."""
        return f"{self.artifact.claim}.{self.artifact.number}"


@dataclass(frozen=True, slots=True)
class SealedClaim:
    """A sealed claim with all that publishing, reports and `status` need."""

    claim: Claim
    state: ClaimState
    sealed_at: datetime
    closed_at: datetime | None
    records: Counts
    documents: Counts
    deliveries: tuple[Delivery, ...]
    """In order of artifact number."""
    problem_counts: Mapping[str, int]
    notes: tuple[str, ...]
    retired: bool = False
    """Whether its source is dealt with."""
    outputs_of: str | None = None
    """The claim in whose files its documents went out, where files were merged; None: its own."""
    actions: Mapping[str, int] = field(default_factory=dict)
    """What targets are told (new, change, cancel, return) -> of how many documents."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """File of the workspace -> the start of its sha256, as they were when the claim was sealed; empty: not known."""

    @property
    def undelivered(self) -> tuple[Artifact, ...]:
        """What is still to be delivered, in order of number."""
        return tuple(entry.artifact for entry in self.deliveries if entry.artifact.state in UNDELIVERED)


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A held document as `release` needs it."""

    claim: Claim
    """The claim that holds it."""
    kind: str
    channel: str
    row: DocumentRow
    artifact: Artifact | None
    """The held artifact it lies in: the one its outputs name with the label `held`, else the claim's only one."""


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One appearance of a document."""

    claim: Claim
    state: ClaimState
    sealed_at: datetime
    kind: str
    channel: str
    row: DocumentRow
    deliveries: tuple[tuple[str, Delivery], ...]
    """(label, delivery) for each of the row's outputs."""
    rejects: tuple[RejectRow, ...]
    problems: tuple[ProblemRow, ...]
