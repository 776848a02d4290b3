"""What the ledger remembers, as values, and the ports through which the engine asks and tells it.

A ledger is five small ports: `runs`, `files`, `claims`, `documents`, `rejects`. Every time is an aware UTC datetime.
Only *sealed* claims count: what was added for a claim before its seal is invisible to `documents` and `rejects`.
Every method may raise TryLater (disk full, locked, unreachable) and Stop (corrupt, or contradicts what is recorded).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from exchange.kernel.document_rows import DocumentBlock, DocumentRow, KnownDocument
from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, Claim, ClaimState, Counts, Receipt, SourceFile


class AlreadyClaimed(TryLater):
    """Another process owns this (flow, sha256, attempt); nothing was recorded."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        super().__init__(
            f"{claim.source.name} was claimed for flow {claim.flow} by another run at the same moment; "
            f"that run carries it on: `exchange status`"
        )


class FactsChanged(TryLater):
    """A claim sealed since `version` holds documents that this claim decided on; decide them again."""

    def __init__(self, claim: str, numbers: tuple[str, ...]) -> None:
        self.claim = claim
        self.numbers = numbers
        """Some of the documents that changed meanwhile, at most 20."""
        super().__init__(
            f"claim {claim}: document {', '.join(numbers)} was changed by another claim meanwhile; run again"
        )


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem as it is kept; the words are final."""

    code: str
    severity: str
    message: str
    remedy: str = ""
    file_line: int | None = None
    record: int | None = None
    field: str | None = None
    value: str | None = None
    number: str = ""
    """Document it belongs to; empty for the file as a whole."""
    reject_id: str | None = None


@dataclass(frozen=True, slots=True)
class RejectRow:
    """One document (or whole file) set aside."""

    reject_id: str
    claim: str
    flow: str
    kind: str
    channel: str
    number: str
    """Empty where a record's document is not known, or the whole file was rejected."""
    codes: tuple[str, ...]
    file: str
    """Where a person finds it: the reject file, workspace-relative."""
    file_line: int
    """Physical line in the source file; 0 for a file rejected whole."""
    opened_at: datetime
    as_of: datetime
    """The age of the rejected content; a correction is run with it."""
    state: str = "open"
    """open, closed, superseded or waived."""
    closed_by: str | None = None
    """The claim that closed it; None while open, and for a waiver."""
    closed_at: datetime | None = None

    @property
    def document(self) -> str:
        """The business key as people write it: kind/channel/number."""
        return f"{self.kind}/{self.channel}/{self.number}"


@dataclass(frozen=True, slots=True)
class RejectClosing:
    """A reject that a claim ends."""

    reject_id: str
    state: str = "closed"
    """closed (its own correction) or superseded (a newer version of the document)."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """Everything one seal records beside the documents added before; it happens whole or not at all."""

    claim: str
    version: int
    """`documents.version()` as it was when the facts of the decisions were read."""
    at: datetime
    records: Counts
    documents: Counts
    artifacts: tuple[Artifact, ...] = ()
    rejects: tuple[RejectRow, ...] = ()
    problems: tuple[ProblemRow, ...] = ()
    """May be capped; `problem_counts` is complete."""
    problem_counts: Mapping[str, int] = field(default_factory=dict)
    """Code -> how often."""
    closes: tuple[RejectClosing, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim and how far it has come."""

    claim: Claim
    state: ClaimState


@dataclass(frozen=True, slots=True)
class Delivery:
    """An artifact and what is known of its delivery (its state and time are in the artifact)."""

    artifact: Artifact
    path: str = ""
    """Where it lies on the target; empty until delivered."""
    staged_at: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of the command."""

    number: int
    command: str
    started_at: datetime
    ended_at: datetime | None
    """None while it runs, and for ever where it was killed."""
    exit: int | None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What a person did by hand."""

    who: str
    what: str
    subject: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """What `status` shows."""

    claims: Mapping[str, Mapping[ClaimState, int]]
    """By flow and state."""
    open_rejects: Mapping[str, int]
    """By flow; flows without any are left out."""
    held_documents: Mapping[str, int]
    """By flow; a document counts only while its latest appearance is held."""
    last_run: RunRow | None
    undelivered: tuple[Delivery, ...]
    """Sealed or staged, not delivered yet."""
    presumed: tuple[Delivery, ...]
    """Presumed delivered; settled by an acknowledgement or by a person."""


