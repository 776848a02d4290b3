"""What the ledger remembers, as values, and the ports through which the engine asks and tells it.

A ledger is a few small ports: `runs`, `files`, `claims`, `deliveries`, `documents`, `holds`, `sent`, `stock`,
`backorders`, `guards`, `rejects`, `brakes`, `schedules`.
Every time is an aware UTC datetime.
Only *sealed* claims count: what was added for a claim before its seal is invisible to `documents` and `rejects`.
Every method may raise TryLater (disk full, locked, unreachable) and Stop (corrupt, or contradicts what is recorded).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from exchange.kernel.backorder_rows import BackorderLedger, BackorderRecord
from exchange.kernel.claim_rows import Delivery, HeldDocument, KnownClaim, SealedClaim, TraceRow
from exchange.kernel.delivery_ledger import DeliveryLedger
from exchange.kernel.document_rows import DocumentBlock, DocumentRow, KnownDocument, Shipped
from exchange.kernel.errors import TryLater
from exchange.kernel.file_ledger import FileLedger
from exchange.kernel.guard_rows import Baseline, GuardLedger, Notice
from exchange.kernel.hold_rows import HoldLedger
from exchange.kernel.model import Artifact, Claim, ClaimState, Counts, Receipt
from exchange.kernel.reject_rows import ProblemRow, RejectClosing, RejectLedger, RejectRow
from exchange.kernel.returned import CellChange
from exchange.kernel.sent_rows import SentLedger
from exchange.kernel.stock_rows import StockLedger, StockRecord


class AlreadyClaimed(TryLater):
    """Another process owns this (flow, sha256, attempt); nothing was recorded."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        super().__init__(
            f"{claim.source.shown} was claimed for flow {claim.flow} by another run at the same moment; "
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
    outputs_of: str | None = None
    """The claim in whose files its documents went out, where files were merged; None: its own."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """File of the workspace that its files were made by -> the start of its sha256."""
    as_of: datetime | None = None
    """How old the content turned out to be; None: as it was claimed."""
    actions: Mapping[str, int] = field(default_factory=dict)
    """What targets are told (new, change, cancel, return) -> of how many documents."""
    shipped: tuple[Shipped, ...] = ()
    """What its shipments report as shipped."""
    backorders: BackorderRecord | None = None
    """What waits for stock; None where nobody asks for stock."""
    stock: StockRecord | None = None
    """What it tells of stock, or takes of it."""
    changes: tuple[CellChange, ...] = ()
    """What people changed in rejects that came back."""
    baseline: Baseline | None = None
    """What the next file of its pick-up is compared with, where guards compare."""
    notices: tuple[Notice, ...] = ()
    """What people are to be told of by message."""


@dataclass(frozen=True, slots=True)
class Brake:
    """A flow or an endpoint that a person has paused."""

    kind: str
    """`flow` or `endpoint`."""
    name: str
    who: str
    reason: str
    at: datetime


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
    last_actions: Mapping[str, Mapping[str, int]]
    """By flow: what the last run told targets (new, change, cancel, return) -> of how many documents."""
    undelivered: Mapping[str, tuple[Delivery, ...]]
    """Sealed or staged, not delivered yet; by flow, in the order in which they will be delivered."""
    presumed: Mapping[str, tuple[Delivery, ...]]
    """Presumed delivered, by flow; settled by an acknowledgement or by a person."""
    unanswered: Mapping[str, tuple[Delivery, ...]]
    """Delivered, but not acknowledged by a target that answers; by flow."""
    brakes: tuple[Brake, ...]
    """What people have paused."""


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


class ClaimLedger(Protocol):
    """The life of a claim. Four synced commits for each file: take, seal, staged, finish (or take, hold)."""

    def open(self, flow: str) -> list[KnownClaim]:
        """Return the claims that are not over (claimed, sealed, held), oldest first."""

    def latest(self, flow: str, sha256: str, channel: str | None = None) -> KnownClaim | None:
        """Return the last attempt at this content, of one channel where that is named."""

    def newest(self, flow: str, endpoint: str, name: str) -> KnownClaim | None:
        """Return the claim of a flow that took a file of this name from an endpoint last."""

    def take(self, claim: Claim, run: int) -> None:
        """Record our ownership and the first try, durably; raises AlreadyClaimed where it is another's.

        Ownership is of (flow, sha256, attempt).
        """

    def get(self, claim: str) -> KnownClaim | None:
        """Return one claim by its id, whatever its state."""

    def like(self, start: str) -> list[KnownClaim]:
        """Return the claims whose ids start like this, at most a few; a whole id finds its own claim."""

    def restart(self, claim: str, *, counted: bool = False) -> int:
        """Forget what was added for a claim that is not sealed, and work on it again; raises Stop where it is sealed.

        A claim that a guard held is `claimed` again. `counted`: this is another try, durably counted before the work.
        Returns the tries counted so far.
        """

    def excuse(self, claim: str) -> None:
        """Take back the last counted try: what ended it was not the file's fault. Never below 0; unknown is fine."""

    def hold(self, claim: str, at: datetime, notes: tuple[str, ...]) -> None:
        """Record, durably, that a guard holds a claim before its seal and why; raises Stop where it is sealed."""

    def held(self, flow: str) -> Mapping[str, tuple[datetime, tuple[str, ...]]]:
        """Return the held claims of a flow, oldest first: since when each is held, and for what reasons."""

    def seal(self, sealing: Sealing, *more: Sealing) -> None:
        """Record everything in one transaction; raises FactsChanged (nothing recorded), Stop where not `claimed`.

        `more`: claims whose files were merged with the first one's; they take effect behind it, all or none.
        FactsChanged: a claim sealed after `sealing.version` holds a document that this claim holds too. Call
        `restart`, read the facts again, decide again, add the documents again, seal again.
        """

    def sealed(self, claim: str) -> SealedClaim:
        """Return all about a sealed claim; raises Stop where there is no such sealed claim."""

    def merged(self, claim: str) -> list[SealedClaim]:
        """Return the claims whose documents went out in this one's files, in the order of the seals."""

    def staged(self, claim: str, numbers: Collection[int], at: datetime) -> None:
        """Record, durably, that these artifacts lie complete under their temporary names."""

    def finish(
        self,
        claim: str,
        state: ClaimState,
        receipts: Mapping[int, Receipt],
        at: datetime,
        notes: tuple[str, ...] = (),
        *,
        retired: bool = False,
    ) -> None:
        """Record receipts by artifact number and the claim's state, durably and in one step; notes are added.

        With `state` SEALED the claim stays open: some target was not reached, its delivery waits. `retired`: its
        source is dealt with for good.
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

    def written(self, claim: str) -> list[DocumentRow]:
        """Return the documents of a sealed claim that stand in any of its files, in the order of the source."""

    def filtered(self, flow: str, reason: str) -> int:
        """Return how many documents of a flow are filtered now for a reason that begins so."""

    def seen(self, flow: str) -> list[tuple[str, str, str]]:
        """Return (kind, channel, number) of every document in a sealed claim of a flow, each once, in order."""

    def trace(self, kind: str, number: str, channel: str | None = None) -> list[TraceRow]:
        """Return every appearance in a sealed claim, in the order of the seals."""


class BrakeLedger(Protocol):
    """What people have paused."""

    def pause(self, brake: Brake) -> None:
        """Pause a flow or an endpoint, durably; one that is paused stays as it was paused first."""

    def resume(self, kind: str, name: str) -> bool:
        """Let it go on, durably; False where it was not paused."""

    def paused(self) -> tuple[Brake, ...]:
        """Return what is paused, by kind and name."""


class ScheduleLedger(Protocol):
    """When flows were due."""

    def last(self, flow: str) -> datetime | None:
        """Return the scheduled moment that was served last."""

    def served(self, flow: str, moment: datetime) -> None:
        """Remember, durably, that a scheduled moment was served."""


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
    def deliveries(self) -> DeliveryLedger:
        """What was delivered, what waits, what was answered."""

    @property
    def documents(self) -> DocumentLedger:
        """Documents by business key."""

    @property
    def holds(self) -> HoldLedger:
        """Held documents, and for how long they are held."""

    @property
    def sent(self) -> SentLedger:
        """Documents as they were sent."""

    @property
    def stock(self) -> StockLedger:
        """Stock as it was told, and what orders took of it since."""

    @property
    def backorders(self) -> BackorderLedger:
        """Documents that wait for stock."""

    @property
    def guards(self) -> GuardLedger:
        """What guards compare with, and the files that they hold."""

    @property
    def rejects(self) -> RejectLedger:
        """Rejects and their problems."""

    @property
    def brakes(self) -> BrakeLedger:
        """What people have paused."""

    @property
    def schedules(self) -> ScheduleLedger:
        """When flows were due."""

    def summary(self) -> Summary:
        """Return what `status` shows."""

    def close(self) -> None:
        """Let go of the database."""
