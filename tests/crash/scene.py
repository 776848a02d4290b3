"""A workspace in which a run has everything to do at once, and everything that a run leaves behind."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.flows.shop import DAY, EPOCH, INBOX, JONAS, Line, export, order
from tests.samples.shopify import COLUMNS

WMS, ERP = "data/outbox/wms/orders", "data/outbox/erp/orders"
TEA, BOWL, UNKNOWN = Line("TEA-ASSAM", "2"), Line("BOWL-OAK"), Line("TEA-EARLGREY")

GOOD = order(1001, TEA)
WAITING = order(1002, BOWL, status="pending")
WRONG = order(1003, UNKNOWN)
WORSE = order(1004, TEA, UNKNOWN)
TORN = b"#1005,short,row\n"
YESTERDAY = export(GOOD, WAITING, WRONG, WORSE, order(1006, TEA, to=JONAS), order(1007, TEA)).encode() + TORN
TODAY = export(
    GOOD,
    replace(WAITING, status="paid"),
    order(1006, BOWL, to=JONAS),
    order(1007, TEA, status="voided"),
    order(1004, TEA),
    order(2001, TEA, BOWL),
    order(2002, TEA),
    order(2003, Line("TEA-ASSAM", "two")),
    order(2004, BOWL, status="pending"),
    order(2005, TEA, status="refunded"),
    order(2006, TEA, to=None, bill=None),
    order(2007, BOWL, TEA, TEA),
).encode() + TORN.replace(b"1005", b"2008")
NAMELESS = export(GOOD, columns=[name for name in COLUMNS if name != "Lineitem quantity"]).encode()


def write(folder: Path) -> None:
    """Fill the inbox of a fresh workspace with yesterday's export; the WMS takes three orders a file."""
    flow = folder / "mappings/flows/orders.yaml"
    text = flow.read_text(encoding="utf-8")
    assert "documents_per_file: 500" in text
    flow.write_text(text.replace("documents_per_file: 500", "documents_per_file: 3"), encoding="utf-8")
    drop(folder, "yesterday.csv", YESTERDAY, 1)
    for unused in ("samples", "cron"):
        shutil.rmtree(folder / unused)


def prepare_today(folder: Path) -> None:
    """Fill the inbox, after yesterday was run, with everything that today brings."""
    [returned] = (folder / "data/rejects/orders").glob("yesterday*.csv")
    drop(folder, returned.name, corrected(returned.read_bytes()), 2)
    drop(folder, "today.csv", TODAY, 3)
    drop(folder, "again.csv", YESTERDAY, 4)
    drop(folder, "nameless.csv", NAMELESS, 5)


def corrected(rejects: bytes) -> bytes:
    """Return a reject file with the first order's SKU corrected and the second one's left as it is."""
    rows = list(csv.reader(io.StringIO(rejects.decode(), newline="")))
    sku = rows[0].index("Lineitem sku")
    for row in rows[1:]:
        if row[0] == "#1003":
            row[sku] = "TEA-MINT"
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(rows)
    return made.getvalue().encode()


def drop(folder: Path, name: str, content: bytes, day: int) -> None:
    """Put a file into the inbox, long settled."""
    path = folder / INBOX / name
    path.write_bytes(content)
    os.utime(path, (EPOCH + day * DAY,) * 2)


def copy(source: Path, target: Path) -> Path:
    """Copy a workspace with the times of its files; an earlier copy is replaced."""
    shutil.rmtree(target, ignore_errors=True)
    return shutil.copytree(source, target)


@dataclass(frozen=True)
class Left:
    """What the runs left behind; two of them are compared whole."""

    files: dict[str, bytes]
    """Everything that is visible or hidden in the outboxes, rejects, held rows, inbox and work folders."""
    archive: dict[str, bytes]
    """By name; the folder is the day of the claim."""
    ledger: dict[str, list[tuple[Any, ...]]]

    def differences(self, other: Left) -> list[str]:
        """Say in words where two of them differ."""
        found = [*_differ("file", self.files, other.files), *_differ("archive", self.archive, other.archive)]
        for table, rows in self.ledger.items():
            theirs = other.ledger[table]
            missing, extra = [row for row in rows if row not in theirs], [row for row in theirs if row not in rows]
            found += [f"{table}: missing {row}" for row in missing] + [f"{table}: extra {row}" for row in extra]
            if not missing and not extra and rows != theirs:
                found.append(f"{table}: other order or number of rows")
        return found


