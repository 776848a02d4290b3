"""The values that travel between the stages; light, frozen, picklable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

COMPUTED = ".computed"
"""Name of the product's own endpoint for files that are computed from the ledger: `data/state/computed`."""
UNPACKED = ".unpacked"
"""The product's own endpoint for what came in archives: `data/state/unpacked`."""
REJECTS, HELD = ".rejects", ".held"
"""The product's own endpoints for what is set aside: `data/rejects` and `data/state/held`."""
BY_HAND = ".file"
"""Endpoint of a file that a person names, wherever it lies: it is copied and stays where it is."""


class Disposition(StrEnum):
    """Where a record or document ends; each ends in exactly one."""

    OUT = "out"
    REJECTED = "rejected"
    FILTERED = "filtered"
    HELD = "held"


class ClaimState(StrEnum):
    """The life of a claim: `claimed` is started again after a crash, `sealed` is published, the rest is over."""

    CLAIMED = "claimed"
    SEALED = "sealed"
    DONE = "done"
    REJECTED = "rejected"
    HELD = "held"


OUTSIDE = "outside `only`"
"""Begins the reason for which a document is filtered that a pilot does not let through."""
NOT_WANTED = "no target takes it"
"""Reason of a document that goes nowhere because no delivery is for it."""


class Origin(StrEnum):
    """Why a claim exists."""

    PICK_UP = "pick_up"
    RELEASE = "release"
    BASELINE = "baseline"
    REPLAY = "replay"
    BACKORDER = "backorder"

    @property
    def of_held(self) -> bool:
        """Whether it is the rows of held documents, taken up again."""
        return self in (Origin.RELEASE, Origin.BACKORDER)


class ArtifactState(StrEnum):
    """How far an artifact's delivery has come."""

    SEALED = "sealed"
    STAGED = "staged"
    DELIVERED = "delivered"
    PRESUMED = "presumed delivered"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file seen at an endpoint; a name is never an identity."""

    endpoint: str
    folder: str
    name: str
    size: int
    """Bytes."""
    mtime_ns: int
    """The endpoint's own clock, nanoseconds since 1970 (UTC)."""
    path: str = ""
    """Workspace-relative or absolute path for people; empty where the endpoint has none."""
    changed_ns: int = 0
    """When this machine saw it change last, nanoseconds since 1970 (UTC); 0 where only the endpoint's clock tells."""
    raw: bytes = b""
    """The name's own bytes where they are no UTF-8; `name` is a printable stand-in then, unique in the folder."""

    @property
    def shown(self) -> str:
        """The name for people: that of a file out of an archive says which archive, `orders.zip/monday.csv`."""
        return self.path if self.endpoint == UNPACKED else self.name


@dataclass(frozen=True, slots=True)
class Claim:
    """Our durable ownership of one picked-up file."""

    id: str
    flow: str
    sha256: str
    attempt: int
    origin: Origin
    source: SourceFile
    pick_up: int
    """Index of the flow's pick-up that took it."""
    channel: str
    mapping: str
    claimed_at: datetime
    """UTC; every date and number in names and files comes from here or from `as_of`, never from the clock."""
    as_of: datetime
    """UTC; the age of the content: the source's modification time, or that of the origin for corrections."""
    parent: str | None = None
    """The claim whose held or rejected documents these are, that is replayed, or of the archive the file came in."""
    then: str = "archive"
    """What happens to the source at the end: archive, delete, keep or move."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Records or documents of one file by disposition."""

    total: int = 0
    out: int = 0
    rejected: int = 0
    filtered: int = 0
    held: int = 0

    @property
    def balanced(self) -> bool:
        """In = out + rejected + filtered + held."""
        return self.total == self.out + self.rejected + self.filtered + self.held

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.total + other.total,
            self.out + other.out,
            self.rejected + other.rejected,
            self.filtered + other.filtered,
            self.held + other.held,
        )

    def as_json(self) -> dict[str, int]:
        """Return the shape of `run --json`."""
        return {
            "in": self.total,
            "out": self.out,
            "rejected": self.rejected,
            "filtered": self.filtered,
            "held": self.held,
        }


