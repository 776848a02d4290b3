"""Takes rejected documents up again from the archived original, as a correction of what they were rejected for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence

from exchange.engine.discover import Ready
from exchange.engine.events import Failed
from exchange.engine.house import House, pick_up_of
from exchange.engine.retire import archive_path
from exchange.engine.single import run_file
from exchange.kernel.atomic import sha256_of, write_synced
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.exits import Exit
from exchange.kernel.layout import Layout
from exchange.kernel.model import BY_HAND, Claim, FileReport, Origin, SourceFile
from exchange.kernel.naming import safe_name
from exchange.kernel.pipeline import Machine, machine_of
from exchange.kernel.reject_rows import RejectRow

_CELLS = 7
"""Reject columns; only the first, the reject's id, says anything here."""


def unpark(house: House, claim: str, rejects: Sequence[RejectRow]) -> FileReport | Failed | None:
    """Run the rows of some rejects of one claim again, as if their reject file had come back unchanged.

    What cannot be cut out of the original (it is not in the archive any more, or the rows of a document do not stand
    together in it) is left for the reject file, and said.
    """
    original = house.ledger.claims.sealed(claim).claim
    archived = archive_path(house, original)
    if not archived.is_file() or sha256_of(archived).sha256 != original.sha256:
        return _left(house, original, "its original is not in the archive any more")
    machine = machine_of(house.plan(pick_up_of(house.flow, original)))
    place = house.work.incoming().with_name("unparked")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    readable = place / safe_name(original.source.shown)
    extract = place / f"unparked-{claim}{machine.set_aside.suffix}"
    readable.symlink_to(archived)
    try:
        layout = machine.reader.survey(readable).layout
        places = {} if layout is None else _places(house, original, machine, rejects)
        if layout is None or not places:
            return _left(house, original, "its rows cannot be cut out of the original")
        rows = list(_rows(machine, layout, places))
        if not rows:
            return _left(house, original, "the rows of its documents stand apart in the original")
        write_synced(extract, machine.set_aside.reject_rows(layout, rows))
        crashpoint("unpark.extracted")
        os.utime(extract, ns=(round(original.as_of.timestamp() * 10**6) * 1000,) * 2)
        found = extract.stat()
        source = SourceFile(
            BY_HAND, str(place.relative_to("/")), extract.name, found.st_size, found.st_mtime_ns, str(archived)
        )
        made = run_file(house, Ready(source, pick_up_of(house.flow, original)), Origin.PICK_UP, original.id)
        return made if isinstance(made, FileReport) else None
    finally:
        shutil.rmtree(place)


def _left(house: House, original: Claim, why: str) -> Failed:
    what = f"{why}: drop its reject file back into the inbox"
    return Failed(house.flow.flow, original.source.shown, Exit.FINE, what)


def _places(
    house: House, original: Claim, machine: Machine, rejects: Sequence[RejectRow]
) -> dict[int, tuple[str, int]]:
    """Return the first record of each document -> (its reject, how many records it has)."""
    made = {}
    for reject in rejects:
        for row in house.ledger.documents.trace(machine.kind, reject.number, reject.channel):
            if row.claim.id == original.id:
                made[row.row.first_record] = (reject.reject_id, row.row.records)
    return made


def _rows(
    machine: Machine, layout: Layout, places: dict[int, tuple[str, int]]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield (start, length, reject cells) of the rows of documents that stand together."""
    wanted = {first + offset: first for first, (_, records) in places.items() for offset in range(records)}
    found: dict[int, list[tuple[int, int]]] = {}
    keys: dict[int, set[str]] = {}
    for span in machine.reader.spans(layout):
        chunk = machine.reader.parse(span, layout)
        where, cells = chunk.positions, chunk.frame[machine.key_column].tolist()
        for at, record in enumerate(where.record.tolist()):
            if record in wanted:
                first = wanted[record]
                found.setdefault(first, []).append((int(where.start[at]), int(where.length[at])))
                keys.setdefault(first, set()).add(str(cells[at]).strip())
    for first, (identity, records) in places.items():
        if len(found.get(first, ())) == records and len(keys[first]) == 1:
            for start, length in found[first]:
                yield start, length, (identity, *[""] * (_CELLS - 1))