def left_in(workspace: Path, taken: Iterable[tuple[str, bytes]] = ()) -> Left:
    """Return what is left in a workspace; `taken` are files that a consumer carried away."""
    data = workspace / "data"
    kept = ("outbox", "rejects", "inbox", "state/held", "state/work")
    files = {
        str(path.relative_to(workspace)): path.read_bytes()
        for folder in kept
        for path in sorted((data / folder).rglob("*"))
        if path.is_file() and path.suffix != ".arrow"
    }
    archive = {path.name: path.read_bytes() for path in sorted((data / "archive").rglob("*")) if path.is_file()}
    return Left({**files, **dict(taken)}, archive, _ledger(data / "state/ledger.db"))


_QUERIES = {
    "claims": "SELECT id, flow, sha256, attempt, origin, endpoint, folder, name, size, mtime_ns, path, pick_up, "
    "channel, mapping, as_of, parent, source_then, state, seal, counts, notes, closed_at IS NOT NULL FROM claims "
    "ORDER BY seal",
    "documents": "SELECT c.id, d.position, d.number, disposition, content_hash, file_line, first_record, records, "
    "o.kind, o.channel, reason, action, o.as_of, outputs, sent FROM documents d JOIN claims c ON c.seq = d.claim "
    "JOIN outcomes o ON o.claim = d.claim AND o.number = d.outcome ORDER BY c.id, d.position",
    "sent": "SELECT c.id, b.number, hex(header), hex(lines) FROM sent_blocks b JOIN claims c ON c.seq = b.claim "
    "ORDER BY c.id, b.number",
    "artifacts": "SELECT c.id, number, kind, a.endpoint, a.folder, a.name, temporary, work_path, a.size, a.sha256, "
    "records, a.state, a.path, staged_at IS NOT NULL, delivered_at IS NOT NULL FROM artifacts a "
    "JOIN claims c ON c.seq = a.claim ORDER BY c.id, number",
    "rejects": "SELECT reject_id, c.id, r.flow, kind, r.channel, number, codes, file, file_line, r.as_of, r.state, "
    "closed_by, r.closed_at IS NOT NULL FROM rejects r JOIN claims c ON c.seq = r.claim ORDER BY reject_id",
    "problems": "SELECT c.id, position, code, severity, message, remedy, file_line, record, field, value, number, "
    "reject_id FROM problems p JOIN claims c ON c.seq = p.claim ORDER BY c.id, position",
    "problem_counts": "SELECT c.id, code, count FROM problem_counts p JOIN claims c ON c.seq = p.claim ORDER BY 1, 2",
    "facts": "SELECT id, version FROM facts",
    "sightings": "SELECT endpoint, folder, name, size, mtime_ns, sha256 FROM sightings ORDER BY 1, 2, 3",
    "integrity": "PRAGMA integrity_check",
    "orphans": "PRAGMA foreign_key_check",
}
"""Everything the ledger holds but times of work and numbers of runs."""


def _ledger(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    workspace = str(path.parents[2]).lstrip("/")
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: [
                # Held rows are released by way of an absolute path.
                tuple(value.replace(workspace, "...") if isinstance(value, str) else value for value in row)
                for row in connection.execute(query)
            ]
            for table, query in _QUERIES.items()
        }


def _differ(what: str, mine: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return (
        [f"{what} missing: {name}" for name in sorted(mine.keys() - other.keys())]
        + [f"{what} extra: {name}" for name in sorted(other.keys() - mine.keys())]
        + [f"{what} differs: {name}" for name in sorted(mine.keys() & other.keys()) if mine[name] != other[name]]
    )


class Consumer:
    """A target's own program: takes every file it can see out of the outboxes, at once and for good."""

    def __init__(self, workspace: Path, taken: Iterable[tuple[str, bytes]] = ()) -> None:
        self._workspace = workspace
        self.taken = list(taken)

    def take(self) -> None:
        """Carry away what is visible; hidden names are none of its business."""
        for folder in (WMS, ERP):
            for path in sorted((self._workspace / folder).glob("*")):
                if not path.name.startswith("."):
                    self.taken.append((f"{folder}/{path.name}", path.read_bytes()))
                    path.unlink()
