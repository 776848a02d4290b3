"""What the tests of the ledger write into it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from exchange.kernel.document_rows import DocumentBlock, DocumentRow
from exchange.kernel.ledger import Sealing
from exchange.kernel.model import Artifact, Claim, ClaimState, Counts, Disposition, Origin, SourceFile
from exchange.kernel.naming import claim_id, reject_id
from exchange.kernel.reject_rows import RejectRow
from exchange.state.ledger import SqlLedger

URL = "sqlite:///data/state/ledger.db"
NOW = datetime(2026, 3, 4, 5, 6, 7, 891011, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """Return a moment some minutes after NOW."""
    return NOW + timedelta(minutes=minutes)


def ledger_file(workspace: Path) -> Path:
    """Return where the ledger of a workspace lies."""
    return workspace / "data" / "state" / "ledger.db"


def claim(content: str, *, flow: str = "orders", name: str = "day.csv", minutes: int = 0) -> Claim:
    """Return a claim of a file with this content."""
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    source = SourceFile("shopify", "orders", name, len(content), 1_772_600_767_891_011_213, f"data/inbox/{name}")
    return Claim(
        id=claim_id(flow, sha256, 1),
        flow=flow,
        sha256=sha256,
        attempt=1,
        origin=Origin.PICK_UP,
        source=source,
        pick_up=0,
        channel="shopify",
        mapping="shopify/orders",
        claimed_at=at(minutes),
        as_of=at(minutes),
    )


def taken(ledger: SqlLedger, content: str, *, flow: str = "orders", minutes: int = 0) -> Claim:
    """Take and return a new claim."""
    new = claim(content, flow=flow, minutes=minutes)
    ledger.claims.take(new, ledger.runs.start("run", NOW))
    return new


def document(
    number: str, disposition: Disposition = Disposition.OUT, *, minutes: int = 0, outputs: str = ""
) -> DocumentRow:
    """Return a document; one that is out counts as sent."""
    out = disposition is Disposition.OUT
    content = zlib.crc32(number.encode()) - 2**31
    return DocumentRow(
        number, disposition, "" if out else "pending", "new", content, 2, 0, 3, at(minutes), outputs, out
    )


def sealing(owner: Claim, version: int, *, minutes: int = 1, artifacts: Sequence[Artifact] = ()) -> Sealing:
    """Return a plain sealing of two documents."""
    records, documents = Counts(6, 3, 1, 1, 1), Counts(2, 1, 1)
    return Sealing(owner.id, version, at(minutes), records, documents, tuple(artifacts))


def sealed(
    ledger: SqlLedger, content: str, rows: Sequence[DocumentRow], *, flow: str = "orders", minutes: int = 0
) -> Claim:
    """Take, fill, seal and finish a claim."""
    owner = taken(ledger, content, flow=flow, minutes=minutes)
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of(rows))
    ledger.claims.seal(sealing(owner, ledger.documents.version(), minutes=minutes))
    ledger.claims.finish(owner.id, ClaimState.DONE, {}, at(minutes))
    return owner


def artifact(owner: Claim, number: int, kind: str = "output") -> Artifact:
    """Return an artifact of a claim."""
    name = f"ORD_{owner.id}_{number:03}.xml"
    return Artifact(
        claim=owner.id,
        number=number,
        kind=kind,
        endpoint="wms",
        folder="orders",
        name=name,
        temporary=f".{name}.{owner.id}",
        work_path=f"out/{number}",
        size=100 + number,
        sha256="ab" * 32,
        records=number,
    )


def reject(owner: Claim, number: int, document_number: str = "1001") -> RejectRow:
    """Return an open reject of a claim."""
    return RejectRow(
        reject_id=reject_id(owner.id, number),
        claim=owner.id,
        flow=owner.flow,
        kind="order",
        channel=owner.channel,
        number=document_number,
        codes=("NOT_AN_INTEGER", "LOOKUP_MISS"),
        file=f"data/rejects/orders/day.csv.{owner.id}.rejects.csv",
        file_line=17,
        opened_at=at(1),
        as_of=owner.as_of,
    )