class RunLedger(Protocol):
    """Who ran what, and what people did by hand."""

    def start(self, command: str, at: datetime) -> int:
        """Record that a run begins and return its number."""

    def end(self, run: int, exit_code: int, at: datetime) -> None:
        """Record that a run ended by itself."""

    def act(self, action: ActionRow) -> None:
        """Record what a person did by hand."""

    def actions(self, subject: str | None = None) -> list[ActionRow]:
        """Return what was done by hand, oldest first."""


class FileLedger(Protocol):
    """Files that stay where they are (`then: keep`): what was seen before need not be fetched and hashed again."""

    def sighting(self, source: SourceFile) -> str | None:
        """Return the sha256 noted for this very name, size and time; None where anything differs."""

    def note(self, source: SourceFile, sha256: str, at: datetime) -> None:
        """Remember the content of a file as it was seen."""


class ClaimLedger(Protocol):
    """The life of a claim. Four synced commits for each file: take, seal, staged, finish (or take, hold)."""

    def open(self, flow: str) -> list[KnownClaim]:
        """Return the claims that are not over (claimed, sealed, held), oldest first."""

    def latest(self, flow: str, sha256: str) -> KnownClaim | None:
        """Return the last attempt at this content."""

    def take(self, claim: Claim, run: int) -> None:
        """Record our ownership, durably; raises AlreadyClaimed where (flow, sha256, attempt) is taken."""

    def restart(self, claim: str) -> None:
        """Forget what was added for a claim that is not sealed, and work on it again; raises Stop where it is sealed.

        A claim that a guard held is `claimed` again.
        """

    def hold(self, claim: str, at: datetime, notes: tuple[str, ...]) -> None:
        """Record, durably, that a guard holds a claim before its seal and why; raises Stop where it is sealed."""

    def seal(self, sealing: Sealing) -> None:
        """Record everything in one transaction; raises FactsChanged (nothing recorded), Stop where not `claimed`.

        FactsChanged: a claim sealed after `sealing.version` holds a document that this claim holds too. Call
        `restart`, read the facts again, decide again, add the documents again, seal again.
        """

    def sealed(self, claim: str) -> SealedClaim:
        """Return all about a sealed claim; raises Stop where there is no such sealed claim."""

    def staged(self, claim: str, numbers: Collection[int], at: datetime) -> None:
        """Record, durably, that these artifacts lie complete under their temporary names."""

    def finish(
        self,
        claim: str,
        state: ClaimState,
        receipts: Mapping[int, Receipt],
        at: datetime,
        notes: tuple[str, ...] = (),
    ) -> None:
        """Record receipts by artifact number and the claim's state, durably and in one step; notes are added.

        With `state` SEALED the claim stays open: some target was not reached, its delivery waits.
        """


class DocumentLedger(Protocol):
    """Documents by business key: (kind, channel, number)."""

    def version(self) -> int:
        """Return the version of the facts: it grows with each seal, 0 at first."""

    def known(self, kind: str, channel: str, numbers: Sequence[str]) -> dict[str, KnownDocument]:
        """Return what is known of these documents, by number; documents never seen are left out."""

    def add(self, claim: str, kind: str, channel: str, block: DocumentBlock) -> None:
        """Add documents of a claim that is not sealed yet (Stop where it is), in short transactions."""

    def held(self, kind: str, number: str, channel: str | None = None) -> list[HeldDocument]:
        """Return the document where it is held now: at most one for each channel."""

    def trace(self, kind: str, number: str, channel: str | None = None) -> list[TraceRow]:
        """Return every appearance in a sealed claim, in the order of the seals."""


class RejectLedger(Protocol):
    """Documents set aside."""

    def get(self, reject_id: str) -> RejectRow | None:
        """Return one reject."""

    def find(self, flow: str | None = None, state: str | None = "open") -> list[RejectRow]:
        """Return rejects in the order they were opened; None means any."""

    def problems(self, reject_id: str) -> list[ProblemRow]:
        """Return the problems kept for one reject."""


class Ledger(Protocol):
    """All that is remembered between runs."""

    @property
    def runs(self) -> RunLedger:
        """Runs and actions."""

    @property
    def files(self) -> FileLedger:
        """Sightings."""

    @property
    def claims(self) -> ClaimLedger:
        """Claims, artifacts, receipts."""

    @property
    def documents(self) -> DocumentLedger:
        """Documents by business key."""

    @property
    def rejects(self) -> RejectLedger:
        """Rejects and their problems."""

    def summary(self) -> Summary:
        """Return what `status` shows."""

    def close(self) -> None:
        """Let go of the database."""
