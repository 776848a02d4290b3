"""Finds in ledger and archive what a delivered file is: its claim, its bytes as they were sent, and the originals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange.assemble.endpoints import DATA
from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_remake import Remade, Source
from exchange.config.models import Mapping
from exchange.engine.kept import sent
from exchange.engine.retire import archived
from exchange.kernel.atomic import sha256_of
from exchange.kernel.claim_rows import Delivery, SealedClaim
from exchange.kernel.document_rows import DocumentRow
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import Claim, Disposition
from exchange.kernel.plan import Plan
from exchange.state.work import ARCHIVE, WorkFolders


@dataclass(frozen=True, slots=True)
class Made:
    """A delivered file."""

    delivery: Delivery
    sealed: SealedClaim
    content: Path | None
    """Its bytes as they were sent; None where they are nowhere any more."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A partner's file that went into a delivered one."""

    claim: Claim
    path: Path
    teller: Claim
    """Whose documents they are: the claim itself, or one that released what it had held."""
    rows: tuple[DocumentRow, ...]
    """Its documents that did."""


def made_of(root: Path, ledger: Ledger, file: Path) -> Made:
    """Return what a delivered file is, by its bytes, else by its name; raises NotShown."""
    path = next((found for found in (file, root / file) if found.is_file()), None)
    digest = sha256_of(path).sha256 if path is not None else ""
    found = ledger.deliveries.made(digest, file.name)
    if not found:
        raise NotShown(f"no delivered file has the bytes or the name of {file}: say it as `exchange run` printed it")
    wanted = str(file if path is None else path)
    delivery = next((each for each in reversed(found) if each.path and wanted.endswith(each.path)), found[-1])
    artifact = delivery.artifact
    if artifact.kind != "output":
        raise NotShown(f"{file} is a file of kind {artifact.kind}, not an output: each of its records is the partner's")
    sealed = ledger.claims.sealed(artifact.claim)
    notes = [f"{len(found)} delivered files are like it; this is told of {delivery.id}"] if len(found) > 1 else []
    if path is not None and digest == artifact.sha256:
        return Made(delivery, sealed, path, tuple(notes))
    kept = sent(root / ARCHIVE, sealed.claim, artifact)
    whole = kept.is_file() and sha256_of(kept).sha256 == artifact.sha256
    gone = "is not there" if path is None else "was changed since it was delivered"
    notes.append(f"{file} {gone}: this is told of the bytes that were sent")
    return Made(delivery, sealed, kept if whole else None, tuple(notes))


def originals_of(root: Path, ledger: Ledger, made: Made) -> list[Original]:
    """Return the partner's files that went into a delivered one, in the order in which they did; raises NotShown."""
    claims = [made.sealed.claim, *(merged.claim for merged in ledger.claims.merged(made.sealed.claim.id))]
    return [_original(root, ledger, claim) for claim in claims]


def _original(root: Path, ledger: Ledger, claim: Claim) -> Original:
    rows = [row for row in ledger.documents.written(claim.id) if row.disposition is Disposition.OUT]
    whole = claim
    while whole.origin.of_held and whole.parent is not None:  # its rows were taken out of that file
        whole = ledger.claims.sealed(whole.parent).claim
    work = WorkFolders(root / DATA / "state" / "work", whole.flow).source(whole.id)
    path = next((place for place in (archived(root / ARCHIVE, whole), work) if place.is_file()), None)
    if path is None:
        raise NotShown(
            f"{whole.source.shown} (claim {whole.id}) is not in {ARCHIVE} any more, so nothing can be told of its cells"
        )
    if sha256_of(path).sha256 != whole.sha256:
        raise NotShown(f"{path} is not what was taken as claim {whole.id}: restore it from a backup")
    return Original(whole, path, claim, tuple(rows))


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an output file."""

    file: Path
    line: int
    column: str
    """A number, or a name where the format has names."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Work:
    """A delivered file, and the same made once more."""

    root: Path
    made: Made
    plan: Plan
    target: int
    again: Remade
    sources: Sequence[Source]
    file: Path
    """As it came out now."""

    @property
    def outbound(self) -> Mapping:
        """The mapping that wrote it."""
        mapping: Mapping = self.plan.sources.outbound[self.target].mapping
        return mapping

    def other(self, why: str) -> str:
        """Return why a place cannot be found again."""
        name = self.made.delivery.artifact.name
        return f"made once more by the configuration of today, {name} is another file: {why}"

    @property
    def content(self) -> Path:
        """The file as it was sent; raises NotShown where it neither lies anywhere nor comes out the same again."""
        found = self.file if self.exact else self.made.content
        if found is None:
            raise NotShown(self.other("and the bytes that were sent are not kept any more"))
        return found

    @property
    def exact(self) -> bool:
        """Whether it came out byte for byte as it was sent."""
        return self.again.artifact is not None and self.again.artifact.sha256 == self.made.delivery.artifact.sha256
