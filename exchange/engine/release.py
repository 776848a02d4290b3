"""Releases held documents by hand: their own rows become a batch of their own, linked to the claim that holds them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from exchange.engine.discover import Ready
from exchange.engine.house import House, pick_up_of
from exchange.engine.single import run_file
from exchange.kernel.atomic import write_synced
from exchange.kernel.claim_rows import UNDELIVERED, HeldDocument
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import Stop, TryLater
from exchange.kernel.layout import Layout
from exchange.kernel.model import BY_HAND, Artifact, Claim, FileReport, Origin, SourceFile
from exchange.kernel.naming import safe_name
from exchange.kernel.pipeline import Machine, machine_of


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of documents in the file of held rows of one claim, all of one age."""

    claim: Claim
    artifact: Artifact | None
    as_of: datetime
    numbers: tuple[str, ...]
    """Of the documents; for people."""
    rows: tuple[range, ...]
    """Ordinals of the records of each document in that file."""

    @property
    def named(self) -> str:
        """The documents, for people."""
        more = f" and {len(self.numbers) - 1} more" if len(self.numbers) > 1 else ""
        return self.numbers[0] + more


def release_document(house: House, held: HeldDocument) -> FileReport | None:
    """Send a held document on: through the same stages, with its own age, whatever the release rule says."""
    row = held.row
    rows = range(row.first_record, row.first_record + row.records)
    return release_rows(house, Kept(held.claim, held.artifact, row.as_of, (row.number,), (rows,)), Origin.RELEASE)


def release_rows(house: House, kept: Kept, origin: Origin) -> FileReport | None:
    """Take rows that were kept through the same stages again, with their own age."""
    artifact = kept.artifact
    if artifact is None:
        raise Stop(f"the ledger does not say where the rows of {kept.named} are kept; export the order again")
    file = house.root / "data/state/held" / artifact.folder / artifact.name
    if artifact.state in UNDELIVERED:
        raise TryLater(
            f"claim {kept.claim.id} that holds {kept.named} is not over yet; "
            f"`exchange run {house.flow.flow}` first, then release it"
        )
    if not file.exists():
        raise Stop(f"{file} is gone: {kept.named} cannot be released from it; export the order again")
    machine = machine_of(house.plan(pick_up_of(house.flow, kept.claim)))
    name = f"release-{safe_name(kept.numbers[0])}{machine.set_aside.suffix}"
    extract = house.work.incoming().with_name(name)
    extract.unlink(missing_ok=True)
    with _beside_others(file, extract.with_name(f"{extract.name}.kept")) as readable:
        layout = machine.reader.survey(readable).layout
        if layout is None:
            raise Stop(f"{file} cannot be read any more; export order {kept.named} again")
        write_synced(extract, machine.set_aside.held_rows(layout, _rows(machine, layout, kept)))
    crashpoint("release.extracted")
    os.utime(extract, ns=(round(kept.as_of.timestamp() * 10**6) * 1000,) * 2)
    found = extract.stat()
    source = SourceFile(
        BY_HAND,
        str(extract.parent.relative_to("/")),
        extract.name,
        found.st_size,
        found.st_mtime_ns,
        str(file.relative_to(house.root)),
    )
    try:
        return run_file(house, Ready(source, pick_up_of(house.flow, kept.claim)), origin, kept.claim.id)
    finally:
        extract.unlink(missing_ok=True)


@contextmanager
def _beside_others(kept: Path, folder: Path) -> Iterator[Path]:
    """Give a file another name in a folder of its own: a reader may put a normalised copy beside what it reads."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        readable = folder / kept.name
        try:
            os.link(kept, readable)
        except OSError:  # the disk is another one
            shutil.copyfile(kept, readable)
        yield readable
    finally:
        shutil.rmtree(folder)


def _rows(machine: Machine, layout: Layout, kept: Kept) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of the documents' rows in the file of held rows."""
    wanted = {record for rows in kept.rows for record in rows}
    for span in machine.reader.spans(layout):
        positions = machine.reader.parse(span, layout).positions
        for record, start, length in zip(
            positions.record.tolist(), positions.start.tolist(), positions.length.tolist(), strict=True
        ):
            if record in wanted:
                yield start, length