@dataclass(frozen=True, slots=True)
class Artifact:
    """A rendered output file, complete and synced in the work folder."""

    claim: str
    number: int
    """Order of delivery within the claim, from 1."""
    kind: str
    """`output`, `reject`, `held`, `member` (of an archive) or `done` (says that the outputs are there)."""
    endpoint: str
    folder: str
    name: str
    temporary: str
    work_path: str
    """Relative to the claim's work folder."""
    size: int
    sha256: str
    records: int
    """Documents (or parts, or rows: what the format counts) in the file."""
    exists: str = "fail"
    """What to do where the final name is taken by other content: `fail`, `unique` or `replace`."""
    answers: str = ""
    """Where the target's answer is looked for: `folder/pattern`, the pattern with {name} or {stem}; blank for none."""
    state: ArtifactState = ArtifactState.SEALED
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof that an artifact reached its target."""

    path: str
    """Where it lies, as a person would look for it."""
    size: int
    presumed: bool = False
    """The staged file is gone and so is the final one: somebody has taken it already."""


PRINTED = ("endpoint", "path", "records", "sha256")
"""What `run --json` prints of an output; how its delivery fares is for `status` and `trace`."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason for which a document is rejected."""

    document: str
    """Its number; blank where it is not known, or the whole file is meant."""
    code: str
    file_line: int | None
    field: str | None
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Documents that do not go out for one reason."""

    reason: str
    documents: int
    examples: tuple[str, ...]
    """Numbers of some of them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How an output begins."""

    endpoint: str
    path: str
    """As in the report's outputs."""
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a dry run shows beyond the numbers."""

    samples: tuple[Sample, ...] = ()
    """Of the first outputs of each delivery."""
    rejected: tuple[Refused, ...] = ()
    """Of the first rejected documents."""
    held: tuple[Kept, ...] = ()
    filtered: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """One line of `run --json`, and what the tables of `run` and `demo` are made of."""

    flow: str
    claim: str
    file: str
    sha256: str
    state: str
    records: Counts
    documents: Counts
    outputs: tuple[Mapping[str, object], ...] = ()
    rejects: tuple[str, ...] = ()
    problems: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    actions: Mapping[str, int] = field(default_factory=dict)
    """What targets are told (new, change, cancel, return) -> of how many documents."""
    preview: Preview | None = None
    """Of a dry run alone."""

    @classmethod
    def of_claim(
        cls,
        claim: Claim,
        state: str,
        counts: tuple[Counts, Counts, Mapping[str, int]],
        seconds: float,
        notes: tuple[str, ...] = (),
    ) -> FileReport:
        """Return the report of a claim; `counts`: its records, its documents, and its problems by code."""
        records, documents, problems = counts
        return cls(
            flow=claim.flow,
            claim=claim.id,
            file=claim.source.shown,
            sha256=claim.sha256,
            state=state,
            records=records,
            documents=documents,
            problems=problems,
            seconds=seconds,
            notes=notes,
        )

    def as_json(self) -> dict[str, object]:
        """Return the object printed by `run --json`.

        Where a target was told something else than new documents, `actions` counts what; a dry run adds `dry_run`,
        which says what would be in it.
        """
        actions = {"actions": dict(self.actions)} if set(self.actions) - {"new"} else {}
        preview = {} if self.preview is None else {"dry_run": asdict(self.preview)}
        return {
            "flow": self.flow,
            "claim": self.claim,
            "file": self.file,
            "sha256": self.sha256,
            "state": self.state,
            "counts": {"records": self.records.as_json(), "documents": self.documents.as_json()},
            "outputs": [{key: output[key] for key in PRINTED if key in output} for output in self.outputs],
            "rejects": list(self.rejects),
            "problems": dict(self.problems),
            "seconds": round(self.seconds, 3),
            **actions,
            **preview,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of whole records of a source file, cut on group borders where rows of a group lie together."""

    path: Path
    ranges: tuple[tuple[int, int, int, int], ...]
    """(start byte, length in bytes, ordinal of the first record, physical line it starts on), in file order.
    One range is usual; a span of scattered groups has many."""
    exact: bool = False
    """Quotes are sloppy here: read by the exact state machine."""
    borders: object = field(default=None, compare=False, repr=False)
    """What the reader found when it cut the span, so that it need not look again; None is always right."""
