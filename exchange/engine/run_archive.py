"""The way of an archive through the house: its members are sealed, staged and revealed like any other output.

They go to the product's own endpoint `.unpacked`, from where the same run takes them as files of the same pick-ups;
so every rule for crashes holds for them, and a half-unpacked archive is never seen.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from exchange.engine import report
from exchange.engine.archives import pick_up_of_member
from exchange.engine.house import House, pick_up_of
from exchange.engine.members import member_file
from exchange.engine.run import commit, deliver, refuse_whole
from exchange.engine.unpack import unpack
from exchange.kernel.atomic import write_synced
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.ledger import Sealing
from exchange.kernel.model import UNPACKED, Artifact, Claim, Counts, FileReport
from exchange.kernel.naming import temporary_name


def run_archive(house: House, claim: Claim) -> FileReport | None:
    """Unpack a claimed archive, or reject it whole."""
    started = time.monotonic()
    own = pick_up_of(house.flow, claim)
    files = _Members(house, claim, house.work.folder(claim.id))
    made = unpack(
        house.work.source(claim.id),
        claim.source.name,
        lambda member: pick_up_of_member(house.flow, claim.source, own, member) is not None,
        files.write,
    )
    if made.problem is not None:
        return refuse_whole(house, claim, made.problem)
    record = Sealing(
        claim=claim.id,
        version=house.ledger.documents.version(),
        at=house.now(),
        records=Counts(),
        documents=Counts(),
        artifacts=tuple(files.artifacts),
        notes=_notes(claim, made.taken, made.skipped),
    )
    if house.dry:
        return report.dry(claim, record, "dry run", time.monotonic() - started)
    commit(house, record)
    return deliver(house, claim, started)


@dataclass(slots=True)
class _Members:
    """The members of one archive as artifacts in its work folder."""

    house: House
    claim: Claim
    folder: Path
    artifacts: list[Artifact] = field(default_factory=list)

    def write(self, member: str, blocks: Iterable[bytes]) -> None:
        self.house.safe_point()
        number = len(self.artifacts) + 1
        path = self.folder / f"{number:05}.artifact"
        path.unlink(missing_ok=True)
        written = write_synced(path, blocks)
        crashpoint("unpack.written")
        name = member_file(self.claim.id, number, member)
        self.artifacts.append(
            Artifact(
                self.claim.id,
                number,
                "member",
                UNPACKED,
                self.claim.flow,
                name,
                temporary_name(name, self.claim.id),
                path.name,
                written.size,
                written.sha256,
                1,
            )
        )


def _notes(claim: Claim, taken: list[str], skipped: list[str]) -> tuple[str, ...]:
    """Say what came out; every member is either taken or named as left."""
    found = ", ".join(f"{claim.source.shown}/{member}" for member in taken)
    left = ", ".join(skipped)
    return (
        f"unpacked {found}",
        *((f"no pick-up of its folder wants {left}: left in the archive",) if left else ()),
    )
