"""Releases held documents by hand: their own rows become a batch of their own, linked to the claim that holds them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exchange.engine.discover import Ready
from exchange.engine.flow import run_file
from exchange.engine.house import BY_HAND, House, pick_up_of
from exchange.kernel.atomic import write_synced
from exchange.kernel.claim_rows import UNDELIVERED, HeldDocument
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import Stop, TryLater
from exchange.kernel.layout import Layout
from exchange.kernel.model import FileReport, Origin, SourceFile
from exchange.kernel.naming import safe_name
from exchange.kernel.pipeline import Machine, machine_of


def release_document(house: House, held: HeldDocument) -> FileReport | None:
    """Send a held document on: through the same stages, with its own age, whatever the release rule says."""
    artifact = held.artifact
    if artifact is None:
        raise Stop(f"the ledger does not say where the rows of {held.row.number} are kept; export the order again")
    kept = house.root / "data/state/held" / artifact.folder / artifact.name
    if artifact.state in UNDELIVERED:
        raise TryLater(
            f"claim {held.claim.id} that holds {held.row.number} is not over yet; "
            f"`exchange run {house.flow.flow}` first, then release it"
        )
    if not kept.exists():
        raise Stop(f"{kept} is gone: {held.row.number} cannot be released from it; export the order again")
    machine = machine_of(house.plan(pick_up_of(house.flow, held.claim)))
    extract = house.work.incoming().with_name(f"release-{safe_name(held.row.number)}{machine.set_aside.suffix}")
    extract.unlink(missing_ok=True)
    with _beside_others(kept, extract.with_name(f"{extract.name}.kept")) as readable:
        layout = machine.reader.survey(readable).layout
        if layout is None:
            raise Stop(f"{kept} cannot be read any more; export order {held.row.number} again")
        write_synced(extract, machine.set_aside.held_rows(layout, _rows(machine, layout, held)))
    crashpoint("release.extracted")
    seconds = held.row.as_of.timestamp()
    os.utime(extract, (seconds, seconds))
    found = extract.stat()
    source = SourceFile(
        BY_HAND, str(extract.parent.relative_to("/")), extract.name, found.st_size, found.st_mtime_ns, str(kept)
    )
    try:
        return run_file(house, Ready(source, pick_up_of(house.flow, held.claim)), Origin.RELEASE, held.claim.id)
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


def _rows(machine: Machine, layout: Layout, held: HeldDocument) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of the document's rows in the file of held rows."""
    wanted = range(held.row.first_record, held.row.first_record + held.row.records)
    for span in machine.reader.spans(layout):
        positions = machine.reader.parse(span, layout).positions
        for record, start, length in zip(
            positions.record.tolist(), positions.start.tolist(), positions.length.tolist(), strict=True
        ):
            if record in wanted:
                yield start, length
